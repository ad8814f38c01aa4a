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
