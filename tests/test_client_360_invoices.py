from __future__ import annotations

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .client_360_common import AGEING, Client360Common


@tagged("post_install", "-at_install")
class TestClient360Invoices(Client360Common):
    """What documents without any payment do to the figures."""

    def test_client_with_nothing_has_zeros(self) -> None:
        self.assertFigures()
        self.assertEqual(self.client.client_standing, "new")

    def test_client_being_created_has_zeros(self) -> None:
        client = self.partners.new({"name": "Not Saved"})
        self.assertEqual(client.client_outstanding, 0.0)
        self.assertEqual(client.client_standing, "new")

    def test_open_invoice_counts_with_its_taxes(self) -> None:
        line = self._prepare_invoice_line(price_unit=100.0, tax_ids=self.tax_sale_a)
        self.assertEqual(self.tax_sale_a.amount, 15.0)
        self._bill(0, due=10, invoice_line_ids=[line])
        self.assertFigures(invoiced=115.0, outstanding=115.0)
        self.assertEqual(self.client.client_standing, "open")

    def test_invoice_of_a_contact_is_one_of_the_company(self) -> None:
        self._bill(80.0, due=10, partner_id=self.contact.id)
        self.assertFigures(invoiced=80.0, outstanding=80.0)

    def test_invoice_is_overdue_from_the_day_after_its_due_date(self) -> None:
        self._bill(100.0, due=0)
        self.assertFigures(invoiced=100.0, outstanding=100.0)
        self._bill(10.0, due=-1)
        self.assertFigures(invoiced=110.0, outstanding=110.0, overdue=10.0)
        self.assertEqual(self.client.client_standing, "overdue")

    def test_receipt_counts_like_an_invoice(self) -> None:
        self._bill(40.0, due=-1, move_type="out_receipt")
        self.assertFigures(invoiced=40.0, outstanding=40.0, overdue=40.0)

    def test_draft_and_cancelled_documents_never_count(self) -> None:
        self._bill(100.0, post=False)
        self._bill(200.0, post=False).button_cancel()
        self.assertFigures()
        self.assertEqual(self.client.client_standing, "new")

    def test_invoice_reset_to_draft_counts_no_more_until_posted_again(self) -> None:
        invoice = self._bill(100.0)
        invoice.button_draft()
        self.assertFigures()
        invoice.action_post()
        self.assertFigures(invoiced=100.0, outstanding=100.0)

    def test_vendor_bill_and_its_refund_never_count(self) -> None:
        for move_type in ("in_invoice", "in_refund", "in_receipt"):
            self._bill(70.0, move_type=move_type)
        self.assertFigures()

    # --------------------------------------------------------------- credit notes

    def test_unapplied_credit_note_is_deducted(self) -> None:
        self._bill(100.0, due=10)
        self._credit(30.0, due=10)
        self.assertFigures(invoiced=70.0, outstanding=70.0)

    def test_due_credit_note_lowers_what_is_overdue(self) -> None:
        self._bill(100.0, due=-5)
        self._credit(30.0, due=-5)
        self.assertFigures(invoiced=70.0, outstanding=70.0, overdue=70.0)

    def test_credit_note_not_yet_due_lowers_what_is_open_only(self) -> None:
        self._bill(100.0, due=-5)
        self._credit(30.0, due=5)
        self.assertFigures(invoiced=70.0, outstanding=70.0, overdue=100.0)

    def test_only_a_credit_note_puts_the_client_in_credit(self) -> None:
        self._credit(30.0, due=-5)
        self.assertFigures(invoiced=-30.0, outstanding=-30.0, overdue=-30.0)
        self.assertEqual(self.client.client_standing, "credit")

    def test_applied_credit_note_is_no_money_received(self) -> None:
        invoice = self._bill(100.0, due=-5)
        credit = self._credit(30.0)
        self._terms(invoice + credit).reconcile()
        self.assertFigures(invoiced=70.0, outstanding=70.0, overdue=70.0)

    def test_reversed_invoice_leaves_nothing(self) -> None:
        invoice = self._bill(100.0, due=-5)
        credit = self._reverse_invoice(invoice, is_modify=False, post=True)
        self._reconcile(self._terms(invoice + credit))
        self.assertFigures()
        self.assertEqual(self.client.client_standing, "settled")

    # ---------------------------------------------------------------- instalments

    def test_each_instalment_is_due_by_its_own_date(self) -> None:
        date = self.today - timedelta(45)
        self._bill(1000.0, invoice_date=date, invoice_payment_term_id=self._term().id)
        self.assertFigures(invoiced=1000.0, outstanding=1000.0, overdue=300.0)
        self.assertEqual(self.client.client_overdue_31_60, 300.0)
        self.assertEqual(self.client.client_not_due, 700.0)

    def test_paid_instalment_is_not_overdue(self) -> None:
        date = self.today - timedelta(45)
        invoice = self._bill(
            1000.0, invoice_date=date, invoice_payment_term_id=self._term().id
        )
        self._pay(invoice, 300.0)
        self.assertFigures(invoiced=1000.0, paid=300.0, outstanding=700.0)

    def _term(self) -> object:
        """Return a payment term: 30 % at once, 70 % after 60 days."""
        shares = ((30.0, 0), (70.0, 60))
        lines = [
            Command.create({"value": "percent", "value_amount": part, "nb_days": days})
            for part, days in shares
        ]
        return self.env["account.payment.term"].create(
            {"name": "In two parts", "line_ids": lines}
        )

    # --------------------------------------------------------------------- ageing

    def test_every_age_falls_in_one_bucket(self) -> None:
        ages = (-1, 0, 1, 30, 31, 60, 61, 90, 91)
        for position, age in enumerate(ages):
            self._bill(2.0**position, due=-age)
        self.assertFigures(invoiced=511.0, outstanding=511.0, overdue=508.0)
        expected = [1 + 2, 4 + 8, 16 + 32, 64 + 128, 256]
        self.assertEqual([self.client[name] for name in AGEING], expected)

    # -------------------------------------------------------- other ledger entries

    def test_opening_balance_is_shown_beside_the_figures(self) -> None:
        self._entry(500.0)
        self.assertFigures(other=500.0)

    def test_miscellaneous_credit_is_neither_paid_nor_unapplied(self) -> None:
        self._bill(100.0, due=10)
        self._entry(-40.0)
        self.assertFigures(invoiced=100.0, outstanding=100.0, other=-40.0)

    def test_matched_miscellaneous_credit_lowers_what_is_open(self) -> None:
        invoice = self._bill(100.0, due=-1)
        (self._terms(invoice) + self._entry(-40.0)).reconcile()
        self.assertFigures(invoiced=100.0, outstanding=60.0, overdue=60.0)

    def test_bad_debt_write_off_is_no_money_received(self) -> None:
        invoice = self._bill(100.0, due=-90)
        expense = self.company_data["default_account_expense"]
        (self._terms(invoice) + self._entry(-100.0, account=expense)).reconcile()
        self.assertFigures(invoiced=100.0)
        self.assertEqual(self.client.client_standing, "settled")

    def test_payment_of_an_opening_balance_is_received_and_applied(self) -> None:
        opening = self._entry(500.0)
        payment = self._prepay(200.0)
        (opening + self._terms(payment.move_id)).reconcile()
        self.assertFigures(paid=200.0, other=300.0)
