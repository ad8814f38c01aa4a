"""What the tests of what clients pay in the portal share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from lxml import html

from odoo import Command
from odoo.http import Request
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from ..tools.online_payment_offer import Offer
from .statement_common import StatementCommon
from .stripe_standin import StripeStandin


class OnlinePaymentPortalCommon(StatementCommon):
    """A client who can pay through a Stripe provider; nothing is asked of Stripe."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # sudo: the tests look at what no client may.
        cls.payments = cls.env["client.hub.online.payment"].sudo()
        cls.provider = cls._create_provider(cls.company)
        cls.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", "True"
        )
        cls.portal_user = cls._user(
            "pay_portal",
            "base.group_portal",
            partner_id=cls.contact.id,
            email="office@example.com",
        )
        cls.rival = cls._create_client("Rival & Sons")
        desk = cls._create_partner(name="Desk", parent_id=cls.rival.id)
        cls.stranger = cls._user(
            "pay_stranger", "base.group_portal", partner_id=desk.id
        )

    @classmethod
    def _create_provider(cls, company: Any, **vals: Any) -> Any:
        template = cls.env.ref("payment.payment_provider_stripe").sudo()
        provider = template.copy({"company_id": company.id})
        provider.write(
            {
                "stripe_secret_key": "sk_test_standin",
                "stripe_publishable_key": "pk_test_standin",
                "stripe_webhook_secret": "whsec_standin",
                "state": "test",
                "is_published": True,
                **vals,
            }
        )
        provider.journal_id = cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        return provider

    @classmethod
    def _offers(cls, moves: Any, user: Any = None, **kwargs: Any) -> list[Offer]:
        """Return what the user, by default the client's, is offered."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        user = user or cls.portal_user
        payments = cls.env["client.hub.online.payment"].with_user(user)
        return payments._get_payables(moves.with_user(user), **kwargs).offers

    @classmethod
    def _options(cls, *args: Any, **kwargs: Any) -> list[tuple[str, float]]:
        """Return choice and amount of each way to pay the only offer."""
        [offer] = cls._offers(*args, **kwargs)
        return [(option.choice, offer.amount_of(option)) for option in offer.options]

    @classmethod
    def _refusals(cls, moves: Any) -> list[str]:
        payments = cls.env["client.hub.online.payment"].with_user(cls.portal_user)
        refused = payments._get_payables(moves).refused
        return [refused.get(move.id, "") for move in moves]

    @classmethod
    def _transact(cls, moves: Any, state: str, **vals: Any) -> Any:
        """Return a payment by Stripe of these documents that has come so far."""
        currency = moves.currency_id[:1]
        return cls.env["payment.transaction"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.env.ref("payment.payment_method_unknown").id,
                "amount": sum(moves.mapped("amount_total")),
                "currency_id": currency.id,
                "partner_id": cls.contact.id,
                "operation": "online_redirect",
                "state": state,
                "invoice_ids": [Command.set(moves.ids)],
                **vals,
            }
        )

    @classmethod
    def _term(cls, *parts: tuple[float, int], **vals: Any) -> Any:
        """Return a payment term of these shares in percent and days."""
        lines = [
            Command.create({"value": "percent", "value_amount": share, "nb_days": days})
            for share, days in parts
        ]
        return cls.env["account.payment.term"].create(
            {"name": "Term", "line_ids": lines, **vals}
        )


class OnlinePaymentHttpCommon(OnlinePaymentPortalCommon, HttpCase):
    """The same over HTTP, with an account at the stand-in for Stripe."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # The server runs on the real day; so do these documents.
        cls.freeze_time.stop()
        cls.addClassCleanup(cls.freeze_time.start)
        cls.today = cls.env["client.hub.figure"]._get_today()
        cls.standin = StripeStandin()
        cls.provider.write(
            {
                "stripe_secret_key": cls.standin.secret_key,
                "stripe_publishable_key": cls.standin.publishable_key,
                "stripe_webhook_secret": cls.standin.webhook_secret,
            }
        )
        cls.invoice = cls._on(-40, cls._bill, 100.0, due=-30)
        cls.later = cls._on(-2, cls._bill, 11.0, due=20)
        cls.third = cls._on(-2, cls._bill, 30.0, due=25)
        cls.foreign = cls._on(-3, cls._bill, 777.0, partner_id=cls.rival.id)
        cls.env.flush_all()

    def _sign_in(self, login: str = "pay_portal") -> None:
        self.authenticate(login, login)

    def _get(self, path: str, status: int = 200) -> Any:
        """Return an answer as it comes, not that of where it leads to."""
        with mute_logger("odoo.http"):
            response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, status, f"{path}: {response.text[:500]}")
        return response

    def _page(self, path: str, status: int = 200) -> Any:
        return html.fromstring(self._get(path, status).text)

    def _post(
        self, path: str, status: int = 303, token: Any = None, **data: Any
    ) -> Any:
        token = Request.csrf_token(self) if token is None else token
        with mute_logger("odoo.http"):
            response = self.url_open(
                path, data={"csrf_token": token, **data}, allow_redirects=False
            )
        self.assertEqual(response.status_code, status, f"{path}: {response.text[:500]}")
        return response

    def _post_ids(self, *moves: Any, status: int = 303, **data: Any) -> Any:
        """Post ticked documents as the statement does."""
        ids = [getattr(move, "id", move) for move in moves]
        return self._post("/my/statement/pay", status, invoice_ids=ids, **data)

    def _get_location(self, response: Any) -> str:
        """Return the path to which an answer of this server leads."""
        parts = urlsplit(response.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _get_transactions(self) -> Any:
        self.env.invalidate_all()
        return self.env["payment.transaction"].search(
            [("provider_id", "=", self.provider.id)], order="id"
        )

    def _assert_at_stripe(self, response: Any) -> Any:
        """Check that an answer leads to Stripe's page; return its transaction."""
        location = response.headers["Location"]
        self.assertTrue(location.startswith(self.standin.url), location)
        transaction = self._get_transactions()[-1:]
        self.assertEqual(transaction.client_checkout_url, location)
        return transaction

    def _pay_at_stripe(self, transaction: Any, method: str = "pm_card_visa") -> str:
        """Pay at Stripe and come back; return the path of the landing page."""
        session = transaction.client_checkout_session
        self.standin.pay(session, method)
        url = self.standin.get(f"checkout/sessions/{session}")["success_url"]
        parts = urlsplit(url.replace("{CHECKOUT_SESSION_ID}", session))
        return self._get_location(self._get(f"{parts.path}?{parts.query}", 303))

    @staticmethod
    def _text(node: Any) -> str:
        return " ".join(node.text_content().split())
