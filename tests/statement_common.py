"""What the tests of statements share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from odoo.tests import new_test_user

from ..tools.statement import Period, Statement
from .client_360_common import Client360Common
from .common import ClientHubCommon


class StatementCommon(Client360Common):
    """A client whose statements are asked for, today being 15 June 2024."""

    _as = ClientHubCommon._as

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company = cls.env.company
        cls.usd = cls.company.currency_id
        cls.eur = cls.setup_other_currency(
            "EUR", rates=[("2000-01-01", 2.0), ("2024-05-01", 2.5), ("2024-06-10", 1.6)]
        )

    @classmethod
    def _day(cls, days: int) -> date:
        """Return the day so many days after today; negative is past."""
        return cls.today + timedelta(days)

    @classmethod
    def _user(cls, login: str, groups: str, **vals: Any) -> Any:
        vals = {
            "company_id": cls.company.id,
            "company_ids": cls.company.ids,
            **vals,
        }
        return new_test_user(cls.env, login=login, groups=groups, **vals)

    @classmethod
    def _get(
        cls,
        first: date | None = None,
        last: date | None = None,
        client: Any = None,
        companies: Any = None,
        **kwargs: Any,
    ) -> Statement:
        cls.env.flush_all()
        return cls.env["client.hub.statement"]._get(
            client or cls.client, Period(first, last or cls.today), companies, **kwargs
        )

    @classmethod
    def _get_block(cls, *args: Any, currency: Any = None, **kwargs: Any) -> Any:
        """Return the account in one currency, that of the company by default."""
        currency = currency or cls.usd
        [block] = [
            block
            for block in cls._get(*args, **kwargs).blocks
            if block.currency == currency
        ]
        return block

    @classmethod
    def _rows(cls, *args: Any, **kwargs: Any) -> list[tuple[str, float, float]]:
        """Return kind, amount and running balance of each row."""
        return [
            (row.kind, round(row.amount, 2), round(row.balance, 2))
            for row in cls._get_block(*args, **kwargs).rows
        ]

    @classmethod
    def _on(cls, days: int, make: Any, *args: Any, **kwargs: Any) -> Any:
        """Make a document of that day: ``_bill``, ``_credit``."""
        return make(*args, invoice_date=cls._day(days), **kwargs)

    @classmethod
    def _pay_on(
        cls, days: int, documents: Any, amount: float | None = None, **vals: Any
    ) -> Any:
        """Register a payment of that day."""
        vals |= {} if amount is None else {"amount": amount}
        return cls._register_payment(documents, payment_date=cls._day(days), **vals)

    def assertBalances(self, statement: Statement) -> None:
        """Check what has to hold for each account of each statement."""
        for block in statement.blocks:
            digits = block.currency.decimal_places
            self.assertAlmostEqual(
                block.closing,
                block.outstanding - block.unapplied + block.other,
                digits,
            )
            self.assertAlmostEqual(sum(block.ageing), block.outstanding, digits)
            self.assertAlmostEqual(sum(block.ageing[1:]), block.overdue, digits)
            self.assertAlmostEqual(
                block.rows[-1].balance if block.rows else block.opening,
                block.closing,
                digits,
            )
            self.assertEqual(len(block.rows), block.row_count)
            self.assertEqual(len(block.documents), block.document_count)
            self._assert_running(block)
            self.assertAlmostEqual(
                sum(document.remaining for document in block.documents),
                block.outstanding,
                digits,
            )

    def _assert_running(self, block: Any) -> None:
        balance = block.opening
        for row in block.rows:
            balance += row.amount
            self.assertAlmostEqual(row.balance, balance, block.currency.decimal_places)

    @classmethod
    def _ledger(cls, last: date | None = None, client: Any = None) -> float:
        """Return the balance of the receivable accounts, in company currency."""
        client = client or cls.client
        domain = [
            ("partner_id", "child_of", client.id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("company_id", "child_of", cls.env.company.id),
        ]
        if last:
            domain.append(("date", "<=", last))
        lines = cls.env["account.move.line"].search(domain)
        return round(sum(lines.mapped("balance")), 2)

    @staticmethod
    def _sum(blocks: Iterable[Any], name: str) -> float:
        return round(sum(getattr(block, name) for block in blocks), 2)
