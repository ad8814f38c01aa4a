"""Money that arrives otherwise than expected: it is booked, and staff are told."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_payment_common import OnlinePaymentCommon

BOOKING = "odoo.addons.client_hub.models.payment_transaction_booking"


@tagged("post_install", "-at_install")
class TestHeld(OnlinePaymentCommon):
    def test_a_draft_is_never_posted_because_it_was_paid(self) -> None:
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        invoice.button_draft()
        self._pay(transaction)
        self._receive()
        self.assertEqual(invoice.state, "draft")
        self._assert_unapplied(transaction, 100.0)
        self.assertEqual(transaction.invoice_ids, invoice)

    def test_a_cancelled_invoice_leaves_credit(self) -> None:
        """S18."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        invoice.button_draft()
        invoice.button_cancel()
        self._pay(transaction)
        self._receive()
        self._assert_unapplied(transaction, 100.0)

    def test_what_is_paid_twice_is_credit(self) -> None:
        """S18."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self._pay(transaction)
        self._receive()
        self._assert_unapplied(transaction, 100.0)

    def test_another_amount_is_held(self) -> None:
        """S17: what arrived is booked, as credit, and staff are told."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._tamper(transaction, amount=9000, amount_received=9000)
        self._receive()
        self.assertEqual(transaction.client_payment_problem, "amount")
        self.assertEqual(transaction.payment_id.amount, 90.0)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertTrue(self._activities(transaction.payment_id))

    def test_another_currency_is_held(self) -> None:
        """S17."""
        self.env.ref("base.GBP").active = True
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._tamper(transaction, currency="gbp")
        self._receive()
        self.assertEqual(transaction.payment_id.currency_id.name, "GBP")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertTrue(self._activities(transaction.payment_id))

    def test_a_booking_that_fails_loses_no_money(self) -> None:
        """S34: the state stays, Odoo's cron is called, staff are told."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        model = type(self.env["account.payment"])
        fails = patch.object(model, "action_post", side_effect=ValueError("no"))
        with fails, mute_logger(BOOKING):
            self._receive("payment_intent.succeeded")
        self.assertEqual(transaction.state, "done")
        self.assertFalse(transaction.payment_id)
        self.assertEqual(transaction.client_payment_problem, "booking")
        self.assertTrue(self._activities(invoice))
        transaction._post_process()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(transaction.client_payment_problem)

    def test_another_amount_is_held_also_if_its_booking_fails_once(self) -> None:
        """S17: the second try knows what the first one knew."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._tamper(transaction, amount=9000, amount_received=9000)
        model = type(self.env["account.payment"])
        fails = patch.object(model, "action_post", side_effect=ValueError("no"))
        with fails, mute_logger(BOOKING):
            self._receive("payment_intent.succeeded")
            transaction._book_now()
        self.assertEqual(transaction.client_payment_problem, "amount_booking")
        self.assertEqual(len(self._activities(invoice)), 1)
        transaction._book_now()
        self.assertEqual(transaction.client_payment_problem, "amount")
        self.assertEqual(transaction.payment_id.amount, 90.0)
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_no_discount_if_another_amount_arrived(self) -> None:
        """S17: what arrived is credit, and nothing but that."""
        invoice = self._create_discounted(100.0)
        transaction = self._open_discounted(invoice, 98.0)
        self._pay(transaction)
        self._tamper(transaction, amount=9000, amount_received=9000)
        self._receive()
        self.assertEqual(len(transaction.payment_id.move_id.line_ids), 2)
        self.assertEqual(
            self._receivable(transaction.payment_id).amount_residual, -90.0
        )
        self.assertEqual(invoice.amount_residual, 100.0)

    # ------------------------------------------------------------ accounts

    def test_the_account_that_was_offered(self) -> None:
        """Of an entry with items on several accounts, of several clients."""
        usual = self.company_data["default_account_receivable"]
        special = usual.copy({"name": "Special receivable"})
        entry = self._create_opening(
            (self.client_de, usual, 30.0),
            (self.client_fr, usual, 20.0),
            (self.client_fr, special, 50.0),
        )
        transaction = self._open_opening(entry, special, 50.0)
        self.assertEqual(transaction.client_account_id, special)
        self._pay(transaction)
        self._receive()
        open_items = entry.line_ids.filtered("amount_residual")
        self.assertEqual(set(open_items.mapped("balance")), {30.0, 20.0})
        self.assertFalse(transaction.client_payment_problem)

    def test_the_account_of_this_client_if_none_was_offered(self) -> None:
        """As with Odoo's own forms, which offer documents alone."""
        usual = self.company_data["default_account_receivable"]
        special = usual.copy({"name": "Special receivable"})
        entry = self._create_opening(
            (self.client_de, usual, 30.0), (self.client_fr, special, 50.0)
        )
        transaction = self._open_opening(entry, special, 50.0)
        transaction.client_account_id = False
        self._pay(transaction)
        self._receive()
        open_items = entry.line_ids.filtered("amount_residual")
        self.assertEqual(open_items.mapped("balance"), [30.0])

    def _tamper(self, transaction: Any, **values: Any) -> None:
        session = self.provider._read_stripe_session(
            transaction.client_checkout_session
        )
        self.standin.do("tamper", number=session["payment_intent"]["id"], **values)

    def _assert_unapplied(self, transaction: Any, amount: float) -> None:
        payment = transaction.payment_id
        self.assertEqual(len(self._payments().filtered("payment_transaction_id")), 1)
        self.assertEqual(transaction.client_payment_problem, "unapplied")
        rest = self._receivable(payment).amount_residual
        self.assertEqual(rest, -amount)
        self.assertEqual(len(self._activities(payment)), 1)
