from __future__ import annotations

import tempfile
import unittest
from collections import Counter
from pathlib import Path

from dev import module_cycle, odoo_log, odoo_tests, results, unit_tests
from dev.results import FAILED, PASSED, SKIPPED, Result


class TestReport(unittest.TestCase):
    def last_line(self, *found: Result) -> str:
        return results.report(found).splitlines()[-1]

    def test_last_line(self) -> None:
        passed, failed = Result("a"), Result("b", FAILED, 0.1, "why")
        self.assertEqual(self.last_line(passed), "1 passed, 0 failed")
        self.assertEqual(self.last_line(passed, failed), "1 passed, 1 failed")
        skipped = Result("c", SKIPPED, 0.0, "no reason")
        self.assertEqual(
            self.last_line(passed, failed, skipped), "1 passed, 1 failed, 1 skipped"
        )

    def test_details(self) -> None:
        text = results.report([Result("b", FAILED, 0.1, "why it failed")])
        self.assertIn("FAILED b\nwhy it failed", text)

    def test_slowest(self) -> None:
        found = [Result(f"t{number}", seconds=number) for number in range(12)]
        text = results.report(found)
        self.assertIn("11.00 s  t11", text)
        self.assertNotIn("t1\n", text)

    def test_exit_code(self) -> None:
        passed, failed, skipped = (Result("x", s) for s in (PASSED, FAILED, SKIPPED))
        self.assertEqual(results.exit_code([passed, skipped]), 0)
        self.assertEqual(results.exit_code([passed, failed]), 1)
        self.assertEqual(results.exit_code([skipped]), 1)
        self.assertEqual(results.exit_code([]), 1)


class TestCollector(unittest.TestCase):
    def statuses(self, case: type[unittest.TestCase]) -> dict[str, str]:
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
        found = unit_tests.collect(suite)
        return {result.name.rpartition(".")[2]: result.status for result in found}

    def test_outcomes(self) -> None:
        class Case(unittest.TestCase):
            def test_pass(self) -> None: ...

            def test_fail(self) -> None:
                self.fail("wrong")

            def test_error(self) -> None:
                raise ValueError

            def test_skip(self) -> None:
                self.skipTest("reason")

            def test_subtests(self) -> None:
                for number in (1, 2):
                    with self.subTest(number=number):
                        self.assertEqual(number, 3)

            @unittest.expectedFailure
            def test_unexpected(self) -> None: ...

        states = {
            "test_pass": PASSED,
            "test_fail": FAILED,
            "test_error": FAILED,
            "test_skip": SKIPPED,
            "test_subtests": FAILED,
            "test_unexpected": FAILED,
        }
        self.assertEqual(self.statuses(Case), states)

    def test_broken_class(self) -> None:
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls) -> None:
                raise ValueError

            def test_never(self) -> None: ...

        self.assertEqual(list(self.statuses(Case).values()), [FAILED])

    def test_broken_import(self) -> None:
        suite = unittest.defaultTestLoader.loadTestsFromName("dev.tests.test_absent")
        self.assertEqual(
            [found.status for found in unit_tests.collect(suite)], [FAILED]
        )


class TestOdooProcess(unittest.TestCase):
    def outcome(self, tests: odoo_log.TestLog, code: int) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "odoo.log")
            log.write_text("Killed")
            found = odoo_tests.outcome(tests, {"t.T.a"}, code, log)
        return [result.status for result in found]

    def test_clean_exit(self) -> None:
        self.assertEqual(self.outcome(odoo_log.TestLog(["t.T.a"]), 0), [PASSED])

    def test_bad_exit_never_passes(self) -> None:
        self.assertEqual(
            self.outcome(odoo_log.TestLog(["t.T.a"]), -9), [PASSED, FAILED]
        )

    def test_bad_exit_with_reason(self) -> None:
        tests = odoo_log.TestLog(["t.T.a"], {"t.T.a": "FAIL"})
        self.assertEqual(self.outcome(tests, 1), [FAILED])

    def test_judged(self) -> None:
        clean = odoo_log.Record("INFO", "odoo.addons.client_hub", "fine")
        bad = odoo_log.Record("ERROR", "odoo.addons.client_hub", "odd")
        self.assertEqual([r.status for r in odoo_tests.judged([clean])], [PASSED])
        self.assertEqual([r.status for r in odoo_tests.judged([clean, bad])], [FAILED])


class TestDifference(unittest.TestCase):
    def test_equal(self) -> None:
        self.assertEqual(module_cycle.difference(Counter("aab"), Counter("baa")), "")

    def test_both_ways(self) -> None:
        text = module_cycle.difference(Counter(["a", "a"]), Counter(["a", "b"]))
        self.assertEqual(text, "left behind: b\nlost: a")
