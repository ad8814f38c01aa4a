"""A server with worker processes for ``make bench``; started from inside Odoo."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple
from urllib.parse import urlencode

from odoo import http
from odoo.service import security

from . import shell
from .odoo_server import Server, environment
from .settings import LOGS, SetupError

_HOST = "127.0.0.1"
_START_SECONDS = 60
_CHUNK = 1 << 16
WAIT_SECONDS = 50


class Answer(NamedTuple):
    """What a request brought.

    :param first: milliseconds until the first byte of the answer
    :param total: milliseconds until the last one
    :param body: the bytes themselves, if they were to be kept, else of no length
    :param size: how many bytes came
    """

    status: int
    first: float
    total: float
    body: bytes
    size: int


def _ask(
    connection: HTTPConnection,
    path: str,
    sid: str,
    form: list[tuple[str, Any]] | None,
) -> None:
    headers = {"Cookie": f"session_id={sid}"}
    if form is None:
        connection.request("GET", path, headers=headers)
        return
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST", path, urlencode(form), headers)


class Running(NamedTuple):
    """A server that answers, and the process that all its workers descend from."""

    port: int
    pid: int

    def fetch(
        self,
        path: str,
        sid: str,
        form: list[tuple[str, Any]] | None = None,
        keep: bool = False,
        halfway: Barrier | None = None,
    ) -> Answer:
        """Open an address in a session, over a connection of its own.

        :param form: what to post; None for a GET
        :param halfway: where the reader waits twice when it has half of the body: for
            all others to be there, and for being told to go on
        """
        connection = HTTPConnection(_HOST, self.port, timeout=120)
        begin = time.perf_counter()
        _ask(connection, path, sid, form)
        response = connection.getresponse()
        first = time.perf_counter() - begin
        kept, size = [], 0
        while chunk := response.read(_CHUNK):
            size += len(chunk)
            if keep:
                kept.append(chunk)
            if halfway and size > int(response.headers["Content-Length"]) / 2:
                halfway.wait(WAIT_SECONDS)
                halfway.wait(WAIT_SECONDS)
                halfway = None
        total = time.perf_counter() - begin
        connection.close()
        body = b"".join(kept) if keep else b""
        return Answer(response.status, first * 1000, total * 1000, body, size)

    def peaks(self) -> dict[int, float]:
        """Return the megabytes each worker used at most since :meth:`forget_peaks`."""
        return {pid: _memory(pid, "VmHWM") for pid in self._workers()}

    def forget_peaks(self) -> dict[int, float]:
        """Begin anew to watch for peaks; return the megabytes in use now."""
        for pid in self._workers():
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return {pid: _memory(pid, "VmRSS") for pid in self._workers()}

    def _workers(self) -> list[int]:
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in path.read_text().split()]


@contextmanager
def running(env: Any, workers: int) -> Iterator[Running]:
    """Have a server with ``workers`` processes on the database of ``env``."""
    port, other = _free_ports()
    server = Server(env.cr.dbname, port)
    options = {"workers": workers, "max-cron-threads": 0, "gevent-port": other}
    command = server.command(*(f"--{key}={value}" for key, value in options.items()))
    with (LOGS / "bench_server.log").open("ab") as out:
        process = shell.spawn(command, out=out, env=environment())
    try:
        _wait(port)
        yield Running(port, process.pid)
    finally:
        shell.stop(process)


def sign_in(env: Any, user: Any) -> str:
    """Return the number of a session in which the user has signed in."""
    session = http.root.session_store.new()
    session.update(http.get_default_session(), db=env.cr.dbname)
    context = {"lang": "en_US", "uid": user.id}
    session.update(uid=user.id, login=user.login, context=context)
    session.session_token = security.compute_session_token(session, env(user=user.id))
    http.root.session_store.save(session)
    return session.sid


def _wait(port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://{_HOST}:{port}/web/health").close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SetupError("The server of the bench did not start.")


def _free_ports() -> list[int]:
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind((_HOST, 0))
        return [probe.getsockname()[1] for probe in (one, other)]


def _memory(pid: int, key: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / 1024
    return 0.0
