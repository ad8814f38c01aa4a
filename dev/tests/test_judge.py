from __future__ import annotations

import unittest

from dev import judge, odoo_log
from dev.results import FAILED, PASSED, SKIPPED
from dev.settings import DEV, ROOT

_TIME = "2030-01-02 03:04:05,678 42"
_TEST = "odoo.addons.client_hub.tests.test_link"


def _log(*lines: str) -> list[odoo_log.Record]:
    """Return records of ``LEVEL logger: text``; other lines continue the record."""
    text = "\n".join(
        f"{_TIME} {line.replace(' ', ' base ', 1)}" if line[0].isupper() else line
        for line in lines
    )
    return odoo_log.records(text)


class TestFindings(unittest.TestCase):
    def assert_found(self, *lines: str) -> None:
        self.assertEqual(len(judge.findings(_log(*lines))), 1)

    def assert_clean(self, *lines: str) -> None:
        self.assertEqual(judge.findings(_log(*lines)), [])

    def test_own_logger(self) -> None:
        for level in ("WARNING", "ERROR", "CRITICAL"):
            with self.subTest(level=level):
                self.assert_found(f"{level} odoo.addons.client_hub.models.link: odd")
        self.assert_found("WARNING odoo.addons.client_hub: odd")

    def test_own_info_is_fine(self) -> None:
        self.assert_clean("INFO odoo.addons.client_hub.models.link: client_hub is up")

    def test_other_logger_that_names_the_addon(self) -> None:
        self.assert_found("WARNING odoo.fields: res.partner: client_hub field is odd")
        self.assert_found("ERROR odoo.sql_db: bad query", "on table client.hub.ticket")

    def test_other_logger_about_something_else(self) -> None:
        self.assert_clean("WARNING odoo.addons.client_hubris: odd")
        self.assert_clean("ERROR odoo.http: not ours")

    def test_path_of_the_checkout_is_no_name(self) -> None:
        self.assert_clean(f"WARNING odoo.x: {DEV}/odoo/addons/mail/models/x.py is odd")
        self.assert_clean(f"WARNING odoo.x: {ROOT} is odd")
        self.assert_found(f"WARNING odoo.x: {DEV}/addons/client_hub/models/x.py is odd")

    def test_foreign_deprecation(self) -> None:
        self.assert_clean(
            f"WARNING py.warnings: {DEV}/venv/lib/werkzeug/urls.py:545: "
            "DeprecationWarning: 'werkzeug.urls.URL' is deprecated",
            f'  File "{DEV}/addons/client_hub/controllers/link.py", line 3',
        )

    def test_own_deprecation(self) -> None:
        self.assert_found(
            f"WARNING py.warnings: {DEV}/addons/client_hub/models/x.py:5: "
            "DeprecationWarning: deprecated"
        )

    def test_failed_test_is_counted_elsewhere(self) -> None:
        self.assert_clean(f"ERROR {_TEST}: FAIL: TestLink.test_a", "Traceback")


class TestReadTests(unittest.TestCase):
    def read(self, *lines: str) -> odoo_log.TestLog:
        return odoo_log.read_tests(_log(*lines))

    def states(self, log: odoo_log.TestLog, *expected: str) -> dict[str, str]:
        return {result.name: result.status for result in log.results(expected)}

    def test_outcomes(self) -> None:
        log = self.read(
            f"INFO {_TEST}: Starting TestLink.test_a ... ",
            f"INFO {_TEST}: Starting TestLink.test_b ... ",
            f"ERROR {_TEST}: FAIL: TestLink.test_b",
            "traceback",
            f"INFO {_TEST}: Starting TestLink.test_c ... ",
            f"INFO {_TEST}: skipped TestLink.test_c : no network",
        )
        states = {
            "test_link.TestLink.test_a": PASSED,
            "test_link.TestLink.test_b": FAILED,
            "test_link.TestLink.test_c": SKIPPED,
        }
        self.assertEqual(self.states(log, *states), states)
        failed = log.results(states)[1]
        self.assertIn("traceback", failed.detail)

    def test_subtests_fail_their_test_once(self) -> None:
        log = self.read(
            f"INFO {_TEST}: Starting TestLink.test_a ... ",
            f"ERROR {_TEST}: FAIL: Subtest TestLink.test_a (x=1)",
            f"ERROR {_TEST}: ERROR: Subtest TestLink.test_a (x=2)",
        )
        results = log.results(())
        self.assertEqual([result.status for result in results], [FAILED])
        self.assertIn("x=1", results[0].detail)
        self.assertIn("x=2", results[0].detail)

    def test_failed_class(self) -> None:
        log = self.read(f"ERROR odoo.tests.suite: ERROR: setUpClass ({_TEST}.TestLink)")
        states = self.states(log, "test_link.TestLink.test_a")
        self.assertEqual(states, {"test_link.TestLink.setUpClass": FAILED})

    def test_skipped_class(self) -> None:
        log = self.read(
            f"INFO odoo.tests.suite: skipped setUpClass ({_TEST}.TestLink) : no browser"
        )
        states = self.states(log, "test_link.TestLink.test_a")
        self.assertEqual(states, {"test_link.TestLink.test_a": SKIPPED})

    def test_test_that_did_not_run(self) -> None:
        states = self.states(self.read(), "test_link.TestLink.test_a")
        self.assertEqual(states, {"test_link.TestLink.test_a": FAILED})

    def test_seconds(self) -> None:
        log = self.read(
            f"INFO {_TEST}: Starting TestLink.test_a ... ",
            "DEBUG odoo.tests.stats: Detailed Tests Report:",
            "\tclient_hub.test_link.TestLink: 2.00s 9 queries",
            "\tclient_hub.test_link.TestLink.test_a: 1.25s 3 queries",
        )
        self.assertEqual(log.results(())[0].seconds, 1.25)
