"""Money that goes back, and money that comes back after that: new entries of today."""

from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.tests import tagged

from .online_payment_common import RefundCommon


@tagged("post_install", "-at_install")
class TestRefund(RefundCommon):
    def test_a_refund_in_stripes_dashboard_reopens_the_invoice(self) -> None:
        """S21."""
        before = self._snapshot()
        self._refund()
        self._receive()
        back = self._new_payments()
        self.assertEqual(back.payment_type, "outbound")
        self.assertEqual(back.amount, 100.0)
        self.assertEqual(back.date, self.env["client.hub.figure"]._get_today())
        self.assertTrue(self._receivable(back).reconciled)
        self.assertTrue(self._receivable(self.payment).reconciled)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertEqual(self._snapshot(), before)

    def test_every_event_twice_in_reverse_books_one_refund(self) -> None:
        """S8, S10, S21."""
        self._refund(3000)
        for reverse in (True, False):
            self._receive(reverse=reverse)
        self.assertEqual(self._new_payments().mapped("amount"), [30.0])
        self.assertEqual(self.invoice.amount_residual, 30.0)

    def test_partial_refunds_add_up(self) -> None:
        """S21: deltas, each once."""
        for amount in (3000, 2000):
            self._refund(amount)
            self._receive()
        self.assertEqual(self._new_payments().mapped("amount"), [30.0, 20.0])
        self.assertEqual(self.invoice.amount_residual, 50.0)
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertEqual(self.payment.amount_available_for_refund, 50.0)

    def test_the_clients_credit_note_takes_it(self) -> None:
        note = self.invoice._reverse_moves([{"invoice_date": "2026-02-01"}])
        note.action_post()
        self._refund()
        self._receive()
        self.assertEqual(note.payment_state, "paid")
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_a_credit_note_takes_its_part(self) -> None:
        """The rest reopens the invoice."""
        note = self._create_document(30.0, "out_refund")
        self._refund(5000)
        self._receive()
        self.assertEqual(note.payment_state, "paid")
        self.assertEqual(self.invoice.amount_residual, 20.0)

    def test_the_credit_notes_of_others_do_not(self) -> None:
        note = self._create_document(100.0, "out_refund", partner_id=self.client_de.id)
        self._refund()
        self._receive()
        self.assertEqual(note.payment_state, "not_paid")
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_what_was_paid_too_much_goes_back_first(self) -> None:
        invoice = self._create_document(60.0)
        transaction = self._open_checkout(invoice)
        self._create_document(60.0, "out_refund")  # not part of it
        self._pay(transaction)
        # Posting it settles the invoice meanwhile.
        self._create_document(60.0, "out_refund", reversed_entry_id=invoice.id)
        self.assertEqual(invoice.payment_state, "reversed")
        self._receive()
        self.assertEqual(transaction.client_payment_problem, "unapplied")
        self.standin.do("refund", number=transaction.client_checkout_session)
        self._receive()
        self.assertTrue(self._receivable(transaction.payment_id).reconciled)
        self.assertEqual(invoice.payment_state, "reversed")

    def test_over_several_invoices_the_oldest_stay_paid(self) -> None:
        """S21: what was due last is open again."""
        early = self._create_document(60.0, invoice_date_due="2026-02-01")
        late = self._create_document(80.0, invoice_date_due="2026-03-01")
        self.session = self._buy(early, late).client_checkout_session
        self._refund(10000)
        self._receive()
        self.assertEqual(late.amount_residual, 80.0)
        self.assertEqual(early.amount_residual, 20.0)

    def test_an_invoice_of_exactly_this_amount_is_meant(self) -> None:
        """S21."""
        early = self._create_document(60.0, invoice_date_due="2026-02-01")
        late = self._create_document(80.0, invoice_date_due="2026-03-01")
        self.session = self._buy(early, late).client_checkout_session
        self._refund(6000)
        self._receive()
        self.assertEqual(early.payment_state, "not_paid")
        self.assertEqual(late.payment_state, "paid")

    def test_an_opening_balance_is_open_again(self) -> None:
        """What was paid need not be an invoice, and others' items are nobody's."""
        account = self.company_data["default_account_receivable"]
        entry = self._create_opening(
            (self.client_fr, account, 70.0), (self.client_de, account, 30.0)
        )
        transaction = self._open_opening(entry, account, 70.0)
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        mine, theirs = entry.line_ids.filtered("debit").sorted("debit", reverse=True)
        self.assertTrue(mine.reconciled)
        self.session = transaction.client_checkout_session
        refund = self._refund(2000)
        self._receive()
        self.assertEqual(mine.amount_residual, 20.0)
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self.assertTrue(mine.reconciled)
        self.assertEqual(theirs.amount_residual, 30.0)

    def test_a_second_refund_leaves_the_first_alone(self) -> None:
        """What the payment matches are debts, and money that went back."""
        invoice = self._create_document(60.0)
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        self.session = transaction.client_checkout_session
        for amount in (2000, 4000):
            self._refund(amount)
            self._receive()
        backs = transaction.child_transaction_ids.payment_id
        self.assertEqual(sorted(backs.mapped("amount")), [20.0, 40.0])
        self.assertTrue(all(self._receivable(back).reconciled for back in backs))
        self.assertEqual(invoice.amount_residual, 60.0)

    def test_a_refund_made_in_odoo(self) -> None:
        """Stripe's event about it books nothing twice."""
        self.transaction._refund(40.0)
        self.assertEqual(self._new_payments().amount, 40.0)
        self._receive()
        self.assertEqual(len(self._new_payments()), 1)
        self.assertEqual(self.invoice.amount_residual, 40.0)
        [request] = [
            one
            for one in self.standin.do("requests")
            if one["path"] == "/v1/refunds" and one["method"] == "POST"
        ]
        self.assertTrue(request["idempotency_key"])

    def test_a_refund_that_waits_is_pending(self) -> None:
        refund = self._refund(pending=True)
        self._receive()
        child = self.transaction.child_transaction_ids
        self.assertEqual(child.state, "pending")
        self.assertEqual(self.invoice.payment_state, "paid")
        self.standin.do("refund_succeed", number=refund["id"])
        self._receive()
        self.assertEqual(child.state, "done")
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_a_refund_that_overtakes_its_payment(self) -> None:
        """S10."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self.standin.do("refund", number=transaction.client_checkout_session)
        refunds = self.standin.events("charge.refunded")[-1:]
        refunds += self.standin.events("refund.created")[-1:]
        for event in refunds:
            self._act(event)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(transaction.payment_id.amount, 100.0)
        self.assertEqual(transaction.child_transaction_ids.payment_id.amount, 100.0)

    # ------------------------------------------------------------ failed refunds

    def test_a_failed_refund_is_reversed_by_a_new_entry(self) -> None:
        """S21."""
        refund = self._refund()
        self._receive()
        back = self._new_payments()
        self.standin.do("refund_fail", number=refund["id"])
        for _delivery in range(2):
            self._receive()
        again = self._new_payments() - back
        self.assertEqual(again.payment_type, "inbound")
        self.assertEqual(again.amount, 100.0)
        self.assertEqual(again.client_reverses_payment_id, back)
        self.assertEqual(back.move_id.state, "posted")
        self.assertTrue(self._receivable(back).reconciled)
        self.assertTrue(self._receivable(again).reconciled)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self.transaction.child_transaction_ids.state, "error")
        self.assertTrue(self._activities(back))
        self.assertEqual(self.payment.amount_available_for_refund, 100.0)

    def test_a_failed_refund_opens_the_credit_note_again(self) -> None:
        note = self._create_document(100.0, "out_refund")
        refund = self._refund()
        self._receive()
        self.assertEqual(note.payment_state, "paid")
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self.assertEqual(note.payment_state, "not_paid")
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_no_receipt_for_money_that_came_back(self) -> None:
        self.company.client_hub_receipts_since = "2020-01-01"
        refund = self._refund()
        self._receive()
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self.assertFalse(any(self._new_payments().mapped("client_receipt_state")))

    def test_a_refund_that_never_was_is_not_booked(self) -> None:
        refund = self._refund(pending=True)
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self.assertFalse(self._new_payments())

    # ------------------------------------------------------------ closed books

    def test_with_closed_books_and_hashes(self) -> None:
        """Refund and failure, with yesterday locked and a hashed journal."""
        self._close_the_books()
        self._refund_and_fail()

    def test_with_an_old_invoice_in_another_currency(self) -> None:
        """Exchange differences of closed months are reversed today."""
        currency = self._get_foreign_currency()
        self.invoice = self._create_document(
            100.0, currency_id=currency.id, invoice_date="2026-01-15"
        )
        self.transaction = self._buy(self.invoice)
        self.payment = self.transaction.payment_id
        self.session = self.transaction.client_checkout_session
        self._close_the_books()
        today = self.env["client.hub.figure"]._get_today()
        known = self.env["account.move"].search([])
        self._refund_and_fail()
        made = self.env["account.move"].search([]) - known
        self.assertEqual(set(made.mapped("date")), {today})

    def _get_foreign_currency(self) -> Any:
        currency = self.env.ref("base.GBP")
        currency.active = True
        currency.rate_ids.unlink()
        for day, rate in (("2026-01-01", 0.5), ("2026-02-01", 0.8)):
            currency.rate_ids = [
                Command.create(
                    {"name": day, "rate": rate, "company_id": self.company.id}
                )
            ]
        return currency

    def _refund_and_fail(self) -> None:
        known = self._payments()
        refund = self._refund()
        self._receive()
        before = self._snapshot()
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self._snapshot(), before)
        self.assertEqual(
            set((self._payments() - known).mapped("state")), {"in_process"}
        )

    # ------------------------------------------------------------ figures

    def test_total_paid_nets_what_went_back(self) -> None:
        """Client 360 and the statement stay right throughout."""
        client = self.client_fr
        self._assert_figures(client, paid=100.0, outstanding=0.0)
        refund = self._refund(3000)
        self._receive()
        self._assert_figures(client, paid=70.0, outstanding=30.0)
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self._assert_figures(client, paid=100.0, outstanding=0.0)

    def _assert_figures(self, client: Any, *, paid: float, outstanding: float) -> None:
        client.invalidate_recordset()
        self.assertEqual(client.client_total_paid, paid)
        self.assertEqual(client.client_outstanding, outstanding)
        self.assertEqual(client.client_unapplied, 0.0)
        self.assertEqual(client.client_total_invoiced, 100.0)
