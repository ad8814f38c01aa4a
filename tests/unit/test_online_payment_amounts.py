from __future__ import annotations

import os
import random
import unittest
from datetime import date, timedelta
from decimal import Decimal

from ...tools import online_payment_amounts as amounts
from ...tools.online_payment_amounts import AmountError, Item, Line, Option

TODAY = date(2024, 6, 15)
ROUNDS = int(os.environ.get("CLIENT_HUB_FUZZ", "500"))


def item(document: int, amount: int, days: int = 0, discount: int = 0) -> Item:
    """Return an item that is due so many days after today."""
    due = TODAY + timedelta(days)
    return Item(document, f"INV/{document}", due, amount, discount)


def paid(items: list[Item]) -> list[tuple[int, int]]:
    """Return document and amount of each line."""
    return [(line.document, line.amount) for line in amounts.set_off(items)]


class TestUnits(unittest.TestCase):
    def test_floats_that_are_no_decimals(self) -> None:
        for amount, digits, units in [
            (0.1 + 0.2, 2, 30),
            (1.005, 2, 101),
            (1.1 * 3, 2, 330),
            (19.99, 2, 1999),
            (4.35, 2, 435),
            (1234567.89, 2, 123456789),
            (100, 0, 100),
            (1.235, 3, 1235),
            (-5.55, 2, -555),
            (1e-9, 2, 0),
        ]:
            with self.subTest(amount):
                self.assertEqual(amounts.to_units(amount, digits), units)

    def test_there_and_back_for_each_number_of_digits(self) -> None:
        chance = random.Random(7)
        for _round in range(ROUNDS):
            digits = chance.randrange(0, 5)
            units = chance.randrange(-(10**11), 10**11)
            back = amounts.from_units(units, digits)
            self.assertEqual(amounts.to_units(back, digits), units)
            self.assertEqual(Decimal(repr(back)), Decimal(units).scaleb(-digits))


class TestChoices(unittest.TestCase):
    def test_due_is_what_is_due_until_today(self) -> None:
        items = [item(1, 10, -5), item(1, 20, 0), item(1, 40, 1), item(2, 80, 30)]
        self.assertEqual(amounts.choose(items, amounts.DUE, TODAY), items[:2])
        self.assertEqual(amounts.choose(items, amounts.NEXT, TODAY), items)
        self.assertEqual(amounts.choose(items, amounts.ALL, TODAY), items)

    def test_next_is_one_instalment_of_each_document(self) -> None:
        items = [item(1, 10, 1), item(2, 20, 2), item(1, 40, 3), item(2, 80, 4)]
        self.assertEqual(amounts.choose(items, amounts.NEXT, TODAY), items[:2])

    def test_credits_count_whenever_they_are_due(self) -> None:
        items = [item(1, 10, -5), item(9, -4, 90)]
        self.assertEqual(amounts.choose(items, amounts.DUE, TODAY), items)

    def test_options_of_instalments(self) -> None:
        items = [item(1, 10, -5), item(1, 20, 10), item(1, 40, 20)]
        self.assertEqual(
            amounts.options(items, TODAY),
            [
                Option("due", 10),
                Option("next", 30, until=TODAY + timedelta(10)),
                Option("all", 70),
            ],
        )

    def test_options_that_are_the_same_are_one(self) -> None:
        self.assertEqual(amounts.options([item(1, 10)], TODAY), [Option("all", 10)])
        self.assertEqual(amounts.options([item(1, 10, 9)], TODAY), [Option("all", 10)])
        self.assertEqual(amounts.options([item(1, -10)], TODAY), [])
        self.assertEqual(amounts.options([], TODAY), [])

    def test_option_with_a_discount(self) -> None:
        found = amounts.options([item(1, 100, 30, discount=2)], TODAY)
        self.assertEqual(found, [Option("all", 98, 2)])


class TestSetOff(unittest.TestCase):
    def test_instalments_of_a_document_are_one_line(self) -> None:
        self.assertEqual(
            paid([item(1, 10, 1), item(2, 5), item(1, 20, 2)]), [(2, 5), (1, 30)]
        )

    def test_credit_is_used_on_what_is_due_first(self) -> None:
        debts = [item(1, 10, 5), item(2, 20, 1), item(3, 30, 9)]
        for credit, left in [
            (0, [(2, 20), (1, 10), (3, 30)]),
            (5, [(2, 15), (1, 10), (3, 30)]),
            (20, [(1, 10), (3, 30)]),
            (29, [(1, 1), (3, 30)]),
            (59, [(3, 1)]),
            (60, []),
            (99, []),
        ]:
            with self.subTest(credit):
                self.assertEqual(paid([*debts, item(9, -credit, 50)]), left)

    def test_discount_is_taken_before_credit(self) -> None:
        items = [item(1, 100, 10, discount=2), item(2, 50, 20), item(9, -100)]
        self.assertEqual(paid(items), [(2, 48)])

    def test_without_discount(self) -> None:
        items = amounts.without_discount([item(1, 100, 10, discount=2)])
        self.assertEqual(paid(items), [(1, 100)])

    def test_any_account_is_paid_to_the_unit(self) -> None:
        chance = random.Random(11)
        for _round in range(ROUNDS):
            items = self._any_items(chance)
            lines = amounts.set_off(items)
            debts = sum(it.amount - it.discount for it in items if it.amount > 0)
            credit = -sum(it.amount for it in items if it.amount < 0)
            self.assertEqual(amounts.total(lines), max(0, debts - credit))
            self.assertTrue(all(line.amount > 0 for line in lines))
            documents = [line.document for line in lines]
            self.assertEqual(len(documents), len(set(documents)))
            owed = {line.document: line.amount for line in lines}
            for document, amount in owed.items():
                whole = sum(it.amount for it in items if it.document == document)
                self.assertLessEqual(amount, whole)

    def _any_items(self, chance: random.Random) -> list[Item]:
        items = []
        for document in range(chance.randrange(1, 8)):
            sign = chance.choice((1, 1, 1, -1))
            for _line in range(chance.randrange(1, 4)):
                amount = chance.randrange(1, 5000)
                discount = chance.choice((0, 0, amount // 50)) if sign > 0 else 0
                days = chance.randrange(-90, 90)
                items.append(item(document, sign * amount, days, discount))
        return items


class TestParts(unittest.TestCase):
    LINES = (Line(1, "A", 10), Line(2, "B", 20), Line(3, "C", 30))

    def test_a_part_pays_the_first_lines_first(self) -> None:
        for amount, left in [
            (1, [(1, 1)]),
            (10, [(1, 10)]),
            (11, [(1, 10), (2, 1)]),
            (60, [(1, 10), (2, 20), (3, 30)]),
            (99, [(1, 10), (2, 20), (3, 30)]),
            (0, []),
            (-5, []),
        ]:
            with self.subTest(amount):
                lines = amounts.cut(self.LINES, amount)
                self.assertEqual([line[::2] for line in lines], left)

    def test_many_lines_become_few(self) -> None:
        joined = amounts.join(self.LINES, 2, "Others")
        self.assertEqual(joined, [self.LINES[0], Line(2, "Others", 50)])
        self.assertEqual(amounts.join(self.LINES, 3, "Others"), [*self.LINES])
        self.assertEqual(amounts.total(joined), amounts.total(self.LINES))


class TestBounds(unittest.TestCase):
    def _assert_bound(self, reason: str, bound: int, *args: object) -> None:
        with self.assertRaises(AmountError) as caught:
            amounts.check(*args)
        self.assertEqual(
            (caught.exception.reason, caught.exception.bound), (reason, bound)
        )

    def test_s16_smallest_charge(self) -> None:
        for currency, digits, bound in [
            ("USD", 2, 50),
            ("GBP", 2, 30),
            ("JPY", 0, 50),
            ("HUF", 2, 17500),
            ("XYZ", 2, 1),
        ]:
            with self.subTest(currency):
                amounts.check(bound, currency, digits)
                self._assert_bound("too_small", bound, bound - 1, currency, digits)
                self._assert_bound("too_small", bound, -100, currency, digits)

    def test_s16_largest_charge(self) -> None:
        for currency, digits, bound in [
            ("EUR", 2, 99_999_999),
            ("JPY", 0, 99_999_999),
            ("ISK", 0, 999_999),
            ("KWD", 3, 99_999_999),
        ]:
            with self.subTest(currency):
                amounts.check(bound, currency, digits)
                self._assert_bound("too_large", bound, bound + 1, currency, digits)

    def test_s15_what_stripe_cannot_take_stays_open(self) -> None:
        lines = [Line(1, "A", 1235), Line(2, "B", 7), Line(3, "C", 500)]
        for currency, digits, left in [
            ("KWD", 3, [1230, 500]),
            ("EUR", 2, [1235, 7, 500]),
            ("JPY", 0, [1235, 7, 500]),
            ("UGX", 0, [1235, 7, 500]),
            ("UGX", 2, [1200, 500]),
        ]:
            with self.subTest(currency, digits=digits):
                found = amounts.payable(lines, currency, digits)
                self.assertEqual([line.amount for line in found], left)


class TestTyped(unittest.TestCase):
    def test_what_people_type(self) -> None:
        for text, digits, units in [
            ("12", 2, 1200),
            ("12.5", 2, 1250),
            ("12,50", 2, 1250),
            (" 0.01 ", 2, 1),
            ("12.000", 2, 1200),
            ("7", 0, 7),
            ("7.0", 0, 7),
            ("1.234", 3, 1234),
        ]:
            with self.subTest(text):
                self.assertEqual(amounts.read_amount(text, digits), units)

    def test_what_is_no_amount(self) -> None:
        for text in [
            *("", " ", "-1", "+1", "1e3", "NaN", "inf", "0x10", "1_000", "1.2.3", "."),
            *("1,000.00", "9" * 13, "9" * 5000, "١٢", "12 €", "1\n2", "1.2345", None),
        ]:
            with self.subTest(text), self.assertRaises(AmountError) as caught:
                amounts.read_amount(text, 2)
            self.assertEqual(caught.exception.reason, "not_an_amount")

    def test_more_digits_than_the_currency_has(self) -> None:
        for text, digits in [("1.005", 2), ("1.5", 0)]:
            with self.subTest(text), self.assertRaises(AmountError) as caught:
                amounts.read_amount(text, digits)
            self.assertEqual(caught.exception.reason, "too_precise")
