"""Odoo's own tests of payments, with the add-on installed: it must not break them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from . import database, odoo_log, shell
from .odoo_log import Record
from .odoo_server import Server, environment, free_port
from .results import FAILED, Result
from .settings import LOGS

NAME = "core_suites"
MODULES = ("payment", "payment_stripe", "account_payment")
_LOG = LOGS / f"{NAME}.log"
_COUNT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
# Odoo's suites have many more; fewer mean that they did not run.
_LEAST = 100


def run(template: str) -> tuple[list[Result], list[Record]]:
    """Run them in a copy of the database ``template``.

    What Odoo logs meanwhile is not judged: its tests provoke errors, and replace
    methods by mocks, of which it warns.
    """
    name = f"{database.PREFIX}_test_{NAME}"
    database.drop(name)
    database.copy(template, name)
    server = Server(name, free_port())
    tags = ",".join(f"/{module}" for module in MODULES)
    begin = time.monotonic()
    with _LOG.open("wb") as out:
        process = shell.spawn(
            server.command("--test-tags", tags), out=out, env=environment()
        )
    try:
        process.wait()
    finally:
        shell.stop(process)
        database.drop(name)
    records = odoo_log.records(_LOG.read_text(errors="replace"))
    return results(records, time.monotonic() - begin), []


def results(records: Iterable[Record], seconds: float) -> list[Result]:
    """Return a failed result per failed test, else one that counts them all."""
    failed = [
        Result(f"{NAME}: {record.text.partition(chr(10))[0]}", FAILED, 0.0, record.text)
        for record in records
        if odoo_log.is_failure(record)
    ]
    if failed:
        return failed
    counts = [
        int(found[3]) for record in records if (found := _COUNT.search(record.text))
    ]
    title = f"{NAME}: {sum(counts)} tests of {', '.join(MODULES)}"
    if sum(counts) < _LEAST:
        return [Result(title, FAILED, seconds, f"Too few ran; see {_LOG}.")]
    return [Result(title, seconds=seconds)]
