"""A server that is killed while it prepares an archive: what is rendered stays so."""

from __future__ import annotations

import os
import signal
import tempfile
import time

from . import database, odoo_server, shell
from .odoo_server import Server
from .settings import LOGS, SetupError

_LOG = LOGS / "killed_archive.log"
_DOCUMENTS = 45
_SECONDS = 120
_REQUEST = f"""
user = env.ref("base.demo_user0")
product = env["product.product"].search([("sale_ok", "=", True)], limit=1)
line = (0, 0, {{"product_id": product.id, "price_unit": 100}})
moves = env["account.move"].create([
    {{"move_type": "out_invoice", "partner_id": user.partner_id.id,
      "invoice_line_ids": [line]}} for _number in range({_DOCUMENTS})])
moves.action_post()
archives = env["client.hub.invoice.archive"].with_user(user)
archive = archives._request(moves.with_user(user), "Killed")
assert archive.state == "waiting", archive.state
env.cr.commit()
"""
# Two at a time, whatever the machine.
_RENDER = """
env["ir.config_parameter"].set_param("client_hub.archive_processes", 2)
env["client.hub.invoice.archive.line"]._cron_render()
"""
_FILES = """
SELECT id, store_fname FROM ir_attachment
 WHERE res_model = 'client.hub.invoice.archive.line' ORDER BY id
"""
_DONE = "SELECT count(*) FROM client_hub_invoice_archive_line WHERE state = 'done'"
_STATE = "SELECT state FROM client_hub_invoice_archive"


def check(name: str) -> str:
    """Kill the preparing of an archive in a copy of the database ``name``; resume it.

    :return: what is wrong, if anything, for :mod:`dev.module_cycle`
    :raises SetupError: if anything cannot be run
    """
    copy = f"{name}_killed"
    database.drop(copy)
    database.copy(name, copy)
    _LOG.unlink(missing_ok=True)
    try:
        Server(copy).script(_LOG, _REQUEST)
        _kill_while_rendering(copy)
        before = database.query(copy, _FILES)
        if not 0 < len(before) < _DOCUMENTS:
            return f"{len(before)} PDFs of {_DOCUMENTS} when it was killed."
        if database.query(copy, _STATE) != [["waiting"]]:
            return "The archive of a killed server does not wait."
        Server(copy).script(_LOG, _RENDER)
        return _compare(copy, before)
    finally:
        database.drop(copy)


def _kill_while_rendering(name: str) -> None:
    """Render, and kill the process and all it has started after the first run.

    :raises SetupError: if that takes too long
    """
    config = ["-c", str(Server(name).write_config()), "-d", name, "--no-http"]
    command = [*odoo_server.launcher(), "shell", *config]
    with _LOG.open("ab") as out, tempfile.TemporaryFile() as source:
        source.write(_RENDER.encode())
        source.seek(0)
        process = shell.spawn(
            command, out=out, env=odoo_server.environment(), source=source
        )
        try:
            _wait_for_run(name)
            os.killpg(process.pid, signal.SIGKILL)
        finally:
            shell.stop(process)


def _wait_for_run(name: str) -> None:
    end = time.monotonic() + _SECONDS
    while database.query(name, _DONE) == [["0"]]:
        if time.monotonic() > end:
            raise SetupError(f"Nothing was rendered; see {_LOG}.")
        time.sleep(0.1)


def _compare(name: str, before: list[list[str]]) -> str:
    after = database.query(name, _FILES)
    if after[: len(before)] != before:
        return "What was rendered before the kill was rendered again."
    if len(after) != _DOCUMENTS or len({file for _id, file in after}) != _DOCUMENTS:
        return f"{len(after)} PDFs for {_DOCUMENTS} documents."
    if database.query(name, _STATE) != [["ready"]]:
        return "The archive that was resumed is not ready."
    return ""
