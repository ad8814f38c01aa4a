"""``make test``: everything that has to pass, on a bare machine as well."""

from __future__ import annotations

import sys
import time

from . import (
    database,
    locks,
    odoo_server,
    odoo_tests,
    progress,
    provision,
    results,
    shell,
    unit_tests,
)
from .results import FAILED, Result
from .settings import LOGS, ROOT, SetupError, env


def main() -> int:
    """Run all checks, print the report, and return the exit code."""
    lock = locks.try_hold("test")
    if not lock:
        raise SetupError("make test is already running in this checkout.")
    with lock:
        provision.ensure(for_tests=True)
        odoo_server.check_own()
        with database.server(), shell.threads(1) as beside:
            # Meanwhile the templates are made, which takes one processor only.
            quick = beside.submit(_without_database)
            odoo = _odoo_tests()
            found = quick.result() + odoo
    print(results.report(found), flush=True)
    return results.exit_code(found)


def _without_database() -> list[Result]:
    if env("TESTS"):
        return []
    return [_lint(), *unit_tests.run("addon"), *unit_tests.run("dev")]


def _lint() -> Result:
    progress.step("Lint")
    begin, log = time.monotonic(), LOGS / "lint.log"
    log.unlink(missing_ok=True)
    try:
        shell.run([sys.executable, "-m", "dev", "lint"], cwd=ROOT, log=log)
    except SetupError:
        text = log.read_text(errors="replace")
        return Result("lint", FAILED, time.monotonic() - begin, text)
    return Result("lint", seconds=time.monotonic() - begin)


def _odoo_tests() -> list[Result]:
    try:
        return odoo_tests.run()
    except SetupError as error:
        # An add-on that cannot be installed is a failure like any other.
        return [Result("installing the add-on", FAILED, 0.0, str(error))]
