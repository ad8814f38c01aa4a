"""A statement as a spreadsheet, with real numbers and dates; without a database."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from .statement import Block, Statement

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MAX_NAME = 31
_MAX_TEXT = 32_767
_WIDTHS = (12, 26, 24, 34, 16, 16, 16)


@dataclass
class Words:
    """What a sheet says, in the language of the reader.

    :param terms: by the names used below
    :param kinds: of rows
    :param ageing: of the bands
    :param date_format: as spreadsheets write it, such as ``yyyy-mm-dd``
    """

    terms: Mapping[str, str]
    kinds: Mapping[str, str]
    ageing: Sequence[str]
    date_format: str


def make(statement: Statement, words: Words) -> bytes:
    """Return the workbook: a sheet for each currency, and for each company.

    Rows are written to a temporary file as they come, so that ten thousand of them
    take no more memory than ten.
    """
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, options) as book:
        names: set[str] = set()
        companies = statement.by_company()
        for block in statement.blocks:
            name = _sheet_name(block, len(companies) > 1, names)
            _Sheet(book, name, words, block).fill(statement)
        if not statement.blocks:
            sheet = book.add_worksheet()
            sheet.write_string(0, 0, words.terms["nothing"])
    return target.getvalue()


def _sheet_name(block: Block, with_company: bool, taken: set[str]) -> str:
    """Return a name no other sheet has, as spreadsheets allow it."""
    parts = [block.currency.name, block.company.name if with_company else ""]
    name = _FORBIDDEN.sub(" ", " ".join(filter(None, parts))).strip(" '")
    found, number = name[:_MAX_NAME], 1
    while found.lower() in taken:
        number += 1
        found = f"{name[: _MAX_NAME - 4]} {number}"
    taken.add(found.lower())
    return found


class _Sheet:
    """Writes one account from top to bottom: a row cannot be gone back to."""

    def __init__(self, book: Any, name: str, words: Words, block: Block) -> None:
        self.sheet = book.add_worksheet(name)
        self.words, self.terms, self.block = words, words.terms, block
        digits = "0" * block.currency.decimal_places
        number = f"#,##0.{digits}" if digits else "#,##0"
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.bold = book.add_format({"bold": True})
        self.date = book.add_format({"num_format": words.date_format, "align": "left"})
        self.money = book.add_format({"num_format": number})
        self.total = book.add_format({"num_format": number, "bold": True})
        self.line = 0

    def fill(self, statement: Statement) -> None:
        """Write the whole sheet."""
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self._write_head(statement)
        self._write_figures()
        self._write_documents()
        self._write_account(statement)

    def _write_head(self, statement: Statement) -> None:
        terms, period = self.terms, statement.period
        self._text(0, terms["title"], self.title)
        self._next()
        for term, value in (
            ("company", self.block.company.display_name),
            ("client", statement.client.display_name),
            ("currency", self.block.currency.name),
            ("from", period.first),
            ("to", period.last),
        ):
            self._pair(terms[term], value)
        self._next()

    def _write_figures(self) -> None:
        block, terms = self.block, self.terms
        for name in ("outstanding", "overdue", "unapplied", "other"):
            self._pair(terms[name], getattr(block, name))
        self._pair(terms["closing"], block.closing, self.total)
        if block.next_due:
            self._pair(terms["next_due"], block.next_due)
        self._next()
        for label, amount in zip(self.words.ageing, block.ageing, strict=True):
            self._pair(label, amount)
        self._next()

    def _write_documents(self) -> None:
        if not self.block.documents:
            return
        self._text(0, self.terms["documents"], self.bold)
        self._next()
        self._heads("date", "document", "due", "", "amount", "paid", "remaining")
        for document in self.block.documents:
            self._date(0, document.date)
            self._text(1, document.name)
            self._date(2, document.due)
            self._number(4, document.amount)
            self._number(5, document.paid)
            self._number(6, document.remaining)
            self._next()
        self._next()

    def _write_account(self, statement: Statement) -> None:
        self._text(0, self.terms["account"], self.bold)
        self._next()
        self._heads("date", "kind", "document", "memo", "due", "amount", "balance")
        if statement.period.first:
            self._date(0, statement.period.first)
        self._text(1, self.terms["opening"])
        self._number(6, self.block.opening)
        self._next()
        for row in self.block.rows:
            is_receipt = row.move_type == "out_receipt"
            self._date(0, row.date)
            self._text(1, self.words.kinds["receipt" if is_receipt else row.kind])
            self._text(2, row.name)
            self._text(3, row.memo or "")
            self._date(4, row.due)
            self._number(5, row.amount)
            self._number(6, row.balance)
            self._next()
        self._date(0, statement.period.last)
        self._text(1, self.terms["closing"], self.bold)
        self._number(6, self.block.closing, self.total)

    # --------------------------------------------------------------------- cells

    def _next(self) -> None:
        self.line += 1

    def _heads(self, *names: str) -> None:
        for column, name in enumerate(names):
            self._text(column, self.terms[name] if name else "", self.head)
        self._next()

    def _pair(self, label: str, value: Any, style: Any = None) -> None:
        """Write a label and its text, day or amount beside it; nothing if None."""
        self._text(0, label, self.bold)
        if isinstance(value, str):
            self._text(2, value)
        elif isinstance(value, float | int):
            self._number(2, value, style)
        else:
            self._date(2, value)
        self._next()

    def _text(self, column: int, text: str, style: Any = None) -> None:
        # Never a formula or a link, whatever it looks like.
        self.sheet.write_string(self.line, column, text[:_MAX_TEXT], style)

    def _number(self, column: int, amount: float, style: Any = None) -> None:
        value = self.block.currency.round(amount)
        self.sheet.write_number(self.line, column, value, style or self.money)

    def _date(self, column: int, day: Any) -> None:
        if day and day.year >= 1900:  # spreadsheets know no day before
            self.sheet.write_datetime(self.line, column, day, self.date)
        elif day:
            self._text(column, day.isoformat())
