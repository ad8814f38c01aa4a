"""The shape of an account statement, and its periods; without a database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

DOCUMENT_KINDS = ("invoice", "credit_note")
#: The order of what happened on one day.
KINDS = (*DOCUMENT_KINDS, "payment", "refund", "adjustment", "conversion")
#: Bounds of the ageing in days past due: from, to; None is no bound.
AGEING_DAYS = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
DEFAULT_PERIOD = "last_12_months"
EVERYTHING = "all"
CUSTOM = "custom"
# Later Pythons also take weeks, and dates without dashes.
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class PeriodError(ValueError):
    """A period that makes no sense.

    :param reason: ``not_a_date`` or ``reversed``
    :param value: what was typed
    """

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


class Period(NamedTuple):
    """The days of a statement.

    :param first: first day, None for everything that ever was
    :param last: the day as of which the statement is made
    """

    first: date | None
    last: date


class Row(NamedTuple):
    """One line of the account; positive amounts are owed by the client.

    :param balance: the running balance after this line
    """

    kind: str
    date: date
    amount: float
    balance: float
    move_id: int
    payment_id: int | None
    name: str
    memo: str | None
    move_type: str
    due: date | None

    @classmethod
    def from_json(cls, values: list[Any]) -> Row:
        """Return the row that the database wrote as a list, dates as text."""
        row = cls._make(values)
        return row._replace(date=_day(row.date), due=_day(row.due))


class OpenDocument(NamedTuple):
    """A document with something open on the day of the statement.

    :param due: due date of the first open instalment
    :param overdue: the part of ``remaining`` that is past due
    """

    move_id: int
    move_type: str
    name: str
    date: date
    due: date
    amount: float
    remaining: float
    overdue: float

    @classmethod
    def from_json(cls, values: list[Any]) -> OpenDocument:
        """Return the document that the database wrote as a list, dates as text."""
        document = cls._make(values)
        return document._replace(date=_day(document.date), due=_day(document.due))

    @property
    def paid(self) -> float:
        """What was settled until the day of the statement, by whatever means."""
        return self.amount - self.remaining


@dataclass
class Block:
    """The account with one company in one currency.

    ``closing = outstanding - unapplied + other``, to the cent.

    :param company: recordset
    :param currency: recordset
    :param ledger_closing: ``closing`` as the ledger has it, in company currency
    :param ageing: ``outstanding`` by the bands of ``AGEING_DAYS``
    :param row_count: rows of the period, on all pages
    :param row_offset: rows of the period before this page
    """

    company: Any
    currency: Any
    opening: float = 0.0
    closing: float = 0.0
    ledger_closing: float = 0.0
    outstanding: float = 0.0
    overdue: float = 0.0
    unapplied: float = 0.0
    next_due: date | None = None
    ageing: list[float] = field(default_factory=lambda: [0.0] * len(AGEING_DAYS))
    row_count: int = 0
    row_offset: int = 0
    document_count: int = 0
    rows: list[Row] = field(default_factory=list)
    documents: list[OpenDocument] = field(default_factory=list)

    @classmethod
    def from_values(
        cls, company: Any, currency: Any, values: Mapping[str, Any]
    ) -> Block:
        """Return the account that the database found; None there is nothing.

        :param values: by name of the field, rows and documents as lists
        """
        known = {name: value for name, value in values.items() if value is not None}
        for name, kind in (("rows", Row), ("documents", OpenDocument)):
            known[name] = [kind.from_json(part) for part in known.get(name, ())]
        return cls(company, currency, **known)

    @property
    def other(self) -> float:
        """What is owed by entries that are neither documents nor money."""
        return self.currency.round(self.closing - self.outstanding + self.unapplied)

    @property
    def is_begin(self) -> bool:
        """Whether this page has the first row, or there is none."""
        return not self.row_offset

    @property
    def is_end(self) -> bool:
        """Whether this page has the last row."""
        return self.row_offset + len(self.rows) >= self.row_count

    @property
    def is_here(self) -> bool:
        """Whether anything of the account stands on this page."""
        return bool(self.rows) or not self.row_count

    @property
    def brought_forward(self) -> float:
        """The balance before the first row of this page."""
        if not self.rows:
            return self.opening
        return self.currency.round(self.rows[0].balance - self.rows[0].amount)


@dataclass
class Statement:
    """The accounts of a client on a day.

    :param client: recordset, the commercial partner
    :param is_past: whether the last day is before today, so that later entries and
        matchings are left out
    """

    client: Any
    period: Period
    is_past: bool
    blocks: list[Block] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """Rows of the period in all accounts, on all pages."""
        return sum(block.row_count for block in self.blocks)

    @property
    def document_count(self) -> int:
        """Open documents in all accounts, on all pages."""
        return sum(block.document_count for block in self.blocks)

    @property
    def says_something(self) -> bool:
        """Whether anything happened in the period, or is owed at its end."""
        return any(
            block.row_count or not block.currency.is_zero(block.closing)
            for block in self.blocks
        )

    def by_company(self) -> dict[Any, list[Block]]:
        """Return the accounts of each company, in their order."""
        found: dict[Any, list[Block]] = {}
        for block in self.blocks:
            found.setdefault(block.company, []).append(block)
        return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _this_month(today: date) -> Period:
    return Period(today.replace(day=1), today)


def _last_month(today: date) -> Period:
    last = today.replace(day=1) - timedelta(1)
    return Period(last.replace(day=1), last)


def _this_quarter(today: date) -> Period:
    return Period(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), today)


def _last_quarter(today: date) -> Period:
    first = _this_quarter(today).first
    return Period(first - relativedelta(months=3), first - timedelta(1))


PERIODS: dict[str, Callable[[date], Period]] = {
    DEFAULT_PERIOD: lambda today: Period(year_before(today), today),
    "this_month": _this_month,
    "last_month": _last_month,
    "this_quarter": _this_quarter,
    "last_quarter": _last_quarter,
    "this_year": lambda today: Period(date(today.year, 1, 1), today),
    "last_year": lambda today: Period(
        date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    ),
    EVERYTHING: lambda today: Period(None, today),
}


def year_before(day: date) -> date:
    """Return the first day of the twelve months that end with the month of ``day``."""
    if day.year <= 1:
        return date.min
    return day.replace(day=1) - relativedelta(months=11)


def read_period(
    today: date, name: str = "", date_from: str = "", date_to: str = ""
) -> Period:
    """Return the period that a person asks for.

    A day after today means today: what the future brings is in no books.

    :param name: of ``PERIODS``; it wins over the dates
    :param date_from: ISO date; empty for twelve months before the last day
    :param date_to: ISO date; empty for today
    :raise PeriodError: for what is no date, and for a first day after the last
    """
    if name in PERIODS:
        return PERIODS[name](today)
    last = min(_read_date(date_to) or today, today)
    first = _read_date(date_from) or year_before(last)
    if first > last:
        raise PeriodError("reversed")
    return Period(first, last)


def _read_date(text: str) -> date | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise PeriodError("not_a_date", text[:20]) from error
