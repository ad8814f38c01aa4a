from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .client_360_enterprise_common import Client360EnterpriseCommon


@tagged("post_install", "-at_install")
class TestClient360EnterpriseOnAccount(Client360EnterpriseCommon):
    """Money of a payment without entry, booked on account when the bank brings it."""

    def _on_account(self, amount: float, hours: int = 1, **vals: Any) -> Any:
        """Book a bank line on account.

        :param hours: after now at which it was booked
        """
        receipt = self._bank_line(amount, (self.client, amount), **vals)
        self.env.cr.execute(
            "UPDATE account_move_line SET create_date = create_date + %s * interval"
            " '1 hour' WHERE move_id = %s",
            [hours, receipt.move_id.id],
        )
        return receipt

    # ---------------------------------------------------------------- prepayments

    def test_prepayment_counts_once_when_the_bank_brings_it(self) -> None:
        self._prepay(70.0)
        self._on_account(70.0)
        self.assertFigures(paid=70.0, unapplied=70.0)

    def test_prepayment_still_counts_once_when_it_is_applied_later(self) -> None:
        self._prepay(70.0)
        receipt = self._on_account(70.0)
        invoice = self._bill(100.0, due=-5)
        self._reconcile(self._terms(receipt.move_id), self._terms(invoice))
        self._happen_later(invoice)
        self.assertFigures(invoiced=100.0, paid=70.0, outstanding=30.0, overdue=30.0)

    def _happen_later(self, invoice: Any) -> None:
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = create_date"
            " + interval '1 day' WHERE debit_move_id IN %s",
            [tuple(self._terms(invoice).ids)],
        )

    def test_money_paid_back_counts_once(self) -> None:
        self._prepay(-15.0)
        self._on_account(-15.0)
        self.assertFigures(paid=-15.0, unapplied=-15.0)

    def test_foreign_prepayment_counts_once_whatever_the_banks_rate(self) -> None:
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        self._prepay(100.0, currency_id=euro.id)
        receipt = self._bank_line(
            55.0, foreign_currency_id=euro.id, amount_currency=100.0
        )
        suspense = receipt._seek_for_lines()[1]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self.receivable.id}
        )
        self.assertFigures(paid=50.0, unapplied=55.0)

    def test_prepayments_of_one_amount_are_brought_one_by_one(self) -> None:
        self._prepay(70.0)
        self._prepay(70.0)
        self._on_account(70.0)
        self.assertFigures(paid=140.0, unapplied=140.0, not_in_ledger=70.0)
        self._on_account(70.0)
        self.assertFigures(paid=140.0, unapplied=140.0)
        self._on_account(70.0)
        self.assertFigures(paid=210.0, unapplied=210.0)

    def test_money_that_came_before_the_payment_is_other_money(self) -> None:
        self._on_account(70.0, hours=-1)
        self._prepay(70.0)
        self.assertFigures(paid=140.0, unapplied=140.0, not_in_ledger=70.0)
        self._on_account(70.0)
        self.assertFigures(paid=140.0, unapplied=140.0)

    def test_other_amounts_clients_and_journals_are_other_money(self) -> None:
        self._prepay(70.0)
        self._on_account(70.01)
        self._on_account(70.0, journal_id=self.bank.copy().id)
        other = self._create_client("Second Workshop")
        self._bank_line(70.0, (other, 70.0), partner_id=other.id)
        self.assertFigures(paid=210.01, unapplied=210.01, not_in_ledger=70.0)

    def test_receipt_matched_with_a_document_brings_no_prepayment(self) -> None:
        self._prepay(70.0)
        invoice = self._bill(70.0, due=-5)
        self._bank_line(70.0, (invoice, 70.0))
        self.assertFigures(
            invoiced=70.0, paid=140.0, unapplied=70.0, not_in_ledger=70.0
        )

    # -------------------------------------------------------- attached to documents

    def test_attached_payment_counts_once_when_booked_on_account(self) -> None:
        self._pay(self._bill(100.0, due=-5))
        self._on_account(100.0)
        self.assertFigures(
            invoiced=100.0,
            paid=100.0,
            outstanding=100.0,
            overdue=100.0,
            unapplied=100.0,
        )

    def test_invoice_cancelled_after_its_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        self._bank_line(100.0, (invoice, 100.0))
        invoice.button_cancel()
        self.assertEqual(invoice.state, "cancel")
        self.assertFigures(paid=100.0, unapplied=100.0)

    def test_invoice_cancelled_before_its_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        invoice.button_cancel()
        self.assertFigures(paid=100.0, unapplied=100.0, not_in_ledger=100.0)
        self._on_account(100.0)
        self.assertFigures(paid=100.0, unapplied=100.0)

    def test_money_of_a_cancelled_invoice_is_applied_to_the_next(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        receipt = self._bank_line(100.0, (invoice, 100.0))
        invoice.button_cancel()
        new = self._bill(100.0, due=-5)
        self._reconcile(self._terms(receipt.move_id), self._terms(new))
        self._happen_later(new)
        self.assertFigures(invoiced=100.0, paid=100.0)
