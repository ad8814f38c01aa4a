"""What is paid on Stripe's page is booked at once, once, and rightly."""

from __future__ import annotations

import random
from typing import Any
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ConcurrencyError, LockError
from odoo.tests import tagged

from .online_payment_common import KILL_POINTS, OnlinePaymentCommon


@tagged("post_install", "-at_install")
class TestBooking(OnlinePaymentCommon):
    def test_a_card_payment_is_booked_by_the_event(self) -> None:
        """S2, S34: the invoice is paid when the event is acted on."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        self.assertEqual(transaction.state, "done")
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(invoice.payment_state, "paid")
        payment = transaction.payment_id
        self.assertEqual(payment.amount, 100.0)
        self.assertEqual(payment.partner_id, self.client_fr)
        self.assertEqual(payment.date, self.env["client.hub.figure"]._get_today())
        self.assertFalse(self._activities(payment))

    def test_the_session_event_alone_books(self) -> None:
        """S3."""
        invoice = self._create_document()
        self._pay(self._open_checkout(invoice))
        self._receive("checkout.session.completed")
        self.assertEqual(invoice.payment_state, "paid")

    def test_the_receipt_is_queued(self) -> None:
        """S32: ours, as Stripe sends none unless its dashboard says so."""
        self.company.client_hub_receipts_since = "2020-01-01"
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        self._receive()
        self.assertEqual(transaction.payment_id.client_receipt_state, "queued")

    def test_the_method_gets_its_name(self) -> None:
        transaction = self._open_checkout(self._create_document())
        self.assertEqual(transaction.payment_method_code, "unknown")
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        self.assertIn(transaction.payment_method_code, ("visa", "card"))

    def test_any_number_and_order_of_events_gives_one_payment(self) -> None:
        """S8, S9, S10: property over random deliveries."""
        rounds = random.Random(7)
        for _round in range(6):
            invoice = self._create_document()
            transaction = self._open_checkout(invoice)
            before = {event["id"] for event in self.standin.events()}
            self._pay(transaction)
            events = [e for e in self.standin.events() if e["id"] not in before]
            deliveries = events + [rounds.choice(events) for _one in range(8)]
            rounds.shuffle(deliveries)
            for event in deliveries:
                self._act(event)
            payments = self._payments().filtered(
                lambda one, tx=transaction: one.payment_transaction_id == tx
            )
            self.assertEqual(len(payments), 1)
            self.assertEqual(invoice.payment_state, "paid")

    def test_several_documents_with_a_credit_note(self) -> None:
        first = self._create_document(100.0)
        second = self._create_document(50.0)
        note = self._create_document(30.0, "out_refund")
        transaction = self._open_checkout(first, second, note)
        self.assertEqual(transaction.amount, 120.0)
        self._pay(transaction)
        self._receive()
        for document in first + second + note:
            self.assertEqual(document.payment_state, "paid")

    def test_many_documents_are_written_on_at_once(self) -> None:
        moves = [self._create_document(10.0) for _one in range(12)]
        transaction = self._open_checkout(*moves)
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        for move in moves:
            self.assertEqual(move.payment_state, "paid")
            texts = " ".join(move.message_ids.mapped("body"))
            self.assertIn(transaction.payment_id.name, texts)
            self.assertIn("confirmed", texts)

    def test_a_part_pays_what_is_due_first(self) -> None:
        late = self._create_document(100.0, invoice_date_due="2026-03-01")
        early = self._create_document(60.0, invoice_date_due="2026-02-01")
        self._pay(self._open_checkout(late, early, amount=90.0))
        self._receive()
        self.assertEqual(early.payment_state, "paid")
        self.assertEqual(late.amount_residual, 70.0)

    def test_an_entry_with_items_of_others_settles_its_own_only(self) -> None:
        account = self.company_data["default_account_receivable"]
        other = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "credit": 20.0,
                            "partner_id": self.client_fr.id,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": account.id,
                            "credit": 30.0,
                            "partner_id": self.client_de.id,
                        }
                    ),
                    Command.create({"account_id": other.id, "debit": 50.0}),
                ],
            }
        )
        entry.action_post()
        invoice = self._create_document()
        payable = self._make_payable(invoice, 80.0)
        payable = type(payable)(**{**payable.__dict__, "invoices": invoice + entry})
        transaction = self.transactions._create_checkout(payable, landing_route="/my")
        self._pay(transaction)
        self._receive()
        self.assertEqual(invoice.payment_state, "paid")
        mine, theirs = entry.line_ids.filtered("partner_id").sorted("credit")
        self.assertTrue(mine.reconciled)
        self.assertFalse(theirs.reconciled)

    def test_early_payment_discounts(self) -> None:
        """Two discounted invoices in one payment, of which Odoo's own grants none."""
        moves = self._create_discounted(100.0) + self._create_discounted(200.0)
        transaction = self._open_discounted(moves, 294.0)
        self._pay(transaction)
        self._receive()
        self.assertEqual(set(moves.mapped("payment_state")), {"paid"})
        self.assertEqual(transaction.payment_id.amount, 294.0)
        self.assertFalse(transaction.client_payment_problem)

    # ------------------------------------------------------------ not at once

    def test_a_debit_is_processing_until_it_settles(self) -> None:
        """S3, S4, S23."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction, "pm_sepa_debit")
        self._receive()
        self.assertEqual(transaction.state, "pending")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.standin.do("settle", number=transaction.client_checkout_session)
        self._receive()
        self.assertEqual(invoice.payment_state, "paid")

    def test_a_debit_that_comes_back_leaves_the_invoice_open(self) -> None:
        """S3, S4."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction, "pm_sepa_debit")
        self._receive()
        self.standin.do("fail", number=transaction.client_checkout_session)
        self._receive()
        self.assertEqual(transaction.state, "error")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertTrue(invoice._has_to_be_paid())

    def test_a_declined_card_is_no_end_while_the_page_is_open(self) -> None:
        """S4."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self.assertTrue(self._pay(transaction, "pm_card_chargeDeclined"))
        self._receive()
        self.assertEqual(transaction.state, "draft")
        self.assertFalse(self._pay(transaction))
        self._receive()
        self.assertEqual(invoice.payment_state, "paid")

    def test_late_events_never_undo_paid(self) -> None:
        """S10: a failure that arrives after the success."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction, "pm_card_chargeDeclined")
        self._pay(transaction)
        self._receive(reverse=True)
        self.assertEqual(transaction.state, "done")
        self.assertEqual(invoice.payment_state, "paid")

    def test_an_expired_page_ends_the_transaction(self) -> None:
        """S3."""
        transaction = self._open_checkout(self._create_document())
        self.standin.do("advance", seconds=2 * 3600)
        self._receive()
        self.assertEqual(transaction.state, "cancel")

    def test_money_that_is_held_shows_as_authorised(self) -> None:
        self.provider.sudo().capture_manually = True
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._receive()
        self.assertEqual(transaction.state, "authorized")
        self.assertEqual(invoice.payment_state, "not_paid")
        transaction._capture()
        self._receive()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(len(self._payments()), 1)

    def test_a_capture_in_stripes_dashboard(self) -> None:
        self.provider.sudo().capture_manually = True
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._receive()
        self.standin.do("capture", number=transaction.client_checkout_session)
        self._receive()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(transaction.payment_id, self._payments())

    def test_who_is_locked_out_is_tried_again(self) -> None:
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        model = type(transaction)
        locked = patch.object(model, "lock_for_update", side_effect=LockError("no"))
        with locked, self.assertRaises(ConcurrencyError):
            transaction._settle_payment()
        self.assertEqual(transaction.state, "draft")

    # ------------------------------------------------------------ Odoo's own forms

    def test_an_intent_pays_nothing_but_its_own(self) -> None:
        """Odoo's return page takes the id of the intent from the browser."""
        paid = self._open_checkout(self._create_document())
        self._pay(paid)
        session = self.provider._read_stripe_session(paid.client_checkout_session)
        invoice = self._create_document()
        other = self._create_inline(invoice)
        self._process_inline(other, session["payment_intent"])
        self.assertEqual(other.state, "draft")
        self.assertEqual(invoice.payment_state, "not_paid")
        refund = {"object": "refund", "id": "re_1", "status": "succeeded"}
        self._process_inline(other, refund | {"amount": 10000, "currency": "usd"})
        self.assertEqual(other.state, "draft")

    def test_a_form_in_odoo_is_booked_at_once_as_well(self) -> None:
        invoice = self._create_document()
        transaction = self._create_inline(invoice)
        intent = {
            "object": "payment_intent",
            "id": "pi_1",
            "description": transaction.reference,
            "status": "succeeded",
            "amount": 10000,
            "currency": transaction.currency_id.name.lower(),
        }
        self._process_inline(transaction, intent)
        self.assertEqual(invoice.payment_state, "paid")
        self._process_inline(transaction, intent)
        self.assertEqual(len(self._payments()), 1)

    def test_the_points_where_workers_are_killed_exist(self) -> None:
        for _name, model, method in KILL_POINTS:
            if model:
                self.assertTrue(callable(getattr(self.env[model], method)), method)

    def _create_inline(self, invoice: Any) -> Any:
        return self.transactions.create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_direct",
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )

    def _process_inline(self, transaction: Any, intent: dict) -> None:
        data = {"reference": transaction.reference, "payment_intent": intent}
        transaction._process("stripe", data | {"payment_method": None})
