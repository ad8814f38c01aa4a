"""Payments that the client's bank takes back, until that is decided."""

from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.tests import tagged

from .online_payment_common import RefundCommon


@tagged("post_install", "-at_install")
class TestDispute(RefundCommon):
    def test_disputed_money_reopens_the_invoice(self) -> None:
        """S22, S23: not payable, not reminded of, with a deadline for staff."""
        before = self._snapshot()
        self._dispute()
        dispute = self._get_dispute()
        self.assertTrue(dispute.is_open)
        self.assertEqual(dispute.payment_id.amount, 100.0)
        self.assertEqual(dispute.payment_id.payment_type, "outbound")
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertTrue(self.invoice.client_is_disputed)
        self.assertTrue(self.invoice.no_followup)
        self.assertFalse(self.invoice._has_to_be_paid())
        self.assertIn("disputed", self.invoice._get_online_payment_error())
        [activity] = self._activities(self.payment)
        self.assertEqual(activity.date_deadline, dispute.due_by.date())
        self.assertEqual(self._snapshot(), before)

    def test_a_dispute_that_is_lost(self) -> None:
        """S22: the debt is open, and payable again."""
        found = self._dispute()
        self._decide(found, won=False)
        self.assertEqual(self._get_dispute().status, "lost")
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertFalse(self.invoice.client_is_disputed)
        self.assertFalse(self.invoice.no_followup)
        self.assertTrue(self.invoice._has_to_be_paid())
        self.assertEqual(len(self._new_payments()), 1)
        self.assertEqual(self.payment.amount_available_for_refund, 0.0)

    def test_a_dispute_that_is_won(self) -> None:
        """S22: the money is back by a new entry."""
        found = self._dispute()
        self._decide(found, won=True)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertFalse(self.invoice.client_is_disputed)
        self.assertEqual(
            self._new_payments().mapped("payment_type"), ["outbound", "inbound"]
        )
        self.assertEqual(self.client_fr.client_total_paid, 100.0)

    def test_what_exchange_rates_made_of_it_is_no_withdrawal(self) -> None:
        """S22: less came back in the currency of the account than went."""
        found = self._dispute()
        self._decide(found, won=True, receive=False)
        movements = [{"amount": -10000}, {"amount": 9900}]
        self.standin.do(
            "dispute_change", number=found["id"], balance_transactions=movements
        )
        self._receive()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(
            self._new_payments().mapped("payment_type"), ["outbound", "inbound"]
        )

    def test_a_dispute_in_another_currency_is_not_booked(self) -> None:
        """S17: staff are told; the payment can be refunded no more."""
        found = self._dispute(currency="gbp", amount=2500)
        self.assertEqual(self._get_dispute().amount, 100.0)
        self.assertFalse(self._new_payments())
        self.assertIn("GBP", " ".join(self._activities(self.payment).mapped("note")))
        self.assertTrue(self.invoice.client_is_disputed)
        self.assertEqual(self.payment.amount_available_for_refund, 0.0)
        self._decide(found, won=False)
        self.assertFalse(self._new_payments())
        notes = " ".join(self._activities(self.payment).mapped("note"))
        self.assertIn("Nothing was booked", notes)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_events_in_any_order_and_twice(self) -> None:
        """S10."""
        found = self._dispute(receive=False)
        self.standin.do("dispute_decide", number=found["id"], won=False)
        for reverse in (True, False, True):
            self._receive(reverse=reverse)
        self.assertEqual(len(self._new_payments()), 1)
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertFalse(self.invoice.client_is_disputed)

    def test_the_portal_does_not_ask_for_it(self) -> None:
        """S22: together with a document that is payable."""
        other = self._create_document(40.0)
        self._dispute()
        offers = self.env["client.hub.online.payment"]._get_payables(
            self.invoice + other
        )
        self.assertEqual(offers.refused, {self.invoice.id: "disputed"})
        self.assertEqual([offer.moves for offer in offers.offers], [other])

    def test_the_reason_is_told_in_words(self) -> None:
        self._dispute(reason="product_not_received")
        [activity] = self._activities(self.payment)
        self.assertIn("(nothing was received)", activity.note)
        self.assertNotIn("product", activity.note)
        self._get_dispute().reason = "invented_tomorrow"
        self.assertIn("at Stripe", self._get_dispute()._get_reason_text())

    def test_an_inquiry_takes_no_money(self) -> None:
        self._dispute(inquiry=True)
        self.assertFalse(self._new_payments())
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertTrue(self.invoice.client_is_disputed)
        self.assertTrue(self._activities(self.payment))

    def test_part_of_a_payment(self) -> None:
        self._dispute(amount=2500)
        self.assertEqual(self.invoice.amount_residual, 25.0)

    def test_a_new_deadline_replaces_the_old(self) -> None:
        found = self._dispute()
        later = {"due_by": found["evidence_details"]["due_by"] + 5 * 86400}
        details = found["evidence_details"] | later
        self.standin.do("dispute_change", number=found["id"], evidence_details=details)
        self._receive()
        [activity] = self._activities(self.payment)
        self.assertEqual(activity.date_deadline, self._get_dispute().due_by.date())

    def test_nobody_refunds_what_is_disputed(self) -> None:
        """S22."""
        self._dispute()
        self.assertEqual(self.payment.amount_available_for_refund, 0.0)
        with self.assertRaisesRegex(UserError, "disputes"):
            self.transaction._refund(10.0)

    def test_reminders_that_staff_switched_off_stay_off(self) -> None:
        self.invoice.no_followup = True
        found = self._dispute()
        self._decide(found, won=False)
        self.assertTrue(self.invoice.no_followup)

    def test_disputed_documents_can_be_searched(self) -> None:
        other = self._create_document()
        self._dispute()
        moves = self.env["account.move"]
        both = [("id", "in", (self.invoice + other).ids)]
        found = moves.search([*both, ("client_is_disputed", "=", True)])
        self.assertEqual(found, self.invoice)
        found = moves.search([*both, ("client_is_disputed", "=", False)])
        self.assertEqual(found, other)

    def test_lists_of_invoices_need_no_query_for_each(self) -> None:
        moves = self.env["account.move"].union(
            *[self._create_document() for _one in range(6)]
        )
        counts = []
        for some in (moves[:2], moves):
            self.env.invalidate_all()
            some = self.env["account.move"].browse(some.ids)
            some.mapped("transaction_ids.provider_id.code")
            some.mapped("amount_residual")
            before = self.env.cr.sql_log_count
            some.mapped("client_is_disputed")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_with_closed_books_and_hashes(self) -> None:
        self._close_the_books()
        found = self._dispute()
        before = self._snapshot()
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self._decide(found, won=True)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self._snapshot(), before)

    def _dispute(self, *, receive: bool = True, **values: Any) -> Any:
        found = self.standin.do("dispute", number=self.session, **values)
        if receive:
            self._receive()
        return found

    def _decide(self, found: Any, *, won: bool, receive: bool = True) -> None:
        self.standin.do("dispute_decide", number=found["id"], won=won)
        if receive:
            self._receive()

    def _get_dispute(self) -> Any:
        return self.disputes.search([("transaction_id", "=", self.transaction.id)])
