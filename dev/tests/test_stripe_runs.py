"""The checks around events of Stripe find what they are there to find."""

from __future__ import annotations

import random
import unittest
from collections import Counter

from dev import core_suites, stripe_killed, stripe_load
from dev.odoo_log import Record
from dev.results import FAILED, PASSED

from .stripe_common import StripeCase


class TestBooks(unittest.TestCase):
    def wrong(self, life: str, **books: object) -> list[str]:
        found = {
            "state": "done",
            "payments": [["paid", "inbound", 100.0]],
            "amount": 100.0,
            "invoice": "paid",
            "residual": 0.0,
            "problem": False,
            **books,
        }
        play = stripe_load.Play({"cs_1": 7}, {"cs_1": life})
        return list(stripe_load.wrong_books(play, {"7": found}))

    def unpaid(self, life: str, **books: object) -> list[str]:
        nothing = {"payments": [], "invoice": "not_paid", "residual": 100.0}
        return self.wrong(life, **nothing | books)

    def test_right(self) -> None:
        for life in ("card", "declined", "settled"):
            self.assertEqual(self.wrong(life), [])
        self.assertEqual(self.unpaid("failed", state="error"), [])
        self.assertEqual(self.unpaid("expired", state="cancel"), [])
        self.assertEqual(self.unpaid("open", state="draft"), [])

    def test_wrong(self) -> None:
        twice = [["paid", "inbound", 100.0]] * 2
        for books in (
            {"payments": twice},
            {"payments": []},
            {"payments": [["paid", "inbound", 1.0]]},
            {"payments": [["canceled", "inbound", 100.0]]},
            {"invoice": "partial"},
            {"state": "pending"},
            {"problem": "amount"},
        ):
            with self.subTest(books=books):
                self.assertTrue(self.wrong("card", **books))
        for life in ("failed", "expired", "open"):
            with self.subTest(life=life):
                self.assertTrue(self.wrong(life))
        self.assertTrue(self.unpaid("expired", state="done"))
        self.assertTrue(self.unpaid("failed", state="pending"))

    def test_answers(self) -> None:
        answer = {"type": "x", "sign": "right", "altered": [], "answer": ""}
        for letter, status, good in (
            ({}, 200, True),
            ({}, 503, True),
            ({}, 400, False),
            ({}, 0, False),
            ({"sign": "wrong"}, 400, True),
            ({"sign": "none"}, 403, True),
            ({"sign": "old"}, 200, False),
            ({"sign": "old"}, 500, False),
        ):
            with self.subTest(letter=letter, status=status):
                answers = [answer | {"status": status}]
                found = list(stripe_load.wrong_answers([letter], answers))
                self.assertEqual(found == [], good)


class TestLetters(StripeCase):
    def setUp(self) -> None:
        super().setUp()
        self.play.listen("http://127.0.0.1:9/")
        sessions = {self.session().id: number for number in range(20)}
        rng = random.Random(3)
        self.lives = dict(stripe_load.live(self.play, sessions, rng))
        self.letters = stripe_load.make_letters(self.play, 200, rng)

    def test_shares(self) -> None:
        total = len(self.letters)
        self.assertGreaterEqual(total, 170)
        kinds = Counter(
            "forged" if "sign" in letter else "altered" if "alter" in letter else "true"
            for letter in self.letters
        )
        self.assertAlmostEqual(kinds["forged"] / total, 0.10, delta=0.03)
        self.assertAlmostEqual(kinds["altered"] / total, 0.05, delta=0.03)
        true = [one["event"] for one in self.letters if isinstance(one["event"], str)]
        self.assertAlmostEqual(1 - len(set(true)) / len(true), 0.3, delta=0.12)

    def test_every_true_event_is_there(self) -> None:
        true = {one["event"] for one in self.letters if isinstance(one["event"], str)}
        self.assertEqual(true, {event["id"] for event in self.play.events()})

    def test_lives_are_what_the_standin_says(self) -> None:
        for session, life in self.lives.items():
            found = self.old.checkout.sessions.retrieve(session)
            paid = found.payment_status == "paid"
            self.assertEqual(paid, life in ("card", "declined", "settled"), life)

    def test_a_seed_repeats_the_order(self) -> None:
        again = stripe_load.make_letters(self.play, 200, random.Random(3))
        same = stripe_load.make_letters(self.play, 200, random.Random(3))
        self.assertEqual(again, same)
        other = stripe_load.make_letters(self.play, 200, random.Random(4))
        self.assertNotEqual(again, other)


class TestPoints(unittest.TestCase):
    def test_eight_and_the_one_after_the_commit(self) -> None:
        points = stripe_killed.points()
        self.assertEqual(len(points), 9)
        self.assertEqual(points[0].words.split(" ")[0], "method")
        self.assertEqual([point.late for point in points], [False] * 8 + [True])
        self.assertEqual(len({point.words for point in points}), 9)


class TestCoreSuites(unittest.TestCase):
    def records(self, *texts: str) -> list[Record]:
        return [Record("INFO", "odoo.tests.result", text) for text in texts]

    def test_counted(self) -> None:
        log = self.records("0 failed, 0 error(s) of 150 tests when loading database")
        [found] = core_suites.results(log, 5.0)
        self.assertEqual((found.status, found.seconds), (PASSED, 5.0))
        self.assertIn("150 tests", found.name)

    def test_none_ran(self) -> None:
        for log in ([], self.records("0 failed, 0 error(s) of 3 tests when loading")):
            [found] = core_suites.results(log, 5.0)
            self.assertEqual(found.status, FAILED)

    def test_failure(self) -> None:
        logger = "odoo.addons.payment.tests.test_flows"
        bad = Record("ERROR", logger, "FAIL: TestFlows.test_pay\nTraceback")
        log = [bad, *self.records("1 failed, 0 error(s) of 150 tests when loading")]
        [found] = core_suites.results(log, 5.0)
        self.assertEqual(found.status, FAILED)
        self.assertIn("TestFlows.test_pay", found.name)
