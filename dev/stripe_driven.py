"""A real Odoo with workers, and the stand-in for Stripe that sends it events."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import database, mailbox, shell, stripe_books, stripe_standin
from .odoo_server import Server, environment, free_port
from .settings import ADDONS, DEV, ROOT, SetupError
from .stripe_standin import SECRET_KEY, WEBHOOK_SECRET, client

#: the version that Odoo's own add-on for Stripe speaks
API_VERSION = "2019-05-16"
_ROUTE = "/payment/stripe/webhook"
_START_SECONDS = 120
# Run in Odoo's shell, which does not know this package.
_CALL = """
import sys
sys.path.insert(0, {root!r})
from dev import stripe_books
stripe_books.{call}
"""


@dataclass
class Driven:
    """An Odoo that is started and stopped at will, and what plays Stripe for it.

    :param play: the tests' client of the stand-in
    """

    server: Server
    log: Path
    play: Any

    def prepare(self, count: int) -> dict[str, int]:
        """Make ``count`` pages of Stripe to pay on; return session and transaction."""
        return self._call(f"prepare(env, {count}, {{target!r}})")

    def prepare_intents(self, count: int) -> list[int]:
        """Make ``count`` payments by Odoo's own form, paid; return the transactions."""
        made = self._call(f"prepare_intents(env, {count}, {{target!r}})")
        stripe_books.pay(self.play, made)
        return [one["id"] for one in made]

    def report(self, numbers: Iterable[int]) -> dict[str, Any]:
        """Return what the books say; see :func:`.stripe_books.report`."""
        return self._call(f"report(env, {list(numbers)}, {{target!r}})")

    def _call(self, call: str) -> Any:
        target = self.log.with_suffix(".json")
        target.unlink(missing_ok=True)
        code = _CALL.format(root=str(ROOT), call=call.format(target=str(target)))
        self.server.script(self.log, code)
        return json.loads(target.read_text())

    @contextmanager
    def served(self, *more: str, workers: int = 0, **variables: str) -> Iterator[str]:
        """Have Odoo running with ``workers``; yield its URL.

        :param more: arguments of Odoo
        :param variables: of its environment
        :raises SetupError: if it does not start
        """
        url = f"http://127.0.0.1:{self.server.http_port}"
        arguments = [f"--workers={workers}", "--max-cron-threads=0", *more]
        arguments += ["--gevent-port", str(free_port())]
        with self.log.open("ab") as out:
            process = shell.spawn(
                self.server.command(*arguments), out=out, env=environment(**variables)
            )
        try:
            wait_until_healthy(process, url, self.log)
            yield url
        finally:
            shell.stop(process)


@contextmanager
def driven(
    template: str, name: str, log: Path, addons: tuple[Path, ...] = ()
) -> Iterator[Driven]:
    """Have a copy ``name`` of the database ``template``, which is dropped afterwards.

    :param log: where Odoo logs
    :param addons: folders of add-ons that are needed beside the usual ones
    """
    database.drop(name)
    database.copy(template, name)
    folder = DEV / "test-stripe" / name
    try:
        with (
            mailbox.running(folder / "mail") as box,
            stripe_standin.running(folder) as standin,
        ):
            server = Server(
                name, free_port(), box.smtp, standin.port, (ADDONS, *addons)
            )
            play = client.connect(standin.url, key=SECRET_KEY)
            play.webhook_secret = WEBHOOK_SECRET
            url = f"http://127.0.0.1:{server.http_port}{_ROUTE}"
            play.listen(url, version=API_VERSION)
            yield Driven(server, log, play)
    finally:
        database.drop(name)


def wait_until_healthy(process: subprocess.Popen, url: str, log: Path) -> None:
    """Wait until the Odoo at ``url`` answers.

    :raises SetupError: if it ends, or takes too long
    """
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SetupError(f"Odoo did not start:\n{shell.log_tail(log)}")
        try:
            urllib.request.urlopen(f"{url}/web/health", timeout=10).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SetupError(f"Odoo did not answer within {_START_SECONDS} s; see {log}.")
