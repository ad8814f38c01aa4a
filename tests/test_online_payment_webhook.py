"""The route for Stripe's events: nothing unsigned, nothing twice, no logs."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import stripe

from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_payment_common import WEBHOOK, OnlinePaymentHttpCommon
from .stripe_standin import StripeStandin

CONTROLLER = "odoo.addons.client_hub.controllers.stripe_webhook"
CLIENT = "odoo.addons.client_hub.models.payment_provider_stripe_client"
JSON = {"Content-Type": "application/json"}


@tagged("post_install", "-at_install")
class TestWebhook(OnlinePaymentHttpCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.invoice = cls._create_document()

    def setUp(self) -> None:
        super().setUp()
        self.transaction = self._open_checkout(self.invoice)
        self._pay(self.transaction)
        events = self.standin.events("payment_intent.succeeded")
        self.event = events[-1]

    # ------------------------------------------------------------ accepted

    def test_the_invoice_is_paid_when_the_answer_goes_out(self) -> None:
        """S2, S11, S34."""
        answer = self._deliver(self.event)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.invoice.payment_state, "paid")
        entry = self.stripe_events.search([("name", "=", self.event["id"])])
        self.assertEqual(entry.state, "done")
        self.assertEqual(entry.transaction_id, self.transaction)
        self.assertEqual(entry.object_name, self.event["data"]["object"]["id"])

    def test_a_second_delivery_is_answered_and_has_no_effect(self) -> None:
        """S8."""
        for _delivery in range(3):
            self.assertEqual(self._deliver(self.event).status_code, 200)
        self.assertEqual(len(self._payments()), 1)
        found = self.stripe_events.search([("name", "=", self.event["id"])])
        self.assertEqual(len(found), 1)

    def test_any_of_several_signatures_may_be_right(self) -> None:
        """S5: while a secret is changed, Stripe signs with both."""
        body, (stamp, good) = self._sign()
        bad = "0" * 64
        answer = self._send(body, JSON | self._header(f"t={stamp},v1={bad},v1={good}"))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_events_of_both_versions_of_the_api(self) -> None:
        """S24: what is booked is asked for, in the pinned version."""
        newest = self.standin.events("payment_intent.succeeded", version="2024-06-20")[
            -1
        ]
        self.assertIn("latest_charge", newest["data"]["object"])
        self.assertEqual(self._deliver(newest).status_code, 200)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_unknown_types_are_answered_and_not_kept(self) -> None:
        """S30."""
        self.assertEqual(self._deliver(self._like("price.created")).status_code, 200)
        self.assertFalse(self.stripe_events.search([("type", "=", "price.created")]))

    def test_events_of_other_systems_are_ignored(self) -> None:
        event = self._like("payment_intent.succeeded", description="POS-0001")
        event["data"]["object"]["metadata"] = {}
        self.assertEqual(self._deliver(event).status_code, 200)
        self._assert_ignored(event, "transaction")

    def test_the_copy_of_a_database_is_another_system(self) -> None:
        event = self._like("payment_intent.succeeded")
        event["data"]["object"]["metadata"]["client_hub_database"] = "another"
        self.assertEqual(self._deliver(event).status_code, 200)
        self._assert_ignored(event, "transaction")

    def test_live_events_mean_nothing_to_test_keys(self) -> None:
        """S17, S26."""
        event = self._like("payment_intent.succeeded") | {"livemode": True}
        self.assertEqual(self._deliver(event).status_code, 200)
        self._assert_ignored(event, "mode")

    def test_events_of_another_account_are_ignored(self) -> None:
        """S27."""
        event = self._like("payment_intent.succeeded") | {"account": "acct_other"}
        self.assertEqual(self._deliver(event).status_code, 200)
        self._assert_ignored(event, "account")

    def test_what_stripe_does_not_know_is_ignored(self) -> None:
        """A signed event is a signal only: Stripe is asked."""
        other = self._create_document()
        event = self._like("checkout.session.completed")
        unknown = self._open_checkout(other)
        unknown.client_checkout_session = "cs_test_unknown"
        event["data"]["object"]["id"] = "cs_test_unknown"
        with mute_logger(CLIENT):
            self.assertEqual(self._deliver(event).status_code, 200)
        self._assert_ignored(event, "unknown")
        self.assertEqual(unknown.state, "draft")

    def test_altered_amounts_change_nothing(self) -> None:
        """S10, S17: what counts is what Stripe answers."""
        event = self._like("payment_intent.succeeded")
        event["data"]["object"].update(amount=1, amount_received=1, currency="jpy")
        self.assertEqual(self._deliver(event).status_code, 200)
        self.assertEqual(self.transaction.payment_id.amount, 100.0)
        self.assertFalse(self.transaction.client_payment_problem)

    # ------------------------------------------------------------ refused

    def test_wrong_signatures(self) -> None:
        """S5, S30."""
        body, (stamp, good) = self._sign()
        for header in (
            "",
            "garbage",
            "t=,v1=",
            "t=,=,v1,\u00e9=1",
            f"t={stamp}",
            f"v1={good}",
            f"t={stamp},v0={good}",
            f"t={stamp},v1={'0' * 64}",
            f"t={stamp + 1},v1={good}",
            f"t={stamp},v1=\u00e9{good[1:]}",
        ):
            answer = self._send(body, JSON | self._header(header))
            self.assertEqual(answer.status_code, 400, header)
        self._assert_untouched()

    def test_the_secret_of_somebody_else(self) -> None:
        self.assertEqual(self._deliver(self.event, secret="whsec_x").status_code, 400)
        self._assert_untouched()

    def test_a_changed_body(self) -> None:
        body, (stamp, good) = self._sign()
        header = self._header(f"t={stamp},v1={good}")
        answer = self._send(body.replace("succeeded", "succeedeD"), JSON | header)
        self.assertEqual(answer.status_code, 400)
        self._assert_untouched()

    def test_several_times_in_a_signature(self) -> None:
        """S6: nobody knows which one was signed."""
        now = int(time.time())
        body, (stamp, good) = self._sign(now - 400)
        for times in (
            f"t={now},t={stamp}",
            f"t={stamp},t={now}",
            f"t={now},t=,t={stamp}",
        ):
            header = self._header(f"{times},v1={good}")
            self.assertEqual(self._send(body, JSON | header).status_code, 400, times)
        body, (stamp, good) = self._sign(now)
        header = self._header(f"t={stamp},t={stamp},v1={good}")
        self.assertEqual(self._send(body, JSON | header).status_code, 400)
        self._assert_untouched()

    def test_old_and_future_signatures(self) -> None:
        """S6: five minutes, to both sides."""
        for seconds, status in ((-310, 400), (310, 400), (-280, 200)):
            body, (stamp, good) = self._sign(int(time.time()) + seconds)
            header = self._header(f"t={stamp},v1={good}")
            self.assertEqual(self._send(body, JSON | header).status_code, status)

    def test_without_a_secret_everything_is_refused(self) -> None:
        """S7: also what is signed with an empty secret."""
        # sudo: administrators set it.
        providers = (
            self.env["payment.provider"].sudo().search([("code", "=", "stripe")])
        )
        providers.stripe_webhook_secret = False
        unknown = self._like("payment_intent.succeeded", description="POS-0001")
        unknown["data"]["object"]["metadata"] = {}
        with self.assertLogs(CONTROLLER, "WARNING"):
            body = json.dumps(self.event)
            self.assertEqual(self._send(body, JSON).status_code, 403)
            self.assertEqual(self._deliver(self.event, secret=" ").status_code, 403)
            self.assertEqual(self._send(json.dumps(unknown), JSON).status_code, 403)
        self._assert_untouched()

    def test_unknown_transactions_need_a_signature_too(self) -> None:
        event = self._like("payment_intent.succeeded", description="POS-0001")
        self.assertEqual(self._deliver(event, secret="whsec_x").status_code, 400)
        self.assertFalse(self.stripe_events.search([("name", "=", event["id"])]))

    def test_the_shape_of_a_request(self) -> None:
        """S28."""
        body, (stamp, good) = self._sign()
        header = self._header(f"t={stamp},v1={good}")
        plain = header | {"Content-Type": "text/plain"}
        form = header | {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self._send(body, plain).status_code, 415)
        self.assertEqual(self._send(body, form).status_code, 415)
        big = '{"data": "%s"}' % ("x" * 600_000)
        self.assertEqual(self._send(big, JSON | header).status_code, 413)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(WEBHOOK).status_code, 405)
        self._assert_untouched()

    def test_garbage(self) -> None:
        """S28."""
        for body in (
            " ",
            "null",
            "[]",
            "{}",
            '{"type": 1, "data": {"object": {"id": "x"}}}',
            '{"type": "a", "data": {"object": {"id": 5}}}',
            '{"type": "a", "data": {"object": []}}',
            "[" * 100_000,
            b"\xff\xfe",
            _event('"id": "x", "metadata": [1]'),
            _event('"id": "x", "metadata": "x"'),
            _event('"id": "x", "description": {}'),
            _event('"id": "x", "description": "\\u0000"'),
            _event('"id": "x", "description": "\\ud800"'),
            _event('"id": "x\\u0000"', "checkout.session.completed"),
            _event('"id": "x", "object": "refund", "payment_intent": []'),
            _event('"id": "x", "payment_intent": {"id": 5}', "charge.dispute.closed"),
            _event('"id": "x", "payment_intent": "\\u0000"', "charge.dispute.closed"),
        ):
            self.assertEqual(self._send(body, JSON).status_code, 400, body[:40])

    def test_no_session_comes_with_the_answer(self) -> None:
        """S28."""
        self.opener.cookies.clear()
        answer = self._deliver(self.event)
        self.assertNotIn("session_id", answer.headers.get("Set-Cookie", ""))

    # ------------------------------------------------------------ Stripe is away

    def test_stripe_delivers_again_if_it_cannot_be_asked(self) -> None:
        """S30: 503, and the event is not on record."""
        self.standin.do("fault", match="GET /v1/checkout", status=500, times=1)
        session = self.standin.events("checkout.session.completed")[-1]
        with mute_logger(CLIENT):
            self.assertEqual(self._deliver(session).status_code, 503)
        self._assert_untouched()
        self.assertEqual(self._deliver(session).status_code, 200)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_what_nothing_can_follow_is_believed_as_signed(self) -> None:
        """The connection breaks: a signed success is booked, a failure is not."""
        self.standin.do("fault", match="GET /v1/checkout", status=0, times=2)
        failed = self._like("payment_intent.payment_failed")
        failed["data"]["object"]["status"] = "requires_payment_method"
        with mute_logger(CLIENT):
            self.assertEqual(self._deliver(failed).status_code, 503)
        self.assertEqual(self._deliver(self.event).status_code, 200)
        self.assertEqual(self.invoice.payment_state, "paid")

    # ------------------------------------------------------------ secrets

    def test_nothing_of_an_event_is_logged(self) -> None:
        """S29: no amounts, addresses, secrets."""
        self.event["data"]["object"]["receipt_email"] = "leak@example.com"
        self.env.flush_all()
        # At DEBUG Odoo logs every query, and with it everything.
        with self.assertLogs(level="INFO") as logs:
            self._deliver(self.event)
            self._deliver(self.event, secret="whsec_x")
        text = "\n".join(logs.output)
        for secret in ("leak@example.com", "client_secret", self.standin.secret_key):
            self.assertNotIn(secret, text)
        self.assertNotIn(self.standin.webhook_secret, text)
        self.assertFalse(logging.getLogger("stripe").isEnabledFor(logging.INFO))

    def test_two_companies_with_accounts_of_their_own(self) -> None:
        """The secret of one proves nothing about the payments of the other."""
        other = StripeStandin()
        company = self.env["res.company"].create({"name": "Second"})
        second = self.env.ref("payment.payment_provider_stripe").sudo()
        second = second.copy({"company_id": company.id})
        second.write(
            {
                "stripe_secret_key": other.secret_key,
                "stripe_webhook_secret": other.webhook_secret,
            }
        )
        answer = self._deliver(self.event, secret=other.webhook_secret)
        self.assertEqual(answer.status_code, 400)
        self._assert_untouched()
        unknown = self._like("payment_intent.succeeded", description="POS-0001")
        unknown["data"]["object"]["metadata"] = {}
        answer = self._deliver(unknown, secret=other.webhook_secret)
        self.assertEqual(answer.status_code, 200)
        entry = self.stripe_events.search([("name", "=", unknown["id"])])
        self.assertEqual(entry.provider_id, second)

    def test_two_providers_of_one_account(self) -> None:
        """They share one webhook, and its secret is entered in one of them."""
        company = self.env["res.company"].create({"name": "Second"})
        second = self.env.ref("payment.payment_provider_stripe").sudo()
        second = second.copy({"company_id": company.id})
        second.stripe_webhook_secret = "whsec_shared"
        # sudo: administrators set keys.
        provider = self.provider.sudo()
        both = second + provider
        for accounts in ((False, False), ("acct_1", "acct_2")):
            for one, account in zip(both, accounts, strict=True):
                one.client_stripe_account = account
            answer = self._deliver(self.event, secret="whsec_shared")
            self.assertEqual(answer.status_code, 400)
        self._assert_untouched()
        both.client_stripe_account = "acct_1"
        provider.stripe_webhook_secret = False
        forged = self._deliver(self.event, secret="whsec_x")
        self.assertEqual(forged.status_code, 400)
        body = json.dumps(self.event)
        self.assertEqual(self._send(body, JSON).status_code, 400)
        self._assert_untouched()
        answer = self._deliver(self.event, secret="whsec_shared")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.invoice.payment_state, "paid")

    # ------------------------------------------------------------ helpers

    def _sign(self, stamp: int | None = None) -> tuple[str, tuple[int, str]]:
        """Return a body, and the time and signature of it."""
        body = json.dumps(self.event)
        header = stripe.WebhookSignature.generate_signature_header(
            body, self.standin.webhook_secret, stamp
        )
        parts = dict(part.split("=", 1) for part in header.split(","))
        return body, (int(parts["t"]), parts["v1"])

    @staticmethod
    def _header(value: str) -> dict[str, Any]:
        return {"Stripe-Signature": value.encode("latin-1")}

    def _like(self, kind: str, **values: Any) -> dict[str, Any]:
        """Return another event about the same object."""
        event = json.loads(json.dumps(self.event))
        event.update(id=f"evt_{kind}_{time.monotonic_ns()}", type=kind)
        event["data"]["object"].update(values)
        return event

    def _assert_untouched(self) -> None:
        self.assertEqual(self.transaction.state, "draft")
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertFalse(
            self.stripe_events.search([("provider_id", "=", self.provider.id)])
        )

    def _assert_ignored(self, event: dict[str, Any], reason: str) -> None:
        entry = self.stripe_events.search([("name", "=", event["id"])])
        self.assertEqual((entry.state, entry.reason), ("ignored", reason))
        self.assertEqual(self.invoice.payment_state, "not_paid")


def _event(given: str, kind: str = "payment_intent.succeeded") -> str:
    """Return the body of an event about the object with these members, as JSON."""
    head = f'"id": "evt_1", "type": "{kind}"'
    return f'{{{head}, "data": {{"object": {{{given}}}}}}}'
