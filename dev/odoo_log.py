"""Reading Odoo's log: its records, and the test outcomes among them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .results import FAILED, PASSED, SKIPPED, Result
from .settings import MODULE

_HEAD = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): "
    r"(?P<text>.*)"
)
_TESTS = f"odoo.addons.{MODULE}.tests."
_STARTED = re.compile(r"Starting (\S+) \.\.\.")
_SKIP = re.compile(r"skipped (.+?) : (.*)", re.DOTALL)
_FAILURE = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?(\w+\.\w+|\w+ \([\w.]+\))")
_STATISTIC = re.compile(rf"\s*{MODULE}\.(\S+): ([\d.]+)s \d+ queries")
_CLASS_LEVEL = re.compile(r"(setUpClass|tearDownClass) \((.+)\)")


@dataclass(frozen=True)
class Record:
    """One log record.

    :param level: such as ``WARNING``
    :param logger: name of the logger
    :param text: message, with all of its lines
    """

    level: str
    logger: str
    text: str


@dataclass
class TestLog:
    """What a log tells about tests; a test's name is ``test_file.Class.method``."""

    started: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    skips: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def results(self, expected: Iterable[str]) -> list[Result]:
        """Return a result per test of this log, and per expected one it lacks."""
        names = [*self.started, *(self.failures.keys() - set(self.started))]
        missing = sorted(set(expected) - set(self.started))
        return [
            *(self._result(name) for name in names),
            *(found for name in missing for found in self._not_run(name)),
        ]

    def _result(self, name: str) -> Result:
        detail = self.failures.get(name) or self.skips.get(name, "")
        failed, skipped = name in self.failures, name in self.skips
        status = FAILED if failed else SKIPPED if skipped else PASSED
        return Result(name, status, self.seconds.get(name, 0.0), detail)

    def _not_run(self, name: str) -> list[Result]:
        setup = f"{name.rpartition('.')[0]}.setUpClass"
        if setup in self.failures:
            return []  # reported once, as the failure of setUpClass
        if setup in self.skips:
            return [Result(name, SKIPPED, 0.0, self.skips[setup])]
        reason = (
            "This test was found but did not run. Is its file imported in "
            "tests/__init__.py, its class tagged ('post_install', '-at_install')?"
        )
        return [Result(name, FAILED, 0.0, reason)]


def records(text: str) -> list[Record]:
    """Return the records of a log; lines without a head belong to the one before."""
    found: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head:
            found.append((head["level"], head["logger"], [head["text"]]))
        elif found:
            found[-1][2].append(line)
    return [Record(level, logger, "\n".join(lines)) for level, logger, lines in found]


def read_tests(log: Iterable[Record]) -> TestLog:
    """Return what the records in ``log`` tell about the add-on's tests."""
    tests = TestLog()
    for record in log:
        if is_failure(record):
            name = _full_name(record, _FAILURE.match(record.text)[1])
            detail = tests.failures.get(name, "")
            tests.failures[name] = f"{detail}{record.text}\n"
        elif started := _STARTED.match(record.text):
            if record.logger.startswith(_TESTS):
                tests.started.append(_full_name(record, started[1]))
        elif skipped := _SKIP.match(record.text):
            tests.skips[_full_name(record, skipped[1])] = skipped[2]
        elif record.logger == "odoo.tests.stats":
            found = _STATISTIC.findall(record.text)
            tests.seconds.update((name, float(seconds)) for name, seconds in found)
    return tests


def is_failure(record: Record) -> bool:
    """Tell whether ``record`` reports a failed test."""
    return record.level == "ERROR" and bool(_FAILURE.match(record.text))


def _full_name(record: Record, name: str) -> str:
    if at_class := _CLASS_LEVEL.match(name):
        return f"{at_class[2].removeprefix(_TESTS)}.{at_class[1]}"
    return f"{record.logger.removeprefix(_TESTS)}.{name}"
