from __future__ import annotations

import logging
import os
import random
from datetime import date, timedelta
from typing import Any

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .statement_common import StatementCommon
from .statement_history import History, by_hand

_logger = logging.getLogger(__name__)
_HISTORIES = int(os.environ.get("CLIENT_HUB_HISTORIES") or 12)
_SEED = int(os.environ.get("CLIENT_HUB_SEED") or random.randrange(2**31))
_FIGURES = ("closing", "ledger_closing", "outstanding", "overdue", "unapplied")


@tagged("post_install", "-at_install")
class TestStatementHistory(StatementCommon):
    """Statements of random histories, against a computation by hand.

    ``CLIENT_HUB_SEED`` repeats what the log names, ``CLIENT_HUB_HISTORIES=500`` asks
    for as many.
    """

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        second = cls.setup_other_company(name="Second Company")
        cls.companies = [cls.company, second["company"]]
        data = dict(zip(cls.companies, (cls.company_data, second), strict=True))
        cls.journals = {
            company: {
                "sale": values["default_journal_sale"],
                "bank": values["default_journal_bank"],
            }
            for company, values in data.items()
        }
        cls.receivables = {
            company: values["default_account_receivable"]
            for company, values in data.items()
        }
        cls.incomes = {
            company: values["default_account_revenue"]
            for company, values in data.items()
        }
        cls.instalments = cls.env["account.payment.term"].create(
            {
                "name": "Three parts",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in ((30, 0), (30, 30), (40, 60))
                ],
            }
        )

    def test_random_histories(self) -> None:
        _logger.info("%s histories from seed %s on", _HISTORIES, _SEED)
        for seed in range(_SEED, _SEED + _HISTORIES):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._check(seed)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _check(self, seed: int) -> None:
        history = History(self, seed)
        with mute_logger("odoo.models.unlink"):
            history.run(history.random.randrange(8, 20))
        days = [self.today, *(history.day() for _number in range(3))]
        for company in self.companies:
            self._check_figures(history, company)
            for last in days:
                self._check_day(history, company, last)

    def _check_day(self, history: History, company: Any, last: date) -> None:
        first = last - timedelta(history.random.randrange(90))
        expected = by_hand(history, company, last, self.today)
        statement = self._get(first, last, history.client, company)
        self.assertBalances(statement)
        self.assertEqual({b.currency for b in statement.blocks}, set(expected))
        before = self._get(None, first - timedelta(1), history.client, company)
        closings = {block.currency: block.closing for block in before.blocks}
        for block in statement.blocks:
            values = expected[block.currency]
            for name in _FIGURES:
                self.assertAlmostEqual(
                    getattr(block, name), values[name], 2, f"{name} on {last}"
                )
            self.assertAlmostEqual(block.opening, closings.get(block.currency, 0.0), 2)
            self._check_documents(block, values)

    def _check_documents(self, block: Any, values: dict[Any, Any]) -> None:
        remaining = {
            document.move_id: document.remaining for document in block.documents
        }
        for move_id, rest in values.items():
            if isinstance(move_id, int):
                self.assertAlmostEqual(remaining.get(move_id, 0.0), rest, 2)

    def _check_figures(self, history: History, company: Any) -> None:
        """Check that today's statement says what the page of the client says."""
        client = history.client.with_company(company)
        blocks = self._get(client=client, companies=company).blocks
        self.assertAlmostEqual(
            self._sum(blocks, "ledger_closing"), self._ledger_of(client, company), 2
        )
        if all(block.currency == company.currency_id for block in blocks):
            self.assertAlmostEqual(
                self._sum(blocks, "outstanding"), client.client_outstanding, 2
            )
            self.assertAlmostEqual(
                self._sum(blocks, "unapplied"), client.client_unapplied, 2
            )

    def _ledger_of(self, client: Any, company: Any) -> float:
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "child_of", client.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", company.id),
            ],
            [],
            ["balance:sum"],
        )
        return balance
