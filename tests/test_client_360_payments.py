from __future__ import annotations

from odoo import Command
from odoo.tests import tagged

from .client_360_common import Client360Common


@tagged("post_install", "-at_install")
class TestClient360Payments(Client360Common):
    """What payments with a journal entry do to the figures."""

    def test_full_payment(self) -> None:
        self._pay(self._bill(100.25, due=-5))
        self.assertFigures(invoiced=100.25, paid=100.25)
        self.assertEqual(self.client.client_standing, "settled")

    def test_full_payment_whose_bank_line_is_matched_counts_once(self) -> None:
        payment = self._pay(self._bill(100.0))
        liquidity, _counterpart, _writeoff = payment._seek_for_lines()
        bank_line = self._bank_line(100.0, (liquidity.account_id, 100.0))
        transit = bank_line.line_ids.filtered(
            lambda line: line.account_id == liquidity.account_id
        )
        (liquidity + transit).reconcile()
        self.assertEqual(payment.state, "paid")
        self.assertFigures(invoiced=100.0, paid=100.0)

    def test_partial_payment(self) -> None:
        self._pay(self._bill(100.0, due=-5), 40.0)
        self.assertFigures(invoiced=100.0, paid=40.0, outstanding=60.0, overdue=60.0)

    def test_payment_by_a_contact_is_one_of_the_company(self) -> None:
        self._pay(self._bill(100.0, partner_id=self.contact.id), 40.0)
        self._prepay(5.0, partner_id=self.contact.id)
        self.assertFigures(invoiced=100.0, paid=45.0, outstanding=60.0, unapplied=5.0)

    def test_two_invoices_one_payment(self) -> None:
        payment = self._pay(self._bill(100.0) + self._bill(50.0), 120.0)
        self.assertEqual(len(payment), 1)
        self.assertFigures(invoiced=150.0, paid=120.0, outstanding=30.0)

    def test_one_invoice_three_payments(self) -> None:
        invoice = self._bill(100.0, due=-1)
        for amount in (10.01, 20.02, 69.97):
            self._pay(invoice, amount)
        self.assertFigures(invoiced=100.0, paid=100.0)

    def test_prepayment_never_matched(self) -> None:
        self._bill(100.0, due=-5)
        self._prepay(70.0)
        self.assertFigures(
            invoiced=100.0, paid=70.0, outstanding=100.0, overdue=100.0, unapplied=70.0
        )

    def test_prepayment_alone_puts_the_client_in_credit(self) -> None:
        self._prepay(70.0)
        self.assertFigures(paid=70.0, unapplied=70.0)
        self.assertEqual(self.client.client_standing, "credit")

    def test_overpayment_leaves_unapplied_credit(self) -> None:
        payment = self._prepay(120.0)
        (self._terms(self._bill(100.0)) + self._terms(payment.move_id)).reconcile()
        self.assertFigures(invoiced=100.0, paid=120.0, unapplied=20.0)

    def test_overpayment_paid_back(self) -> None:
        payment = self._prepay(120.0)
        (self._terms(self._bill(100.0)) + self._terms(payment.move_id)).reconcile()
        back = self._prepay(-20.0)
        self._reconcile(self._terms(payment.move_id + back.move_id))
        self.assertFigures(invoiced=100.0, paid=100.0)

    def test_credit_note_refunded_in_cash(self) -> None:
        self._pay(self._bill(100.0))
        self._pay(self._credit(30.0))
        self.assertFigures(invoiced=70.0, paid=70.0)

    def test_money_paid_back_without_document_is_negative_credit(self) -> None:
        self._prepay(-30.0)
        self.assertFigures(paid=-30.0, unapplied=-30.0)

    def test_payment_with_write_off_counts_what_came_in(self) -> None:
        expense = self.company_data["default_account_expense"]
        self._pay(
            self._bill(100.0, due=-5),
            97.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=expense.id,
        )
        self.assertFigures(invoiced=100.0, paid=97.0)

    def test_early_payment_discount_is_no_money_received(self) -> None:
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "nb_days": 30})],
            }
        )
        invoice = self._bill(100.0, invoice_payment_term_id=term.id)
        payment = self._pay(invoice)
        self.assertEqual(payment.amount, 98.0)
        self.assertFigures(invoiced=100.0, paid=98.0)

    def test_invoice_reset_to_draft_frees_its_payment(self) -> None:
        invoice = self._bill(100.0)
        self._pay(invoice, 60.0)
        invoice.button_draft()
        self.assertFigures(paid=60.0, unapplied=60.0)

    def test_cancelled_payment_leaves_the_invoice_open(self) -> None:
        payment = self._pay(self._bill(100.0, due=-1))
        self.assertFigures(invoiced=100.0, paid=100.0)
        payment.action_draft()
        payment.action_cancel()
        self.assertFigures(invoiced=100.0, outstanding=100.0, overdue=100.0)

    def test_payment_reset_to_draft_is_not_received_but_still_attached(self) -> None:
        invoice = self._bill(100.0, due=-1)
        self._pay(invoice).action_draft()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertFigures(invoiced=100.0, not_in_ledger=100.0)

    def test_draft_payment_does_not_count(self) -> None:
        self.env["account.payment"].create(
            {"amount": 50.0, "partner_id": self.client.id, "partner_type": "customer"}
        )
        self.assertFigures()

    def test_payment_to_the_client_as_a_vendor_does_not_count(self) -> None:
        self._prepay(-50.0, partner_type="supplier")
        self.assertFigures()

    # ---------------------------------------------------------- foreign currency

    def test_foreign_invoice_counts_at_its_booked_amount(self) -> None:
        self._bill(100.0, due=-1, currency_id=self._euro().id)
        self.assertFigures(invoiced=50.0, outstanding=50.0, overdue=50.0)

    def test_exchange_difference_is_no_money_received(self) -> None:
        euro = self._euro()
        invoice = self._bill(100.0, due=-30, currency_id=euro.id)
        self._set_rate(euro, 4.0)
        self._pay(invoice, 100.0, currency_id=euro.id)
        self.assertFigures(invoiced=50.0, paid=25.0)

    def test_foreign_prepayment_is_unapplied_at_its_booked_amount(self) -> None:
        euro = self._euro()
        self._prepay(100.0, currency_id=euro.id)
        self.assertFigures(paid=50.0, unapplied=50.0)
        row = self._get_money(self.client)
        self.assertEqual((row.amount_in_currency, row.currency_id), (100.0, euro))

    def test_foreign_invoice_partly_paid_in_company_currency(self) -> None:
        euro = self._euro()
        invoice = self._bill(100.0, currency_id=euro.id)
        self._pay(invoice, 20.0, currency_id=self.company_data["currency"].id)
        items = self._get_items(self.client)
        self.assertFigures(invoiced=50.0, paid=20.0, outstanding=30.0)
        self.assertAlmostEqual(items.amount_in_currency, 60.0, 2)
        self.assertEqual(items.currency_id, euro)

    def _euro(self) -> object:
        return self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])

    def _set_rate(self, currency: object, rate: float) -> None:
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": self.today, "rate": rate}
        )
