"""Unit tests without a database.

Run as ``python -m dev.unit_tests addon|dev OUTPUT``; it writes its results as JSON.
``addon`` is run by the Python that runs Odoo, ``dev`` by the one with the dev tools.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import unittest
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from . import odoo_server, progress, shell
from .provision import python
from .results import FAILED, PASSED, SKIPPED, Result
from .settings import DEV, LOGS, MODULE, ROOT, SetupError

_PACKAGES = {"addon": f"odoo.addons.{MODULE}.tests.unit", "dev": "dev.tests"}
_FOLDERS = {"addon": ROOT / "tests" / "unit", "dev": ROOT / "dev" / "tests"}


def run(kind: str) -> list[Result]:
    """Run the unit tests of ``kind`` in a process of their own."""
    progress.step(f"Unit tests ({kind})")
    target = DEV / f"unit-{kind}.json"
    target.unlink(missing_ok=True)
    runner = odoo_server.interpreter() if kind == "addon" else python.executable()
    command = [str(runner), "-m", "dev.unit_tests", kind, str(target)]
    variables = odoo_server.environment()
    try:
        log = LOGS / f"unit-{kind}.log"
        log.unlink(missing_ok=True)
        shell.run(command, cwd=ROOT, env=variables, log=log)
    except SetupError as error:
        return [Result(f"unit tests ({kind})", FAILED, 0.0, str(error))]
    return [Result(**values) for values in json.loads(target.read_text())]


class Collector(unittest.TestResult):
    """Collects one :class:`Result` per test; a failed subtest fails its test."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Result] = []

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Note when ``test`` begins."""
        super().startTest(test)
        self._begin = time.monotonic()
        self._seen = len(self.failures), len(self.errors), len(self.skipped)

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Add the result of ``test``."""
        failures, errors, skips = self._seen
        wrong = [*self.failures[failures:], *self.errors[errors:]]
        left_out = self.skipped[skips:]
        status = FAILED if wrong else SKIPPED if left_out else PASSED
        detail = "\n".join(text for _test, text in [*wrong, *left_out])
        if test in self.unexpectedSuccesses:
            status, detail = FAILED, "It was expected to fail but passed."
        seconds = time.monotonic() - self._begin
        self.results.append(Result(test.id(), status, seconds, detail))
        super().stopTest(test)


def collect(suite: unittest.TestSuite) -> list[Result]:
    """Run ``suite`` and return its results; trouble outside of a test fails, too."""
    collector = Collector()
    suite.run(collector)
    known = {result.name for result in collector.results}
    outside = [
        Result(test.id(), FAILED, 0.0, text)
        for test, text in collector.errors
        if test.id().partition(" (")[0] not in known and _is_holder(test)
    ]
    return collector.results + outside


def _is_holder(test: Any) -> bool:
    """Tell whether ``test`` stands for a failed setUpClass or setUpModule."""
    return not isinstance(test, unittest.TestCase)


def _bare_package(name: str, folder: Path) -> None:
    """Make ``name`` importable without running the add-on's own ``__init__``."""
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    parent, _dot, child = name.rpartition(".")
    setattr(importlib.import_module(parent), child, package)


def _main(kind: str, target: Path) -> None:
    if kind == "addon":
        # Its folders (tools, report ...) must not hide packages of that name.
        sys.path[:] = [path for path in sys.path if Path(path).resolve() != ROOT]
        _bare_package(f"odoo.addons.{MODULE}", ROOT)
        _bare_package(f"odoo.addons.{MODULE}.tests", ROOT / "tests")
    loader, results = unittest.defaultTestLoader, []
    for path in sorted(_FOLDERS[kind].glob("test_*.py")):
        suite = loader.loadTestsFromName(f"{_PACKAGES[kind]}.{path.stem}")
        empty = Result(str(path), FAILED, 0.0, "There is no test in this file.")
        results += collect(suite) or [empty]
    target.write_text(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
