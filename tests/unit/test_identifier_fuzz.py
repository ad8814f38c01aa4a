from __future__ import annotations

import os
import random
import string
import unittest

from ...tools import identifier
from ...tools.identifier import IdentifierError, Reason
from .identifier_samples import INVALID, VALID

ROUNDS = int(os.environ.get("CLIENT_HUB_FUZZ") or 2000)
REASONS = {value for name, value in vars(Reason).items() if name.isupper()}
KEYS = [*VALID, "NONE"]
NOISE = " \u00a0\u3000\u200b\t.-/–"
ASCII = string.ascii_letters + string.digits + string.punctuation + " "


class TestIdentifierFuzz(unittest.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.seed = random.randrange(2**32)
        self.random = random.Random(self.seed)

    def garbage(self) -> str:
        size = self.random.choice((0, 1, 2, 5, 9, 11, 14, 18, 30, 64, 65))
        alphabet = self.random.choice((string.digits, ASCII, None))
        pick = self.random.choice
        if alphabet:
            return "".join(pick(alphabet) for _i in range(size))
        return "".join(chr(self.random.randrange(0x110000)) for _i in range(size))

    def mutant(self, key: str) -> str:
        typed = self.random.choice((VALID, INVALID))[key][0]
        chars = list(typed)
        for _i in range(self.random.randrange(3)):
            place = self.random.randrange(len(chars) + 1)
            chars[place : place + self.random.randrange(2)] = self.garbage()[:1]
        return "".join(chars)

    def case(self) -> tuple[str, str]:
        """A scheme, and a text that may nearly be one of its numbers."""
        key = self.random.choice(KEYS)
        nearly = key in VALID and self.random.random() < 0.7
        return key, self.mutant(key) if nearly else self.garbage()

    def noisy(self, text: str) -> str:
        return "".join(
            char + self.random.choice(NOISE) * self.random.randrange(2) for char in text
        )

    def check_accepted(self, key: str, stored: str) -> None:
        entry = identifier.scheme(key)
        self.assertEqual(identifier.validate(key, stored), stored)
        printed = identifier.display(key, stored)
        self.assertEqual(identifier.validate(key, printed), stored)
        self.assertTrue(identifier.comparable(stored))
        if not entry.free:
            self.assertTrue(all(c.isascii() or c in entry.extra for c in stored))

    def test_only_identifier_errors_come_out(self) -> None:
        accepted = 0
        for _i in range(ROUNDS):
            key, text = self.case()
            with self.subTest(seed=self.seed, key=key, text=text):
                try:
                    normal = identifier.normalise(key, text)
                    stored = identifier.validate(key, text)
                except IdentifierError as error:
                    self.assertIn(error.reason, REASONS)
                else:
                    accepted += 1
                    self.assertEqual(normal, stored)
                    self.check_accepted(key, stored)
        self.assertGreater(accepted, ROUNDS // 20)

    def test_separators_do_not_matter(self) -> None:
        for _i in range(ROUNDS):
            key = self.random.choice(list(VALID))
            stored = VALID[key][1]
            text = self.noisy(stored)
            if identifier.scheme(key).free or len(text) > identifier.MAX_LENGTH:
                continue
            with self.subTest(seed=self.seed, key=key, text=text):
                self.assertEqual(identifier.validate(key, text), stored)

    def test_comparable_of_any_text(self) -> None:
        for _i in range(ROUNDS):
            text = self.case()[1]
            with self.subTest(seed=self.seed, text=text):
                found = identifier.comparable(text)
                self.assertEqual(identifier.comparable(found), found)
                self.assertEqual(identifier.comparable(f" {text}-"), found)
                self.assertEqual(identifier.comparable("_".join(found)), found)


if __name__ == "__main__":
    unittest.main()
