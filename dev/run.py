"""``make run``: from a bare machine to a running, seeded Odoo."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from . import (
    database,
    demo_link,
    demo_payment,
    locks,
    mailbox,
    progress,
    provision,
    shell,
    shipped,
    stamps,
    templates,
)
from .mailbox import Mailbox
from .odoo_server import Server, check_own, environment
from .settings import LOGS, MAIL, MODULE, SetupError, db_name, env, wanted_port
from .stripe_standin import Standin

_DEFAULT_PORT = 8069
_START_SECONDS = 300
_LOG = LOGS / "odoo.log"


def main() -> None:
    """Provision, start everything, and wait until the user ends it.

    :raises SetupError: if something does not start, or Odoo ends by itself
    """
    with _only_one() as note:
        _port()  # a port in use is better known before the long steps
        provision.ensure()
        check_own()
        with database.server():
            _prepare_database()
            port = _port()
            with (
                mailbox.running(MAIL) as box,
                demo_payment.account(db_name(), _url(port)) as standin,
            ):
                _serve(port, box, standin, note)


def _serve(port: int, box: Mailbox, standin: Standin | None, note: IO[str]) -> None:
    """Run Odoo until it or the user ends it.

    :raises SetupError: in the first case
    """
    progress.step("Starting Odoo")
    _set_parameter("web.base.url", _url(port))
    _set_parameter("web.base.url.freeze", "True")
    link = demo_link.make(db_name())
    server = Server(db_name(), port, box.smtp, standin.port if standin else 0)
    with _LOG.open("ab") as out:
        process = shell.spawn(server.command(), out=out, env=environment())
    try:
        _wait_until_healthy(process, port)
        locks.write_note(note, _url(port))
        print(_announcement(port, box, standin, link), flush=True)
        code = process.wait()
    finally:
        shell.stop(process)
    raise SetupError(f"Odoo ended with exit code {code}; see {_LOG}.")


@contextmanager
def _only_one() -> Iterator[IO[str]]:
    lock = locks.try_hold("run")
    if not lock:
        where = locks.read_note("run") or "not ready yet"
        raise SetupError(f"This checkout is already running ({where}). Stop it first.")
    with lock:
        yield lock


def _port() -> int:
    wanted = wanted_port()
    if wanted:
        if not _is_free(wanted):
            raise SetupError(
                f"PORT={wanted} is in use by another program. "
                "Stop that program, or choose another PORT."
            )
        return wanted
    return next(port for port in range(_DEFAULT_PORT, 65536) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Otherwise the just closed connections of an earlier run would count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((mailbox.HOST, port))
        except OSError:
            return False
    return True


def _prepare_database() -> None:
    """Make the database, or upgrade the add-on in it if its files changed."""
    name, stamp = db_name(), f"run-{db_name()}"
    shipped.link_addon()
    key = shipped.fingerprint()
    if not database.exists(name):
        _create(name)
    elif not stamps.is_fresh(stamp, key):
        progress.step(f"Upgrading {MODULE}")
        log = LOGS / "upgrade.log"
        log.unlink(missing_ok=True)
        # "-i" for a database of one's own, which may lack the add-on.
        Server(name).batch(log, "-i", MODULE, "-u", MODULE)
    stamps.write(stamp, key)


def _create(name: str) -> None:
    template = templates.addon()
    progress.step(f"Creating the database {name}")
    database.copy(template, name)
    # What is bound to this value must not work in other copies of the template.
    database.query(
        name,
        "UPDATE ir_config_parameter SET value = gen_random_uuid()"
        " WHERE key IN ('database.uuid', 'database.secret')",
    )


def _set_parameter(key: str, value: str) -> None:
    database.query(
        db_name(),
        f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{value}')"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )


def _wait_until_healthy(process: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SetupError(f"Odoo did not start:\n{shell.log_tail(_LOG)}")
        try:
            urllib.request.urlopen(f"{_url(port)}/web/health", timeout=10).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SetupError(f"Odoo did not answer within {_START_SECONDS} s; see {_LOG}.")


def _url(port: int) -> str:
    return f"http://{mailbox.HOST}:{port}"


def _announcement(port: int, box: Mailbox, standin: Standin | None, link: str) -> str:
    psql = f"psql -h {env('PGHOST', 'localhost')} -U {env('PGUSER')} {db_name()}"
    return f"""Client Hub is ready: {_url(port)}
  Logins     admin/admin (administrator), demo/demo (employee), portal/portal (client)
  Magic link {link or "none: no invoice of a client with an e-mail address"}
  Mailbox    {_url(box.http)} (every mail sent; files in {box.folder})
  Payments   {demo_payment.announcement(standin)}
  Database   {db_name()}; {psql}
  Log        {_LOG}
  Ctrl-C stops everything."""
