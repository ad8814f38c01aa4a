from __future__ import annotations

from odoo.tests import tagged

from .client_360_enterprise_common import Client360EnterpriseCommon


@tagged("post_install", "-at_install")
class TestClient360Enterprise(Client360EnterpriseCommon):
    """The same money is seen at the payment and at the bank, and counts once."""

    # ------------------------------------------------------------- full payment

    def test_full_payment_before_its_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        self.assertEqual(invoice.payment_state, "in_payment")
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=100.0)

    def test_full_payment_after_its_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        payment = self._pay(invoice)
        self._bank_line(100.0, (invoice, 100.0))
        self.assertEqual((payment.state, invoice.payment_state), ("paid", "paid"))
        self.assertFigures(invoiced=100.0, paid=100.0)
        self.assertEqual(self._get_money(self.client).payment_id, payment)

    def test_payment_validated_by_hand_settles_its_invoice(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice).action_validate()
        self.assertEqual(invoice.payment_state, "in_payment")
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=100.0)

    def test_cancelled_payment_covers_nothing(self) -> None:
        self._pay(self._bill(100.0, due=-5)).action_cancel()
        self.assertFigures(invoiced=100.0, outstanding=100.0, overdue=100.0)

    def test_rejected_payment_covers_nothing(self) -> None:
        self._pay(self._bill(100.0, due=-5)).action_reject()
        self.assertFigures(invoiced=100.0, outstanding=100.0, overdue=100.0)

    # ------------------------------------------------------------- part payment

    def test_part_payment_before_its_bank_line(self) -> None:
        self._pay(self._bill(100.0, due=-5), 40.0)
        self.assertFigures(
            invoiced=100.0,
            paid=40.0,
            outstanding=60.0,
            overdue=60.0,
            not_in_ledger=40.0,
        )

    def test_part_payment_after_its_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        payment = self._pay(invoice, 40.0)
        self._bank_line(40.0, (invoice, 40.0))
        self.assertEqual(payment.state, "paid")
        self.assertFigures(invoiced=100.0, paid=40.0, outstanding=60.0, overdue=60.0)

    def test_part_payment_then_a_bank_line_of_its_own(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice, 40.0)
        self._bank_line(40.0, (invoice, 40.0))
        self._bank_line(60.0, (invoice, 60.0))
        self.assertFigures(invoiced=100.0, paid=100.0)

    def test_bank_line_before_the_payment_is_other_money(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._bank_line(60.0, (invoice, 60.0))
        self.env.cr.execute(
            "UPDATE account_partial_reconcile"
            " SET create_date = create_date - interval '1 day'"
            " WHERE debit_move_id = %s",
            [self._terms(invoice).id],
        )
        self._pay(invoice)
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=40.0)
        self._bank_line(40.0, (invoice, 40.0))
        self.assertFigures(invoiced=100.0, paid=100.0)

    def test_part_payment_covers_what_is_due_first(self) -> None:
        late, soon = self._bill(50.0, due=-5), self._bill(50.0, due=5)
        self._pay(soon + late, 60.0)
        self.assertFigures(
            invoiced=100.0, paid=60.0, outstanding=40.0, not_in_ledger=60.0
        )
        self.assertEqual(self._get_items(self.client).move_id, soon)

    # ------------------------------------------------- several on either side

    def test_one_payment_on_two_invoices_before_its_bank_line(self) -> None:
        self._pay(self._bill(100.0, due=-5) + self._bill(50.0, due=5))
        self.assertFigures(invoiced=150.0, paid=150.0, not_in_ledger=150.0)

    def test_one_payment_on_two_invoices_after_its_bank_line(self) -> None:
        first, second = self._bill(100.0, due=-5), self._bill(50.0, due=5)
        payment = self._pay(first + second)
        self._bank_line(150.0, (first, 100.0), (second, 50.0))
        self.assertEqual(payment.state, "paid")
        self.assertFigures(invoiced=150.0, paid=150.0)

    def test_one_payment_that_the_bank_brings_in_two_lines(self) -> None:
        first, second = self._bill(100.0, due=-5), self._bill(50.0, due=5)
        payment = self._pay(first + second)
        self._bank_line(100.0, (first, 100.0))
        self.assertEqual(payment.state, "in_process")
        self.assertFigures(invoiced=150.0, paid=150.0, not_in_ledger=50.0)
        self._bank_line(50.0, (second, 50.0))
        self.assertFigures(invoiced=150.0, paid=150.0)

    def test_two_payments_on_one_invoice(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice, 30.0)
        self._pay(invoice, 70.0)
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=100.0)
        self._bank_line(70.0, (invoice, 70.0))
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=30.0)
        self._bank_line(30.0, (invoice, 30.0))
        self.assertFigures(invoiced=100.0, paid=100.0)

    def test_two_payments_beyond_one_invoice(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice, 60.0)
        self._pay(invoice, 60.0)
        self.assertFigures(
            invoiced=100.0, paid=120.0, unapplied=20.0, not_in_ledger=120.0
        )

    def test_two_payments_in_one_bank_line(self) -> None:
        first, second = self._bill(100.0, due=-5), self._bill(50.0, due=5)
        self._pay(first)
        self._pay(second)
        self._bank_line(150.0, (first, 100.0), (second, 50.0))
        self.assertFigures(invoiced=150.0, paid=150.0)

    # --------------------------------------------- more or less than was open

    def test_overpayment_before_and_after_its_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice, 120.0)
        self.assertFigures(
            invoiced=100.0, paid=120.0, unapplied=20.0, not_in_ledger=120.0
        )
        self._bank_line(120.0, (invoice, 100.0), (self.client, 20.0))
        self.assertFigures(invoiced=100.0, paid=120.0, unapplied=20.0)

    def test_bank_brings_more_than_the_payment(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        self._bank_line(130.0, (invoice, 100.0))
        self.assertFigures(
            invoiced=100.0, paid=130.0, unapplied=30.0, not_in_ledger=30.0
        )

    def test_bank_brings_less_than_the_payment(self) -> None:
        invoice = self._bill(100.0, due=-5)
        payment = self._pay(invoice)
        self._bank_line(60.0, (invoice, 60.0))
        self.assertEqual(payment.state, "in_process")
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=40.0)

    def test_prepayment_without_entry_is_unapplied(self) -> None:
        payment = self._prepay(70.0)
        self.assertFalse(payment.move_id)
        self._bill(100.0, due=10)
        self.assertFigures(
            invoiced=100.0,
            paid=70.0,
            outstanding=100.0,
            unapplied=70.0,
            not_in_ledger=70.0,
        )

    def test_payment_settled_by_a_miscellaneous_entry(self) -> None:
        invoice = self._bill(100.0, due=-5)
        payment = self._pay(invoice)
        bank = self.bank.default_account_id
        (self._terms(invoice) + self._entry(-100.0, account=bank)).reconcile()
        self.assertEqual(payment.state, "paid")
        self.assertFigures(invoiced=100.0, paid=100.0)

    # ------------------------------------------------------- back and forth

    def test_invoice_reset_to_draft_frees_the_payment(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        invoice.button_draft()
        self.assertFigures(paid=100.0, unapplied=100.0, not_in_ledger=100.0)
        invoice.action_post()
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=100.0)

    def test_invoice_reset_to_draft_after_the_bank_line(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._pay(invoice)
        self._bank_line(100.0, (invoice, 100.0))
        invoice.button_draft()
        self.assertFigures(paid=100.0, unapplied=100.0)

    def test_undone_matching_waits_for_the_bank_again(self) -> None:
        invoice = self._bill(100.0, due=-5)
        payment = self._pay(invoice)
        bank_line = self._bank_line(100.0, (invoice, 100.0))
        bank_line.action_undo_reconciliation()
        self.assertEqual(payment.state, "in_process")
        self.assertFigures(invoiced=100.0, paid=100.0, not_in_ledger=100.0)

    def test_credit_note_paid_back(self) -> None:
        credit = self._credit(30.0, due=-5)
        self._pay(credit)
        self.assertFigures(invoiced=-30.0, paid=-30.0, not_in_ledger=-30.0)
        self._bank_line(-30.0, (credit, -30.0))
        self.assertFigures(invoiced=-30.0, paid=-30.0)

    def test_foreign_payment_counts_once_whatever_the_banks_rate(self) -> None:
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        invoice = self._bill(100.0, due=-5, currency_id=euro.id)
        payment = self._pay(invoice, 100.0, currency_id=euro.id)
        self.assertFigures(invoiced=50.0, paid=50.0, not_in_ledger=50.0)
        bank_line = self._bank_line(
            55.0, foreign_currency_id=euro.id, amount_currency=100.0
        )
        self._match_suspense(bank_line, invoice)
        self.assertEqual((payment.state, invoice.payment_state), ("paid", "paid"))
        self.assertFigures(invoiced=50.0, paid=50.0)

    # -------------------------------------------------------------------- reading

    def test_figures_take_three_queries(self) -> None:
        self._pay(self._bill(100.0, due=-5), 40.0)
        self._assert_three_queries(self.client + self.contact)

    def test_context_of_a_caller_hides_no_payment(self) -> None:
        self._pay(self._bill(100.0, due=-5), 40.0)
        for known in ([False, False], {"clears": False}, False):
            self.client = self.client.with_context(
                client_hub_known=known, client_hub_figures=known
            )
            self.assertFigures(
                invoiced=100.0,
                paid=40.0,
                outstanding=60.0,
                overdue=60.0,
                not_in_ledger=40.0,
            )
