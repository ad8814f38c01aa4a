"""What no event told is found by asking Stripe."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_payment_common import OnlinePaymentCommon
from .stripe_standin import StripeStandin

SWEEPER = "odoo.addons.client_hub.models.stripe_sweeper"
CLIENT = "odoo.addons.client_hub.models.payment_provider_stripe_client"


@tagged("post_install", "-at_install")
class TestSweeper(OnlinePaymentCommon):
    def setUp(self) -> None:
        super().setUp()
        # Providers of the demo data have no account at the stand-in.
        # sudo: administrators switch providers off.
        others = (
            self.env["payment.provider"]
            .sudo()
            .search([("id", "!=", self.provider.id), ("code", "=", "stripe")])
        )
        others.state = "disabled"

    def _sweep(self) -> None:
        with self.enter_registry_test_mode():
            self.env.ref("client_hub.ir_cron_stripe_sweeper").sudo().with_user(
                self.env.ref("base.user_root")
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _wait(self, *transactions: Any, minutes: int = 30) -> None:
        """Have these transactions wait for that long."""
        earlier = fields.Datetime.now() - timedelta(minutes=minutes)
        for transaction in transactions:
            transaction.last_state_change = earlier

    def test_a_payment_without_any_event(self) -> None:
        """S12: the endpoint is switched off."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._wait(transaction)
        self._sweep()
        self.assertEqual(invoice.payment_state, "paid")
        self._sweep()
        self.assertEqual(len(self._payments()), 1)

    def test_what_is_new_has_time(self) -> None:
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        self._sweep()
        self.assertEqual(transaction.state, "draft")

    def test_an_expired_page(self) -> None:
        transaction = self._open_checkout(self._create_document())
        self.standin.do("advance", seconds=2 * 3600)
        self._wait(transaction)
        self._sweep()
        self.assertEqual(transaction.state, "cancel")

    def test_a_debit_that_settled(self) -> None:
        """S4, S12."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction, "pm_sepa_debit")
        self._receive()
        self.standin.do("settle", number=transaction.client_checkout_session)
        self._wait(transaction)
        self._sweep()
        self.assertEqual(invoice.payment_state, "paid")

    def test_what_was_done_and_not_booked(self) -> None:
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        with patch.object(type(transaction), "_book_now"):
            self._receive("payment_intent.succeeded")
        self.assertEqual(transaction.state, "done")
        self._wait(transaction, minutes=5 * 24 * 60)
        self._sweep()
        self.assertEqual(invoice.payment_state, "paid")

    def test_a_refund_that_was_not_booked(self) -> None:
        """Odoo's own cron gives up after four days."""
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        self.standin.do("refund", number=transaction.client_checkout_session)
        with patch.object(type(transaction), "_book_now"):
            self._receive("refund.created")
        self._assert_swept(transaction.child_transaction_ids)

    def test_a_capture_that_was_not_booked(self) -> None:
        # sudo: administrators set providers up.
        self.provider.sudo().capture_manually = True
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._receive()
        with patch.object(type(transaction), "_book_now"):
            child = transaction._capture()
        self._assert_swept(child)
        self.assertEqual(invoice.payment_state, "paid")

    def _assert_swept(self, child: Any) -> None:
        self.assertEqual(child.state, "done")
        self.assertFalse(child.payment_id)
        self._wait(child, child.source_transaction_id, minutes=5 * 24 * 60)
        self._sweep()
        self.assertEqual(child.payment_id.amount, 100.0)

    def test_one_that_fails_stops_no_other(self) -> None:
        invoices = [self._create_document() for _one in range(2)]
        broken, good = [self._open_checkout(one) for one in invoices]
        self._pay(broken)
        self._pay(good)
        self._wait(broken, good)
        session = broken.client_checkout_session
        self.standin.do("fault", match=f"GET /v1/checkout/sessions/{session}")
        with mute_logger(SWEEPER, CLIENT):
            self._sweep()
        self.assertEqual(invoices[0].payment_state, "not_paid")
        self.assertEqual(invoices[1].payment_state, "paid")

    def test_pages_of_other_keys_are_given_up(self) -> None:
        """S26: nobody asks for them again, except for what may be real money."""
        pages = [self._open_checkout(self._create_document()) for _one in range(3)]
        new, debit, live = pages
        self._pay(debit, "pm_sepa_debit")
        self._receive()
        live.client_checkout_session = "cs_live_unknown"
        live._set_pending()
        # sudo: administrators set keys.
        self.provider.sudo().write(self._get_keys(StripeStandin()))
        self._wait(*pages)
        with mute_logger(SWEEPER, CLIENT):
            self._sweep()
        states = [page.state for page in pages]
        self.assertEqual(states, ["cancel", "cancel", "pending"])

    def test_without_a_key_nothing_is_asked(self) -> None:
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        self._wait(transaction)
        # sudo: administrators set keys.
        provider = self.provider.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_provider SET stripe_secret_key = NULL WHERE id = %s",
            [provider.id],
        )
        self.env.invalidate_all()
        with self.assertNoLogs(SWEEPER, "WARNING"):
            self._sweep()
        self.assertEqual(transaction.state, "draft")

    def test_an_event_that_fails_is_looked_at_again(self) -> None:
        """S12: also after hours."""
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        failing = self.standin.events("payment_intent.succeeded")[-1]
        # For the payment itself, and for its first event.
        self.standin.do("fault", match="GET /v1/checkout", status=500, times=2)
        with self._later(), mute_logger(SWEEPER, CLIENT):
            self._sweep()
        # The other events were acted on.
        self.assertEqual(transaction.state, "done")
        found = [("name", "=", failing["id"])]
        self.assertFalse(self.stripe_events.search(found))
        # sudo: the field is for administrators.
        until = self.provider.sudo().client_events_until
        self.assertEqual(until, datetime.utcfromtimestamp(failing["created"]))
        with self._later(), patch(f"{SWEEPER}._OVERLAP", timedelta()):
            self._sweep()
        self.assertTrue(self.stripe_events.search(found))
        self.assertGreater(self.provider.sudo().client_events_until, until)
        self.assertEqual(len(self._payments()), 1)

    def test_events_that_nobody_subscribed(self) -> None:
        """S12, S21, S22: refunds and disputes are found in Stripe's list of events."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        self.standin.do("dispute", number=transaction.client_checkout_session)
        with self._later():
            self._sweep()
        self.assertTrue(invoice.client_is_disputed)
        # sudo: the field is for administrators.
        self.assertTrue(self.provider.sudo().client_events_until)
        known = self.stripe_events.search_count([])
        with self._later():
            self._sweep()
        self.assertEqual(self.stripe_events.search_count([]), known)

    def test_events_that_were_received_are_not_acted_on_again(self) -> None:
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction)
        self._receive()
        model = type(self.stripe_events)
        with self._later(), patch.object(model, "_act", autospec=True) as acted:
            self._sweep()
        acted.assert_not_called()

    def test_without_an_answer_the_next_run_looks_at_the_same_time(self) -> None:
        self.standin.do("fault", match="GET /v1/events", status=500)
        with self._later(), mute_logger(CLIENT):
            self._sweep()
        # sudo: the field is for administrators.
        self.assertFalse(self.provider.sudo().client_events_until)

    def _later(self) -> Any:
        """Do not wait for the events that are underway."""
        return patch(f"{SWEEPER}._PATIENCE", timedelta(seconds=-5))


@tagged("post_install", "-at_install")
class TestEventUpkeep(OnlinePaymentCommon):
    def test_old_events_are_forgotten(self) -> None:
        """After the days that are set, never while Stripe may tell of them again."""
        self._pay(self._open_checkout(self._create_document()))
        self._receive()
        entries = self.stripe_events.search([("provider_id", "=", self.provider.id)])
        self.assertTrue(entries)
        # sudo: administrators set parameters.
        parameters = self.env["ir.config_parameter"].sudo()
        for days, text, kept in ((40, "60", True), (30, "1", True), (40, "1", False)):
            parameters.set_param("client_hub.stripe_event_days", text)
            self._age(entries, days)
            self.stripe_events._gc()
            self.assertEqual(bool(entries.exists()), kept, (days, text))

    def _age(self, entries: Any, days: int) -> None:
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE client_hub_stripe_event SET create_date = %s WHERE id IN %s",
            [fields.Datetime.now() - timedelta(days=days), entries._ids],
        )
