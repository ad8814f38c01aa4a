"""The page that Stripe hosts: what it is made from, how it is left, what goes wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.online_payment import Payable, PayLine
from .online_payment_common import (
    LANDING,
    OnlinePaymentCommon,
    OnlinePaymentHttpCommon,
)
from .stripe_standin import StripeStandin

CLIENT = "odoo.addons.client_hub.models.payment_provider_stripe_client"


@tagged("post_install", "-at_install")
class TestCheckout(OnlinePaymentCommon):
    def _get_posts(self, path: str) -> list[dict[str, Any]]:
        return [
            one
            for one in self.standin.do("requests")
            if one["method"] == "POST" and one["path"] == path
        ]

    def test_what_stripe_is_sent(self) -> None:
        """S1, S20: ids only, what was computed, nothing that changes it."""
        self.client_fr.lang = "fr_FR"
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        session = self.standin.get(
            f"checkout/sessions/{transaction.client_checkout_session}"
        )
        self.assertEqual(session["mode"], "payment")
        self.assertEqual(session["amount_total"], 10000)
        self.assertEqual(session["customer_email"], "compta@example.com")
        self.assertEqual(session["client_reference_id"], str(transaction.id))
        self.assertFalse(session["allow_promotion_codes"])
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        ids = {
            "client_hub_transaction": str(transaction.id),
            "client_hub_database": uuid,
        }
        self.assertEqual(session["metadata"], ids)
        self._pay(transaction)
        intent = self.provider._read_stripe_session(session["id"])["payment_intent"]
        self.assertEqual(intent["metadata"], ids)
        self.assertEqual(intent["description"], transaction.reference)

    def test_the_transaction(self) -> None:
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self.assertEqual(transaction.state, "draft")
        self.assertEqual(transaction.provider_id, self.provider)
        self.assertEqual(transaction.invoice_ids, invoice)
        self.assertEqual(transaction.reference, invoice.name)
        self.assertTrue(transaction._get_checkout_url().startswith(self.standin.url))

    def test_many_documents_have_a_short_reference(self) -> None:
        moves = [self._create_document() for _one in range(3)]
        transaction = self._open_checkout(*moves)
        self.assertEqual(transaction.reference, f"{moves[0].name}+2")

    def test_each_attempt_has_a_key_of_its_own(self) -> None:
        """S13, S14, S25."""
        invoice = self._create_document()
        first, second = self._open_checkout(invoice), self._open_checkout(invoice)
        self.assertNotEqual(first.reference, second.reference)
        keys = [
            one["idempotency_key"] for one in self._get_posts("/v1/checkout/sessions")
        ]
        self.assertEqual(len(set(keys)), 2)
        self.assertTrue(all(keys))

    def test_no_answer_is_asked_again_with_the_same_key(self) -> None:
        """S13, S25: the first request was carried out, its answer got lost."""
        self.standin.do("fault", match="POST /v1/checkout", status=0, after=True)
        self._open_checkout(self._create_document())
        posts = self._get_posts("/v1/checkout/sessions")
        self.assertEqual(len({one["idempotency_key"] for one in posts}), 1)
        sessions = self.standin.get("checkout/sessions")["data"]
        self.assertEqual(len(sessions), 1)

    def test_the_older_page_of_a_document_is_closed(self) -> None:
        """S19: nobody pays in two tabs."""
        first_invoice = self._create_document()
        second_invoice = self._create_document()
        first = self._open_checkout(first_invoice)
        self._open_checkout(first_invoice, second_invoice)
        self.assertEqual(first.state, "cancel")
        session = self.standin.get(f"checkout/sessions/{first.client_checkout_session}")
        self.assertEqual(session["status"], "expired")

    def test_other_pages_stay_open(self) -> None:
        first = self._open_checkout(self._create_document())
        self._open_checkout(self._create_document())
        self.assertEqual(first.state, "draft")

    def test_an_older_page_that_was_just_paid(self) -> None:
        """S18: no second page for what is paid."""
        invoice = self._create_document()
        payable = self._make_payable(invoice)
        first = self._open_checkout(invoice)
        self._pay(first)
        with self.assertRaisesRegex(UserError, "has just been made"):
            self.transactions._create_checkout(payable, landing_route=LANDING)
        self.assertEqual(
            self.transactions._close_open_checkouts(invoice), self.transactions.browse()
        )

    def test_closing_too_late_books(self) -> None:
        """S18."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction)
        late = self.transactions._close_open_checkouts(invoice)
        self.assertEqual(late, transaction)
        self.assertEqual(invoice.payment_state, "paid")

    def test_an_older_page_of_other_keys_stops_nobody(self) -> None:
        """S26: keys for tests are replaced by others while a page is open."""
        invoice = self._create_document()
        first = self._open_checkout(invoice)
        self._change_keys()
        with mute_logger(CLIENT):
            second = self._open_checkout(invoice)
        self.assertEqual((first.state, second.state), ("cancel", "draft"))

    def test_an_older_page_of_a_provider_out_of_use_stops_nobody(self) -> None:
        first = self._open_checkout(self._create_document())
        second = self._open_checkout(self._create_document())
        # sudo: administrators switch providers off.
        old = self.provider.sudo()
        old.state = "disabled"
        self.standin.do("fault", match="POST /v1/checkout", status=500, times=9)
        with mute_logger(CLIENT):
            first._close_checkout()
        old.stripe_secret_key = False
        second._close_checkout()
        # Not known to be closed: the sweeper asks when it can.
        self.assertEqual((first.state, second.state), ("draft", "draft"))

    def test_an_older_page_that_cannot_be_closed_stops_a_second(self) -> None:
        """S19: while its provider is in use."""
        invoice = self._create_document()
        first = self._open_checkout(invoice)
        self.standin.do("fault", match="POST /v1/checkout", status=500, times=9)
        with mute_logger(CLIENT), self.assertRaisesRegex(UserError, "Nothing was"):
            self._open_checkout(invoice)
        self.assertEqual(first.state, "draft")

    def test_closing_has_a_key(self) -> None:
        """S13: its answer got lost, and it was done once."""
        first = self._open_checkout(self._create_document())
        path = f"/v1/checkout/sessions/{first.client_checkout_session}/expire"
        self.standin.do("fault", match=f"POST {path}", status=0, after=True)
        first._close_checkout()
        keys = [one["idempotency_key"] for one in self._get_posts(path)]
        self.assertEqual(len(set(keys)), 1)
        self.assertTrue(keys[0])
        self.assertEqual(first.state, "cancel")

    def test_whoever_holds_a_link_learns_no_address(self) -> None:
        """Stripe's page shows the address that it is given."""
        portal = self._create_user("compta", "base.group_portal")
        stranger = self._create_user("stranger", "base.group_portal")
        portal.partner_id.parent_id = self.client_fr
        for user, email in (
            (self.env.ref("base.public_user"), None),
            (stranger, None),
            (portal, "compta@example.com"),
        ):
            payable = self._make_payable(self._create_document())
            transaction = self.transactions.with_user(user)._create_checkout(
                payable, landing_route=LANDING
            )
            session = transaction.client_checkout_session
            found = self.standin.get(f"checkout/sessions/{session}")
            self.assertEqual(found["customer_email"], email, user.name)

    def _change_keys(self) -> None:
        # sudo: administrators set keys.
        self.provider.sudo().write(self._get_keys(StripeStandin()))

    def test_what_stripe_refuses_costs_nothing(self) -> None:
        """Below the least amount; the client reads what to do."""
        invoice = self._create_document(0.1)
        with mute_logger(CLIENT), self.assertRaisesRegex(UserError, "Nothing was"):
            self._open_checkout(invoice)

    def test_amounts_that_stripe_cannot_write(self) -> None:
        """S16."""
        with self.assertRaisesRegex(UserError, "Amount:"):
            self._open_checkout(self._create_document(1_000_000.0))

    def test_without_a_provider(self) -> None:
        # sudo: administrators switch providers off.
        self.provider.sudo().state = "disabled"
        with self.assertRaisesRegex(UserError, "not available"):
            self._open_checkout(self._create_document())

    def test_what_only_a_mistake_can_make(self) -> None:
        moves = self._create_document()
        good = self._make_payable(moves)
        wrong_sum = [PayLine(moves.id, "x", 99.0)]
        negative = [PayLine(moves.id, "x", 110.0), PayLine(moves.id, "y", -10.0)]
        for lines in (wrong_sum, negative):
            payable = Payable(**{**good.__dict__, "lines": lines})
            with self.assertRaises(ValueError):
                self.transactions._create_checkout(payable, landing_route=LANDING)
        for route in ("https://evil.example", "//evil.example", "my"):
            with self.assertRaises(ValueError):
                self.transactions._create_checkout(good, landing_route=route)

    def test_the_client_pays_without_rights_on_transactions(self) -> None:
        """The user with the least rights: a portal user."""
        user = self._create_user("payer", "base.group_portal")
        payable = self._make_payable(self._create_document())
        transactions = self.env["payment.transaction"].with_user(user)
        self.assertFalse(transactions.has_access("read"))
        made = transactions._create_checkout(payable, landing_route=LANDING)
        self.assertTrue(made._get_checkout_url())


@tagged("post_install", "-at_install")
class TestReturn(OnlinePaymentHttpCommon):
    def setUp(self) -> None:
        super().setUp()
        self.invoice = self._create_document()
        self.transaction = self._open_checkout(self.invoice)
        self.path = self._get_path(self.transaction)

    @staticmethod
    def _get_path(transaction: Any) -> str:
        parts = urlsplit(transaction._get_return_url())
        return f"{parts.path}?{parts.query}"

    def _return(self, path: str = "") -> tuple[int, str, dict[str, list[str]]]:
        answer = self.url_open(path or self.path, allow_redirects=False)
        parts = urlsplit(answer.headers.get("Location", ""))
        return answer.status_code, parts.path, parse_qs(parts.query)

    def test_coming_back_paid(self) -> None:
        """S2, S34: without any event, the invoice is paid when the page loads."""
        self._pay(self.transaction)
        expected = (303, "/my/invoices", {"page": ["1"], "payment": ["paid"]})
        self.assertEqual(self._return(), expected)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_reloading_books_nothing_again(self) -> None:
        """Also together with the event."""
        self._pay(self.transaction)
        for _load in range(2):
            self._return()
        self._deliver_all()
        self._return()
        self.assertEqual(len(self._payments()), 1)

    def test_coming_back_without_paying(self) -> None:
        self.assertEqual(self._return()[2]["payment"], ["cancelled"])
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertEqual(self.transaction.state, "draft")

    def test_coming_back_from_a_debit(self) -> None:
        self._pay(self.transaction, "pm_sepa_debit")
        self.assertEqual(self._return()[2]["payment"], ["processing"])
        self.standin.do("fail", number=self.transaction.client_checkout_session)
        self.assertEqual(self._return()[2]["payment"], ["failed"])

    def test_coming_back_while_stripe_is_away(self) -> None:
        self._pay(self.transaction)
        self.standin.do("fault", match="GET /v1/checkout", status=500, times=1)
        with mute_logger(CLIENT):
            self.assertEqual(self._return()[0], 303)
        self._deliver_all("payment_intent.succeeded")
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_forged_returns_look_like_unknown_ones(self) -> None:
        self._pay(self.transaction)
        other = self._open_checkout(self._create_document())
        token = parse_qs(urlsplit(self._get_path(other)).query)["token"][0]
        base = "/my/pay/return"
        answers = set()
        for query in (
            "",
            "?tx=1",
            f"?tx={self.transaction.id}",
            f"?tx={self.transaction.id}&token=x",
            f"?tx={self.transaction.id}&token=\u00e9",
            f"?tx={self.transaction.id}&token={token}",
            f"?tx=999999999999999999999&token={token}",
            f"?tx=\u0663&token={token}",
            f"?tx=-1&token={token}",
        ):
            answers.add(self._return(base + query)[0])
        self.assertEqual(answers, {404})
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_only_get(self) -> None:
        with mute_logger("odoo.http"):
            answer = self.url_open(self.path, data={"tx": 1})
        self.assertIn(answer.status_code, (400, 405))
