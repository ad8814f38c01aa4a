from __future__ import annotations

import re
import unittest

from dev.settings import ROOT


class TestSecurityDocument(unittest.TestCase):
    def test_every_test_that_is_named_exists(self) -> None:
        document = (ROOT / "docs" / "security.md").read_text()
        named = set(re.findall(r"`(test_\w+)`", document))
        sources = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
        known = set(re.findall(r"def (test_\w+)\(", "\n".join(sources)))
        self.assertGreater(len(named), 50)
        self.assertEqual(named - known, set())

    def test_every_property_has_a_row(self) -> None:
        document = (ROOT / "docs" / "security.md").read_text()
        rows = re.findall(r"^\| M(\d+) ", document, re.MULTILINE)
        self.assertEqual(rows, [str(number) for number in range(1, 37)])

    def test_every_abuse_has_a_row(self) -> None:
        document = (ROOT / "docs" / "security.md").read_text()
        found: list[int] = []
        for row in re.findall(r"^\| (T\d[^|]*)\|", document, re.MULTILINE):
            numbers = [int(number) for number in re.findall(r"T(\d+)", row)]
            is_range = " to " in row
            found += range(numbers[0], numbers[1] + 1) if is_range else numbers
        self.assertEqual(found, list(range(1, 45)))
