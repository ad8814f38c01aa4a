"""Money that was held first: its payment is that of a capture made in Odoo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_payment_common import RefundCommon

BOOKING = "odoo.addons.client_hub.models.payment_transaction_booking"


@tagged("post_install", "-at_install")
class TestCapture(RefundCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # sudo: administrators set providers up.
        cls.provider.sudo().capture_manually = True

    def setUp(self) -> None:
        super().setUp()
        self.payment = self.capture.payment_id

    def _buy(self, *documents: Any) -> Any:
        transaction = self._open_checkout(*documents)
        self._pay(transaction)
        self._receive()
        self.capture = transaction._capture()
        self._receive()
        return transaction

    def test_the_payment_is_that_of_the_capture(self) -> None:
        self.assertTrue(self.payment)
        self.assertFalse(self.transaction.payment_id)
        self.assertEqual(self.transaction._get_original_payment(), self.payment)
        self.assertEqual(self.capture._get_root(), self.transaction)
        self.assertEqual(self.invoice.payment_state, "paid")

    # ------------------------------------------------------------ refunds

    def test_a_refund_made_in_odoo_is_booked_once(self) -> None:
        """S9: Stripe's events name the first transaction, the refund is another's."""
        self.payment.payment_transaction_id._refund(40.0)
        for reverse in (True, False):
            self._receive(reverse=reverse)
        self.assertEqual(self._new_payments().mapped("amount"), [40.0])
        self.assertEqual(self.invoice.amount_residual, 40.0)
        self.assertEqual(self.payment.amount_available_for_refund, 60.0)

    def test_a_refund_in_stripes_dashboard_counts(self) -> None:
        """It is one of the capture, of which no more than the rest can be refunded."""
        self._refund(3000)
        self._receive()
        self.assertEqual(self._new_payments().mapped("amount"), [30.0])
        self.assertEqual(self._new_payments().source_payment_id, self.payment)
        self.assertEqual(self.payment.amount_available_for_refund, 70.0)

    def test_the_same_refund_is_never_recorded_twice(self) -> None:
        """S9: also if two processes do not see each other."""
        refund = self._refund(3000)
        self._receive()
        known = self.transaction._find_refund(refund["id"])
        self.assertEqual(known.provider_reference, refund["id"])
        again = self.transaction._create_child_transaction(30.0, is_refund=True)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            again.provider_reference = refund["id"]
            again.flush_recordset()

    def test_refunds_of_other_providers_may_be_named_alike(self) -> None:
        for _one in range(2):
            child = self.transaction._create_child_transaction(10.0, is_refund=True)
            child.provider_reference = "demo"
            child.flush_recordset()

    def test_a_failed_refund_pays_the_invoice_again(self) -> None:
        """S21."""
        refund = self._refund()
        self._receive()
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.standin.do("refund_fail", number=refund["id"])
        self._receive()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self.payment.amount_available_for_refund, 100.0)

    def test_the_credit_note_of_what_was_paid_goes_first(self) -> None:
        other = self._create_document(100.0, "out_refund", invoice_date="2026-01-01")
        note = self.invoice._reverse_moves([{"invoice_date": "2026-02-01"}])
        note.action_post()
        self._refund()
        self._receive()
        self.assertEqual(note.payment_state, "paid")
        self.assertEqual(other.payment_state, "not_paid")

    def test_a_refund_whose_booking_fails_is_booked_by_the_next_event(self) -> None:
        with self._failing_bookings():
            self._refund(3000)
            self._receive("refund.created")
        child = self.capture.child_transaction_ids
        self.assertEqual(child.state, "done")
        self.assertFalse(child.payment_id)
        self._receive("charge.refunded")
        self.assertEqual(child.payment_id.amount, 30.0)
        self.assertEqual(self._new_payments(), child.payment_id)
        self.assertFalse(child.client_payment_problem)

    def test_a_capture_whose_booking_fails_is_tried_again(self) -> None:
        invoice = self._create_document()
        with self._failing_bookings():
            self._buy(invoice)
        self.assertFalse(self.capture.payment_id)
        self.assertEqual(self.capture.client_payment_problem, "booking")
        self.capture._book_now()
        self.assertEqual(invoice.payment_state, "paid")

    # ------------------------------------------------------------ disputes

    def test_nobody_refunds_what_is_disputed(self) -> None:
        """S22."""
        self.standin.do("dispute", number=self.session)
        self._receive()
        self.assertEqual(self.payment.amount_available_for_refund, 0.0)
        with self.assertRaisesRegex(UserError, "disputes"):
            self.capture._refund(10.0)

    def test_what_was_lost_cannot_be_refunded(self) -> None:
        """S22."""
        found = self.standin.do("dispute", number=self.session, amount=2500)
        self.standin.do("dispute_decide", number=found["id"], won=False)
        self._receive()
        self.assertEqual(self.payment.amount_available_for_refund, 75.0)

    def test_a_dispute_that_is_won_pays_the_invoice_again(self) -> None:
        """S22."""
        found = self.standin.do("dispute", number=self.session)
        self._receive()
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.standin.do("dispute_decide", number=found["id"], won=True)
        self._receive()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(self.payment.amount_available_for_refund, 100.0)

    # ------------------------------------------------------------ discounts

    def test_a_capture_keeps_the_discount(self) -> None:
        invoice = self._create_discounted(100.0)
        transaction = self._open_discounted(invoice, 98.0)
        self._pay(transaction)
        self._receive()
        transaction._capture()
        self._receive()
        self.assertEqual(invoice.payment_state, "paid")
        captured = transaction._get_original_payment()
        self.assertEqual(captured.amount, 98.0)
        self.assertTrue(self._receivable(captured).reconciled)
        self.assertFalse(self._activities(captured))

    @contextmanager
    def _failing_bookings(self) -> Iterator[None]:
        model = type(self.env["account.payment"])
        fails = patch.object(model, "action_post", side_effect=ValueError("no"))
        with fails, mute_logger(BOOKING):
            yield
