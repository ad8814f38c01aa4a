"""A server with two workers and clients that read slowly: others are answered."""

from __future__ import annotations

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from . import database
from .odoo_server import Server
from .settings import LOGS, ROOT, SetupError

_LOG = LOGS / "slow_download.log"
_CALL = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from dev import slow_download
slow_download.run(env)
"""
_CLIENTS = 3
# Half of it is more than the buffers of a connection take.
_BYTES = 48_000_000
_PAGES = 3
_SECONDS = 50


def check(name: str) -> str:
    """Download slowly from a server on a copy of the database ``name``.

    :return: what is wrong, if anything, for :mod:`dev.module_cycle`
    """
    copy = f"{name}_slow"
    database.drop(copy)
    database.copy(name, copy)
    _LOG.unlink(missing_ok=True)
    try:
        Server(copy).script(_LOG, _CALL)
    except SetupError as error:
        return str(error)
    finally:
        database.drop(copy)
    return ""


def run(env: Any) -> None:
    """Download as more clients than there are workers; runs inside Odoo.

    :raises AssertionError: if a page had to wait, or a file is not what was stored
    """
    from .bench_server import running, sign_in  # Odoo is there only here

    user = env.ref("base.demo_user0")
    content = b"%PDF-1.4 " + os.urandom(_BYTES)
    path = f"/my/invoices/archives/{_make_archive(env, user, content)}/download"
    sid = sign_in(env, user)
    with running(env, workers=2) as server, ThreadPoolExecutor(_CLIENTS) as pool:
        halfway = Barrier(_CLIENTS + 1)
        downloads = [
            pool.submit(server.fetch, path, sid, keep=True, halfway=halfway)
            for _number in range(_CLIENTS)
        ]
        halfway.wait(_SECONDS)
        pages = [server.fetch("/my/invoices", sid) for _number in range(_PAGES)]
        assert all(page.status == 200 for page in pages), pages
        refused = server.fetch(path, sid)
        assert refused.status == 422, "there is a place for one more download"
        halfway.wait(_SECONDS)
        for download in downloads:
            answer = download.result()
            assert content in answer.body, (answer.status, answer.size)
        assert server.fetch(path, sid).status == 200, "the places are not free again"


def _make_archive(env: Any, user: Any, content: bytes) -> int:
    """Return the number of an archive of one document, whose PDF is ``content``."""
    line = (0, 0, {"name": "Work", "price_unit": 100.0})
    vals = {"move_type": "out_invoice", "partner_id": user.partner_id.id}
    move = env["account.move"].create({**vals, "invoice_line_ids": [line]})
    move.action_post()
    move.invoice_pdf_report_file = base64.b64encode(content)
    archives = env["client.hub.invoice.archive"].with_user(user)
    archive = archives._request(move.with_user(user), "Slow")
    env.cr.commit()
    return archive.id
