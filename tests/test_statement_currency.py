from __future__ import annotations

from odoo.tests import tagged

from .statement_common import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementCurrency(StatementCommon):
    """One account for each currency and each company."""

    def test_each_currency_has_its_account(self) -> None:
        self._on(-9, self._bill, 100.0)
        self._on(-9, self._bill, 50.0, currency_id=self.eur.id)
        statement = self._get()
        self.assertEqual([b.currency for b in statement.blocks], [self.usd, self.eur])
        self.assertEqual([b.closing for b in statement.blocks], [100.0, 50.0])
        self.assertEqual(self._sum(statement.blocks, "ledger_closing"), self._ledger())

    def test_exchange_difference_is_in_the_ledger_and_no_row_in_its_currency(
        self,
    ) -> None:
        invoice = self._on(-30, self._bill, 100.0, currency_id=self.eur.id)
        self._pay(invoice, currency_id=self.eur.id)
        self.assertTrue(self._terms(invoice).matched_credit_ids.exchange_move_id)
        block = self._get_block(currency=self.eur)
        self.assertEqual([row.kind for row in block.rows], ["invoice", "payment"])
        self.assertEqual((block.closing, block.ledger_closing), (0.0, 0.0))
        self.assertBalances(self._get())

    def test_payment_in_another_currency_settles_in_both(self) -> None:
        """Invoice in euro, paid in dollars: nothing is owed, nothing is left over"""
        invoice = self._on(-30, self._bill, 100.0, currency_id=self.eur.id)
        payment = self._pay(invoice, currency_id=self.usd.id)
        self.assertEqual(payment.currency_id, self.usd)
        self.assertEqual(invoice.amount_residual, 0.0)
        for currency in (self.eur, self.usd):
            block = self._get_block(currency=currency)
            found = block.closing, block.outstanding, block.unapplied, block.other
            self.assertEqual(found, (0.0, 0.0, 0.0, 0.0))
            self.assertEqual(block.rows[-1].kind, "conversion")
        statement = self._get()
        self.assertBalances(statement)
        self.assertEqual(self._sum(statement.blocks, "ledger_closing"), 0.0)

    def test_many_payments_in_another_currency(self) -> None:
        for days in range(-9, 0):
            invoice = self._on(days, self._bill, 10.0, currency_id=self.eur.id)
            self._pay_on(days, invoice, currency_id=self.usd.id)
        for block in self._get().blocks:
            kinds = [row.kind for row in block.rows]
            self.assertEqual(kinds.count("conversion"), 9)
            self.assertEqual((block.closing, block.outstanding), (0.0, 0.0))
        self.assertBalances(self._get())

    def test_part_payment_in_another_currency_before_the_day(self) -> None:
        invoice = self._on(-30, self._bill, 100.0, currency_id=self.eur.id)
        self._pay_on(-3, invoice, 16.0, currency_id=self.usd.id)
        before = self._get_block(None, self._day(-4), currency=self.eur)
        self.assertEqual(before.outstanding, 100.0)
        after = self._get_block(currency=self.eur)
        self.assertEqual(after.outstanding, invoice.amount_residual)
        self.assertLess(after.outstanding, 100.0)

    def test_each_company_has_its_account(self) -> None:
        data = self.setup_other_company(name="Second Company")
        second = data["company"]
        journal = data["default_journal_sale"]
        self._on(-9, self._bill, 100.0)
        self._on(-9, self._bill, 7.0, journal_id=journal.id)
        self.assertEqual([b.closing for b in self._get().blocks], [100.0])
        both = self._get(companies=self.company + second)
        self.assertEqual(
            {
                company: blocks[0].closing
                for company, blocks in both.by_company().items()
            },
            {self.company: 100.0, second: 7.0},
        )

    def test_branch_shares_the_ledger_of_its_company(self) -> None:
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.env.cr.precommit.run()
        journal = self.company_data["default_journal_sale"]
        invoice = self._bill(
            100.0, journal_id=journal.id, company_id=branch.id, post=False
        )
        invoice.action_post()
        self.assertEqual(invoice.company_id, branch)
        for companies in (self.company, self.company + branch):
            [block] = self._get(companies=companies).blocks
            self.assertEqual((block.company, block.closing), (self.company, 100.0))
        [block] = self._get(companies=branch).blocks
        self.assertEqual((block.company, block.closing), (branch, 100.0))
