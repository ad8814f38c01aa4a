from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from dev import test_groups
from dev.settings import SetupError

_SOURCE = """
from odoo.tests import TransactionCase, tagged

class Mixin:
    def test_mixed_in(self): ...

@tagged("post_install", "-at_install")
class TestOne(Mixin, TransactionCase):
    def test_a(self): ...
    def helper(self): ...
    def test_b(self): ...

@tagged("-standard", "bench")
class TestApart(TransactionCase):
    def test_c(self): ...
"""


class TestExpected(unittest.TestCase):
    def test_expected(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "test_one.py")
            path.write_text(_SOURCE)
            found = test_groups.expected(path)
        self.assertEqual(found, {"test_one.TestOne.test_a", "test_one.TestOne.test_b"})


class TestSpread(unittest.TestCase):
    def test_all_are_run_once(self) -> None:
        weights = {f"test_{number}": float(number) for number in range(23)}
        groups = test_groups.spread(weights, 4)
        self.assertEqual(len(groups), 4)
        self.assertEqual(sorted(sum(groups, [])), sorted(weights))

    def test_balance(self) -> None:
        groups = test_groups.spread({"a": 10, "b": 6, "c": 5, "d": 1}, 2)
        self.assertEqual(groups, [["a", "d"], ["b", "c"]])

    def test_no_empty_group(self) -> None:
        self.assertEqual(test_groups.spread({"a": 1}, 8), [["a"]])

    def test_no_tests(self) -> None:
        self.assertEqual(test_groups.spread({}, 2), [])


class TestWeigh(unittest.TestCase):
    def test_remembered_else_by_size(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder, name) for name in ("test_a.py", "test_b.py")]
            for path in paths:
                path.write_text("#" * 2000)
            weights = test_groups.weigh(paths, {"test_a": 7.5})
        self.assertEqual(weights, {"test_a": 7.5, "test_b": 2.0})


class TestWanted(unittest.TestCase):
    names = ("test_identifier", "test_identifier_form", "test_module")

    def test_all_unless_asked(self) -> None:
        with mock.patch.dict(os.environ, TESTS=""):
            self.assertEqual(test_groups.wanted(self.names), list(self.names))

    def test_any_word(self) -> None:
        with mock.patch.dict(os.environ, TESTS="form module"):
            self.assertEqual(test_groups.wanted(self.names), list(self.names[1:]))

    def test_a_word_that_finds_nothing_is_an_error(self) -> None:
        with mock.patch.dict(os.environ, TESTS="formm"):
            self.assertRaises(SetupError, test_groups.wanted, self.names)
