"""The tests that need Odoo: spread over processes, each with a database of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import (
    core_suites,
    database,
    judge,
    mailbox,
    module_cycle,
    odoo_log,
    progress,
    shell,
    stripe_killed,
    stripe_load,
    stripe_standin,
    templates,
    test_groups,
    ticket_journey,
)
from .mailbox import Mailbox
from .odoo_log import Record, TestLog
from .odoo_server import Server, environment, free_port
from .provision import oca
from .results import FAILED, Result
from .settings import ADDONS, DEV, LOGS, MODULE
from .stripe_standin import Standin

_DURATIONS = DEV / "durations.json"
_PREFIX = f"{database.PREFIX}_test_"
_BESIDE = "beside"
# Modules that the add-on must live next to, and the tag of the tests that need them.
_BESIDE_MODULES = f"{oca.MODULES},website,auth_passkey_portal"
_BESIDE_TAG = "client_hub_beside"
# What is not a group of test files, with its seconds until they are measured.
_PROGRAMS = (core_suites, stripe_killed, stripe_load, ticket_journey)
_APART = {
    module_cycle.NAME: 60.0,
    _BESIDE: 60.0,
    **dict.fromkeys((program.NAME for program in _PROGRAMS), 50.0),
}
_Outcome = tuple[list[Result], list[Record]]


def run() -> list[Result]:
    """Run the module cycle and all Odoo tests, and judge everything Odoo logged."""
    for left_over in database.names(_PREFIX):
        database.drop(left_over)
    template = templates.addon()
    durations = json.loads(_DURATIONS.read_text()) if _DURATIONS.exists() else {}
    weights = test_groups.weigh(test_groups.files(), durations)
    weights |= {name: durations.get(name, guess) for name, guess in _APART.items()}
    weights = {name: weights[name] for name in test_groups.wanted(list(weights))}
    groups = test_groups.spread(weights, workers())
    progress.step(f"Odoo tests: {len(weights)} groups in {len(groups)} processes")
    with shell.threads(len(groups)) as pool:
        outcomes = list(pool.map(_Group(template).run, groups, range(len(groups))))
    results = [result for found, _records in outcomes for result in found]
    _DURATIONS.write_text(json.dumps(durations | _seconds_by_file(results)))
    install = odoo_log.records(templates.install_log(template).read_text())
    logged = [record for _results, found in outcomes for record in found]
    return results + judged([*install, *logged])


def run_files(stems: Sequence[str]) -> list[Result]:
    """Run these test files alone, and judge everything Odoo logged."""
    template = templates.addon()
    results, records = _Group(template).run(list(stems), 0)
    return results + judged(records)


def workers() -> int:
    """Return how many test processes run at once."""
    return max(2, os.cpu_count() or 2)


def judged(log: Sequence[Record]) -> list[Result]:
    """Return one passed result for a clean log, else a failed one per finding."""
    name = "Odoo's log names no warning about the add-on"
    found = [Result(name, FAILED, 0.0, text) for text in judge.findings(log)]
    return found or [Result(name)]


def outcome(tests: TestLog, expected: set[str], code: int, log: Path) -> list[Result]:
    """Return the results of one Odoo process which ended with exit ``code``."""
    results = tests.results(expected)
    if code and not any(result.status == FAILED for result in results):
        detail = f"Exit code {code}; the end of {log}:\n{shell.log_tail(log)}"
        results.append(Result(f"Odoo process of {log.stem}", FAILED, 0.0, detail))
    return results


class _Group:
    """Runs groups of test files in copies of one template."""

    def __init__(self, template: str) -> None:
        self._template = template

    def run(self, items: list[str], number: int) -> _Outcome:
        """Run the test files ``items``, the module cycle being one of them."""
        results: list[Result] = []
        log: list[Record] = []
        for found, records in self._outcomes(items, number):
            results += found
            log += records
        return results, log

    def _outcomes(self, items: list[str], number: int) -> list[_Outcome]:
        stems = [item for item in items if item not in _APART]
        outcomes = [self._run_files(stems, f"{_PREFIX}{number}")] if stems else []
        if module_cycle.NAME in items:
            outcomes.append(module_cycle.run(templates.core()))
        if _BESIDE in items:
            outcomes.append(self._run_beside())
        for program in _PROGRAMS:
            if program.NAME in items:
                outcomes.append(program.run(self._template))
        return outcomes

    def _run_beside(self) -> _Outcome:
        """Run the tests that need other modules installed beside the add-on."""
        name = f"{_PREFIX}{_BESIDE}"
        database.copy(self._template, name)
        server = Server(name, addons=(ADDONS, oca.ensure()))
        server.batch(LOGS / f"{_BESIDE}.log", "-i", _BESIDE_MODULES)
        apart = (test_groups.expected(path, True) for path in test_groups.files())
        return run_tagged(server, _BESIDE_TAG, set().union(*apart))

    def _run_files(self, stems: list[str], name: str) -> _Outcome:
        database.copy(self._template, name)
        paths = [path for path in test_groups.files() if path.stem in stems]
        expected = set().union(*map(test_groups.expected, paths))
        tags = ",".join(f"/{MODULE}/tests/{stem}.py" for stem in stems)
        return run_tagged(Server(name), tags, expected)


def run_tagged(server: Server, tags: str, expected: set[str]) -> _Outcome:
    """Run the tests that ``tags`` select, then drop the database.

    They have a mailbox and a stand-in for Stripe.

    :param expected: names of the tests that have to run
    """
    name = server.database
    log = LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    mails = DEV / "test-mail" / name
    shutil.rmtree(mails, ignore_errors=True)
    payments = DEV / "test-stripe" / name
    shutil.rmtree(payments, ignore_errors=True)
    with mailbox.running(mails) as box, stripe_standin.running(payments) as standin:
        code = _run_odoo(server, tags, box, standin, log)
    database.drop(name)
    records = odoo_log.records(log.read_text(errors="replace"))
    return outcome(odoo_log.read_tests(records), expected, code, log), records


def _run_odoo(
    server: Server, tags: str, box: Mailbox, standin: Standin, log: Path
) -> int:
    """Run the tests that ``tags`` select; return the exit code."""
    server = replace(
        server,
        http_port=free_port(),
        smtp_port=box.smtp,
        stripe_port=standin.port,
    )
    command = server.command("--test-tags", tags)
    # At this level each test's seconds are logged.
    command += ["--log-handler", "odoo.tests.stats:DEBUG"]
    variables = environment(
        CLIENT_HUB_MAIL_DIR=str(box.folder),
        CLIENT_HUB_SMTP_PORT=str(box.smtp),
        CLIENT_HUB_STRIPE_URL=standin.url,
    )
    with log.open("wb") as out:
        process = shell.spawn(command, out=out, env=variables)
    try:
        return process.wait()
    finally:
        shell.stop(process)


def _seconds_by_file(results: Sequence[Result]) -> dict[str, float]:
    """Return the seconds per test file, and those of the module cycle."""
    seconds: dict[str, float] = {}
    for result in results:
        name = result.name.replace(":", ".").partition(".")[0]
        seconds[name] = round(seconds.get(name, 0.0) + result.seconds, 2)
    return seconds
