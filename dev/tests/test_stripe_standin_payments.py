from __future__ import annotations

import requests
import stripe

from .stripe_common import StripeCase

_RETURN = "https://seller.example.com/done?s="


class TestCheckout(StripeCase):
    def test_paid_by_card(self) -> None:
        session = self.session(
            client_reference_id="7",
            metadata={"tx": "7"},
            customer_email="client@example.com",
            payment_intent_data={"description": "tx-7", "metadata": {"tx": "7"}},
        )
        self.assertEqual((session.status, session.payment_status), ("open", "unpaid"))
        self.assertEqual(self.play.pay(session.id)["refusal"], "")
        session = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual((session.status, session.payment_status), ("complete", "paid"))
        self.assertIsNone(session.url)
        self.assertEqual(session.customer_details.email, "client@example.com")
        intent = self.old.payment_intents.retrieve(session.payment_intent)
        self.assertEqual((intent.status, intent.amount_received), ("succeeded", 1234))
        self.assertEqual((intent.description, intent.metadata.tx), ("tx-7", "7"))
        self.assertEqual(
            self.types()[-3:],
            [
                "charge.succeeded",
                "payment_intent.succeeded",
                "checkout.session.completed",
            ],
        )

    def test_intent_comes_early_or_late(self) -> None:
        self.assertTrue(self.session().payment_intent)
        late = self.new.checkout.sessions.create(self.params())
        self.assertIsNone(late.payment_intent)
        self.play.pay(late.id)
        late = self.new.checkout.sessions.retrieve(late.id)
        self.assertTrue(late.payment_intent.startswith("pi_"))

    def test_customer_is_made_in_old_versions(self) -> None:
        self.assertTrue(self.session().customer)
        late = self.new.checkout.sessions.create(self.params())
        self.play.pay(late.id)
        self.assertIsNone(self.new.checkout.sessions.retrieve(late.id).customer)

    def test_declined_then_paid(self) -> None:
        session = self.session()
        refused = self.play.pay(session.id, "pm_card_chargeDeclined")
        self.assertEqual(refused["refusal"], "card_declined")
        self.assertEqual(refused["session"]["status"], "open")
        intent = self.old.payment_intents.retrieve(session.payment_intent)
        self.assertEqual(intent.status, "requires_payment_method")
        self.assertEqual(intent.last_payment_error.code, "card_declined")
        self.play.pay(session.id)
        intent = self.old.payment_intents.retrieve(session.payment_intent)
        self.assertEqual(intent.status, "succeeded")
        self.assertEqual(
            [one.status for one in intent.charges.data], ["succeeded", "failed"]
        )

    def test_debit_settles(self) -> None:
        session = self.session()
        self.play.pay(session.id, "pm_sepa_debit")
        session = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual(
            (session.status, session.payment_status), ("complete", "unpaid")
        )
        intent = self.old.payment_intents.retrieve(session.payment_intent)
        self.assertEqual(intent.status, "processing")
        self.play.do("settle", number=session.id)
        session = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual(session.payment_status, "paid")
        self.assertEqual(self.types()[-1], "checkout.session.async_payment_succeeded")

    def test_voucher(self) -> None:
        for action, status, payment_status in (
            ("settle", "succeeded", "paid"),
            ("fail", "requires_payment_method", "unpaid"),
        ):
            session = self.session()
            self.play.pay(session.id, "pm_boleto")
            session = self.old.checkout.sessions.retrieve(session.id)
            self.assertEqual(
                (session.status, session.payment_status), ("complete", "unpaid")
            )
            intent = self.old.payment_intents.retrieve(session.payment_intent)
            self.assertEqual(intent.status, "requires_action")
            self.assertEqual(intent.next_action.type, "boleto_display_details")
            self.play.do(action, number=session.id)
            intent = self.old.payment_intents.retrieve(session.payment_intent)
            self.assertEqual(intent.status, status)
            session = self.old.checkout.sessions.retrieve(session.id)
            self.assertEqual(session.payment_status, payment_status)

    def test_debit_fails(self) -> None:
        session = self.session()
        self.play.pay(session.id, "pm_sepa_debit")
        self.play.do("fail", number=session.id)
        session = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual(
            (session.status, session.payment_status), ("complete", "unpaid")
        )
        self.assertEqual(
            self.types()[-3:],
            [
                "charge.failed",
                "payment_intent.payment_failed",
                "checkout.session.async_payment_failed",
            ],
        )
        with self.assertRaisesRegex(AssertionError, "requires_payment_method"):
            self.play.do("settle", number=session.id)

    def test_bank_asks(self) -> None:
        session = self.session()
        self.play.pay(session.id, "pm_card_authenticationRequired")
        self.assertEqual(self.types()[-1], "payment_intent.requires_action")
        self.assertEqual(self.old.checkout.sessions.retrieve(session.id).status, "open")
        self.play.do("authenticate", number=session.id)
        session = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual((session.status, session.payment_status), ("complete", "paid"))

    def test_bank_refuses(self) -> None:
        session = self.session()
        self.play.pay(session.id, "pm_card_authenticationRequired")
        self.play.do("authenticate", number=session.id, good=False)
        self.assertEqual(self.types()[-1], "payment_intent.payment_failed")

    def test_paid_once(self) -> None:
        session = self.session()
        self.play.pay(session.id)
        with self.assertRaisesRegex(AssertionError, "complete"):
            self.play.pay(session.id)

    def test_expired(self) -> None:
        session = self.session()
        self.old.checkout.sessions.expire(session.id)
        self.assertEqual(
            self.types()[-2:], ["payment_intent.canceled", "checkout.session.expired"]
        )
        error = self.refused(self.old.checkout.sessions.expire, session.id)
        self.assertIn("expired", str(error))
        with self.assertRaisesRegex(AssertionError, "expired"):
            self.play.pay(session.id)

    def test_expires_by_itself(self) -> None:
        session = self.session()
        self.play.do("advance", seconds=24 * 3600 - 30)
        self.assertEqual(self.old.checkout.sessions.retrieve(session.id).status, "open")
        self.play.do("advance", seconds=60)
        self.assertEqual(self.types()[-1], "checkout.session.expired")

    def test_paid_session_does_not_expire(self) -> None:
        session = self.session()
        self.play.pay(session.id)
        self.refused(self.old.checkout.sessions.expire, session.id)
        self.play.do("advance", seconds=48 * 3600)
        found = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual(found.status, "complete")

    def test_found_by_intent(self) -> None:
        wanted, _other = self.session(), self.session()
        found = self.old.checkout.sessions.list(
            {"payment_intent": wanted.payment_intent}
        )
        self.assertEqual([one.id for one in found.data], [wanted.id])

    def test_line_items(self) -> None:
        session = self.session(line_items=[self.line(500), self.line(700)])
        lines = self.old.checkout.sessions.line_items.list(session.id)
        self.assertEqual([line.amount_total for line in lines.data], [500, 700])
        self.assertNotIn("line_items", session.to_dict())
        expanded = self.old.checkout.sessions.retrieve(
            session.id, {"expand": ["line_items", "payment_intent"]}
        )
        self.assertEqual(expanded.line_items.data[0].description, "INV/2026/00001")
        self.assertEqual(expanded.payment_intent.amount, 1200)

    def test_intent_of_an_open_session_is_not_canceled(self) -> None:
        session = self.session()
        error = self.refused(self.old.payment_intents.cancel, session.payment_intent)
        self.assertEqual(error.code, "payment_intent_unexpected_state")

    def test_setup(self) -> None:
        params = self.params(mode="setup")
        del params["line_items"]
        session = self.old.checkout.sessions.create(params)
        self.play.pay(session.id)
        session = self.old.checkout.sessions.retrieve(session.id)
        self.assertEqual(session.payment_status, "no_payment_required")
        saved = self.old.setup_intents.retrieve(session.setup_intent)
        self.assertEqual(saved.status, "succeeded")


class TestPage(StripeCase):
    def test_pay(self) -> None:
        session = self.session()
        page = requests.get(session.url, timeout=30)
        self.assertIn("This is not Stripe", page.text)
        self.assertIn("12.34 EUR", page.text)
        self.assertIn("https://seller.example.com/back", page.text)
        answer = self.press(session.url, "pm_card_visa")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(answer.headers["Location"], _RETURN + session.id)
        self.assertIn(
            "This payment is done", requests.get(session.url, timeout=30).text
        )

    def press(self, url: str, method: str) -> requests.Response:
        form = {"method": method, "email": "client@example.com"}
        return requests.post(url, form, allow_redirects=False, timeout=30)

    def test_declined(self) -> None:
        session = self.session()
        answer = self.press(session.url, "pm_card_chargeDeclined")
        self.assertIn("was declined", answer.text)
        self.assertEqual(self.press(session.url, "pm_card_visa").status_code, 303)

    def test_twice(self) -> None:
        session = self.session()
        self.press(session.url, "pm_card_visa")
        self.assertIn("is done", self.press(session.url, "pm_card_visa").text)
        self.assertEqual(self.types().count("charge.succeeded"), 1)

    def test_expired(self) -> None:
        session = self.session()
        self.old.checkout.sessions.expire(session.id)
        self.assertIn("has expired", self.press(session.url, "pm_card_visa").text)

    def test_names_are_escaped(self) -> None:
        line = self.line()
        line["price_data"]["product_data"]["name"] = "<script>alert(1)</script>"
        session = self.session(line_items=[line])
        self.assertNotIn("<script>", requests.get(session.url, timeout=30).text)

    def test_garbage(self) -> None:
        session = self.session()
        self.assertEqual(self.press(session.url, "nothing").status_code, 400)
        absent = f"{self.standin.url}/c/pay/cs_test_absent"
        self.assertEqual(requests.get(absent, timeout=30).status_code, 404)

    def test_manual_capture_is_told(self) -> None:
        session = self.session(payment_intent_data={"capture_method": "manual"})
        page = requests.get(session.url, timeout=30).text
        self.assertIn("held until captured", page)
        self.assertNotIn("debit", page)


class TestList(StripeCase):
    """The list of what is there, whose buttons play the banks."""

    def press(self, session: str, action: str) -> requests.Response:
        form = {"session": session, "action": action}
        return requests.post(f"{self.standin.url}/play", form, timeout=30)

    def test_buttons(self) -> None:
        session = self.session()
        self.play.pay(session.id, "pm_sepa_debit")
        page = self.press(session.id, "settle").text
        self.assertIn(session.id, page)
        self.assertEqual(self.types()[-1], "checkout.session.async_payment_succeeded")
        self.press(session.id, "dispute")
        self.assertIn("charge.dispute.created", self.types())

    def test_what_is_not_possible_now(self) -> None:
        session = self.session()
        self.play.pay(session.id)
        before = self.types()
        for action in ("settle", "fail", "capture", "tamper", "drop", ""):
            self.press(session.id, action)
        self.assertEqual(self.types(), before)
        self.assertEqual(self.press("cs_test_absent", "refund").status_code, 404)


class TestIntents(StripeCase):
    def intent(self, **more: object) -> stripe.PaymentIntent:
        values = {"amount": 500, "currency": "eur", "description": "tx-1", **more}
        return self.old.payment_intents.create(values)

    def test_as_odoo_pays_with_a_saved_card(self) -> None:
        customer = self.old.customers.create({"name": "A"}).id
        intent = self.intent(
            confirm=True,
            off_session=True,
            customer=customer,
            payment_method="pm_card_visa",
            expand=["payment_method"],
        )
        self.assertEqual(intent.status, "succeeded")
        self.assertEqual(intent.payment_method.card.brand, "visa")
        found = self.old.payment_methods.list({"customer": customer, "type": "card"})
        self.assertEqual([one.id for one in found.data], [intent.payment_method.id])

    def test_card_error(self) -> None:
        intent = self.intent(payment_method="pm_card_chargeDeclinedInsufficientFunds")
        self.assertEqual(intent.status, "requires_confirmation")
        with self.assertRaises(stripe.CardError) as caught:
            self.old.payment_intents.confirm(intent.id)
        self.assertEqual(caught.exception.http_status, 402)
        self.assertEqual(caught.exception.code, "card_declined")

    def test_held_and_taken(self) -> None:
        intent = self.paid(payment_intent_data={"capture_method": "manual"})
        self.assertEqual(
            (intent.status, intent.amount_capturable), ("requires_capture", 1234)
        )
        self.assertIn("payment_intent.amount_capturable_updated", self.types())
        [session] = self.old.checkout.sessions.list().data
        self.assertEqual(
            (session.status, session.payment_status), ("complete", "unpaid")
        )
        params = {"amount_to_capture": 1235}
        self.refused(self.old.payment_intents.capture, intent.id, params)
        intent = self.old.payment_intents.capture(
            intent.id, {"amount_to_capture": 1000}
        )
        self.assertEqual((intent.status, intent.amount_received), ("succeeded", 1000))
        self.assertEqual(
            self.types()[-2:], ["charge.captured", "payment_intent.succeeded"]
        )
        self.refused(self.old.payment_intents.capture, intent.id)

    def test_held_and_given_back(self) -> None:
        intent = self.paid(payment_intent_data={"capture_method": "manual"})
        self.old.payment_intents.cancel(intent.id)
        self.assertEqual(self.types()[-1], "payment_intent.canceled")
        self.refused(self.old.payment_intents.cancel, intent.id)

    def test_paid_is_final(self) -> None:
        intent = self.paid()
        self.refused(self.old.payment_intents.cancel, intent.id)
        self.refused(self.old.payment_intents.confirm, intent.id)

    def test_bank_transfer_in_parts(self) -> None:
        intent = self.intent()
        self.play.do("fund", number=intent.id, amount=200)
        self.assertEqual(self.types()[-1], "payment_intent.partially_funded")
        self.play.do("fund", number=intent.id, amount=300)
        self.assertEqual(self.types()[-1], "payment_intent.succeeded")

    def test_shapes(self) -> None:
        intent = self.paid()
        charge = intent.charges.data[0]
        self.assertNotIn("latest_charge", intent.to_dict())
        self.assertEqual(charge.refunds.data, [])
        new = self.new.payment_intents.retrieve(
            intent.id, {"expand": ["latest_charge.balance_transaction"]}
        )
        self.assertNotIn("charges", new.to_dict())
        self.assertEqual(new.latest_charge.id, charge.id)
        self.assertNotIn("refunds", new.latest_charge.to_dict())
        self.assertEqual(new.latest_charge.balance_transaction.fee, 65)

    def test_what_cannot_be_expanded(self) -> None:
        intent = self.paid()
        for path in ("colour", "amount.x", "a.b.c.d.e"):
            error = self.refused(
                self.old.payment_intents.retrieve, intent.id, {"expand": [path]}
            )
            self.assertEqual(error.param, "expand")

    def test_setup(self) -> None:
        customer = self.old.customers.create({"name": "A"}).id
        saved = self.old.setup_intents.create({"customer": customer})
        saved = self.old.setup_intents.confirm(
            saved.id, {"payment_method": "pm_card_visa"}
        )
        self.assertEqual(saved.status, "succeeded")
        self.assertEqual(self.types()[-1], "setup_intent.succeeded")
