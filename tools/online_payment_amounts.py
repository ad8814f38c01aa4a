"""What can be paid online, in whole units of a currency and without a database.

One unit is the smallest amount of the currency in Odoo, such as a cent; with whole
numbers nothing is lost by rounding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ALL, DUE, NEXT, PART = "all", "due", "next", "part"
#: How much of what was chosen to pay.
CHOICES = (ALL, DUE, NEXT, PART)

#: Stripe's smallest charge by currency, in major units; it has none for the others.
MINIMUMS = {
    "AED": "2",
    "AUD": "0.50",
    "BGN": "1",
    "BRL": "0.50",
    "CAD": "0.50",
    "CHF": "0.50",
    "CZK": "15",
    "DKK": "2.50",
    "EUR": "0.50",
    "GBP": "0.30",
    "HKD": "4",
    "HUF": "175",
    "INR": "0.50",
    "JPY": "50",
    "MXN": "10",
    "MYR": "2",
    "NOK": "3",
    "NZD": "0.50",
    "PLN": "2",
    "RON": "2",
    "SEK": "3",
    "SGD": "0.50",
    "THB": "10",
    "USD": "0.50",
}
#: Currencies that have other digits at Stripe than two.
NO_DIGITS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
THREE_DIGITS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
#: Currencies with two digits at Stripe, of which it takes whole amounts only.
WHOLE = frozenset(("ISK", "UGX"))
# Stripe takes at most that many of its own smallest units.
_LARGEST = 99_999_999
_AMOUNT = re.compile(r"(\d{1,12})(?:[.,](\d{1,3}))?", re.ASCII)


class AmountError(ValueError):
    """An amount that cannot be paid.

    :param reason: ``not_an_amount``, ``too_precise``, ``too_small`` or ``too_large``
    :param bound: the smallest or largest amount in units, where there is one
    """

    def __init__(self, reason: str, bound: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.bound = bound


class Item(NamedTuple):
    """One open item of a client's account.

    :param document: id of the document it belongs to
    :param amount: in units; positive is owed by the client, negative is a credit
    :param discount: in units, what need not be paid if all of it is paid today
    """

    document: int
    label: str
    due: date
    amount: int
    discount: int = 0


class Line(NamedTuple):
    """What is paid of one document, in units; always positive."""

    document: int
    label: str
    amount: int


class Option(NamedTuple):
    """One way to pay what was chosen.

    :param choice: of ``CHOICES``
    :param total: in units, credits and discounts taken off
    :param discount: in units, already taken off
    :param until: with ``NEXT``, the due date of the instalment
    """

    choice: str
    total: int
    discount: int = 0
    until: date | None = None


def to_units(amount: float, digits: int) -> int:
    """Return an amount of a currency with so many digits in its units."""
    scaled = Decimal(repr(amount)).scaleb(digits)
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def from_units(units: int, digits: int) -> float:
    """Return an amount as Odoo's fields hold it."""
    return float(Decimal(units).scaleb(-digits))


def sort(items: Iterable[Item]) -> list[Item]:
    """Return the items in the order in which money settles them."""
    return sorted(items, key=lambda item: (item.due, item.document))


def choose(items: Iterable[Item], choice: str, today: date) -> list[Item]:
    """Return what the choice means: debts by due date; credits always count.

    ``NEXT`` is what is due and the first instalment of each document that is not yet.
    """
    items = sort(items)
    if choice not in (DUE, NEXT):
        return items
    taken: list[Item] = []
    ahead: set[int] = set()
    for item in items:
        if item.amount > 0 and item.due > today:
            if choice == DUE or item.document in ahead:
                continue
            ahead.add(item.document)
        taken.append(item)
    return taken


def set_off(items: Iterable[Item]) -> list[Line]:
    """Return what is left to pay of each document once the credits are used.

    Credits are used on what is due first, as the ledger matches them.
    """
    items = sort(items)
    credit = -sum(item.amount for item in items if item.amount < 0)
    left: dict[int, Line] = {}
    for item in items:
        owed = item.amount - item.discount if item.amount > 0 else 0
        used = min(owed, credit)
        credit -= used
        if owed > used:
            before = left.get(item.document)
            amount = owed - used + (before.amount if before else 0)
            left[item.document] = Line(item.document, item.label, amount)
    return [*left.values()]


def total(lines: Iterable[Line]) -> int:
    """Return the sum of the lines."""
    return sum(line.amount for line in lines)


def cut(lines: Sequence[Line], amount: int) -> list[Line]:
    """Return as much of the lines as the amount pays, the first ones first."""
    paid: list[Line] = []
    for line in lines:
        part = min(line.amount, amount)
        if part <= 0:
            break
        paid.append(line._replace(amount=part))
        amount -= part
    return paid


def without_discount(items: Iterable[Item]) -> list[Item]:
    """Return the items as they are to be paid in parts."""
    return [item._replace(discount=0) for item in items]


def join(lines: Sequence[Line], most: int, label: str) -> list[Line]:
    """Return at most so many lines; the last ones become one of that label."""
    if len(lines) <= most:
        return [*lines]
    rest = lines[most - 1 :]
    return [*lines[: most - 1], Line(rest[0].document, label, total(rest))]


def options(items: Iterable[Item], today: date) -> list[Option]:
    """Return the ways to pay: everything last, and only those that differ."""
    items = [*items]
    found: dict[int, Option] = {}
    for choice in (ALL, NEXT, DUE):
        taken = choose(items, choice, today)
        amount = total(set_off(taken))
        if amount > 0 and amount not in found:
            discount = sum(item.discount for item in taken if item.amount > 0)
            ahead = [item.due for item in taken if item.amount > 0 and item.due > today]
            until = max(ahead, default=None) if choice == NEXT else None
            found[amount] = Option(choice, amount, discount, until)
    return [*found.values()][::-1]


def payable(lines: Iterable[Line], currency: str, digits: int) -> list[Line]:
    """Return as much of the lines as Stripe can take to the digit.

    :param currency: ISO code
    """
    step = 1
    if currency in THREE_DIGITS:
        step = 10 ** max(0, digits - 2)
    elif currency in WHOLE:
        step = 10**digits
    whole = (line._replace(amount=line.amount - line.amount % step) for line in lines)
    return [line for line in whole if line.amount]


def check(amount: int, currency: str, digits: int) -> None:
    """Check that an amount is neither too small nor too large for Stripe.

    :param currency: ISO code
    :raise AmountError: ``too_small`` or ``too_large``, with the bound
    """
    smallest = max(1, to_units(float(MINIMUMS.get(currency, 0)), digits))
    if amount < smallest:
        raise AmountError("too_small", smallest)
    at_stripe = 0 if currency in NO_DIGITS else 3 if currency in THREE_DIGITS else 2
    largest = _LARGEST * 10**digits // 10**at_stripe
    if amount > largest:
        raise AmountError("too_large", largest)


def read_amount(text: str, digits: int) -> int:
    """Return what somebody typed in units.

    :raise AmountError: ``not_an_amount`` or ``too_precise``
    """
    found = _AMOUNT.fullmatch((text or "").strip()[:20])
    if not found:
        raise AmountError("not_an_amount")
    whole, part = found[1], (found[2] or "").rstrip("0")
    if len(part) > digits:
        raise AmountError("too_precise")
    return int(whole) * 10**digits + int(part.ljust(digits, "0") or 0)
