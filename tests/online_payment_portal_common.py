"""What the tests of what clients pay in the portal share."""

from __future__ import annotations

from typing import Any

from odoo import Command

from ..tools.online_payment_offer import Offer
from .statement_common import StatementCommon


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
