"""A client that pays at the stand-in for Stripe, and what Stripe tells Odoo of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import stripe

from odoo import Command, fields
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.payment_stripe.controllers.main import StripeController

from ..tools.online_payment import Payable, PayLine
from .common import ClientHubCommon
from .stripe_standin import StripeStandin

WEBHOOK = StripeController._webhook_url
LANDING = "/my/invoices?page=1"
#: Where the tests kill a worker in the middle of a webhook: name, model, method; "" is
#: the controller. The method has done its work when the worker dies.
KILL_POINTS = (
    ("after the signature", "", "_verify_signature"),
    ("after the ledger row", "client.hub.stripe.event", "_record"),
    ("after reading again", "payment.transaction", "_ask_stripe"),
    ("after the state is done", "payment.transaction", "_set_done"),
    ("after the payment is created", "account.payment", "action_post"),
    ("after reconciling", "payment.transaction", "_reconcile_documents"),
    ("after queueing the receipt", "account.payment", "_queue_client_receipts"),
    ("before the commit", "client.hub.stripe.event", "_close"),
)


class OnlinePaymentCommon(ClientHubCommon, AccountTestInvoicingCommon):
    """A company with an account at the stand-in, and invoices of a French client."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.provider = cls._create_provider(cls.company, StripeStandin())
        cls.client_fr.email = "compta@example.com"
        # sudo: the tests look at what no client may.
        cls.transactions = cls.env["payment.transaction"].sudo()
        cls.stripe_events = cls.env["client.hub.stripe.event"].sudo()
        cls.disputes = cls.env["client.hub.stripe.dispute"].sudo()

    @classmethod
    def _create_provider(cls, company: Any, standin: Any, **vals: Any) -> Any:
        """Create a published Stripe provider in test mode."""
        # sudo: administrators set providers up, not accountants.
        provider = (
            cls.env.ref("payment.payment_provider_stripe")
            .sudo()
            .copy({"company_id": company.id, "name": "Stripe"})
        )
        provider.write(cls._get_keys(standin) | {"state": "test"} | vals)
        provider.is_published = True
        # Other methods cannot be captured by hand.
        card = cls.env.ref("payment.payment_method_card")
        provider.payment_method_ids = [Command.set(card.ids)]
        provider.journal_id = cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        return provider

    @staticmethod
    def _get_keys(standin: Any) -> dict[str, str]:
        return {
            "stripe_secret_key": standin.secret_key,
            "stripe_publishable_key": standin.publishable_key,
            "stripe_webhook_secret": standin.webhook_secret,
        }

    def setUp(self) -> None:
        super().setUp()
        # An account of its own for each test: Stripe forgets nothing between them.
        self.standin = StripeStandin()
        # sudo: administrators set keys.
        self.provider.sudo().write(self._get_keys(self.standin))

    @classmethod
    def _create_document(
        cls, amount: float = 100.0, kind: str = "out_invoice", **vals: Any
    ) -> Any:
        """Create a posted document of the French client."""
        line = {"name": "Work", "price_unit": amount, "tax_ids": [Command.clear()]}
        document = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": cls.client_fr.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
        document.action_post()
        return document

    def _open_checkout(self, *documents: Any, amount: float | None = None) -> Any:
        """Return the transaction of a page on which documents are paid."""
        moves = self.env["account.move"].union(*documents)
        payable = self._make_payable(moves, amount)
        return self.transactions._create_checkout(payable, landing_route=LANDING)

    def _make_payable(self, moves: Any, amount: float | None = None) -> Payable:
        owed = sum(
            -move.amount_residual
            if move.move_type == "out_refund"
            else move.amount_residual
            for move in moves
        )
        total = owed if amount is None else amount
        lines = [PayLine(moves[0].id, moves[0].name, total)]
        return Payable(
            company=moves.company_id,
            partner=moves.partner_id[:1],
            currency=moves.currency_id,
            account=moves.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).account_id[:1],
            invoices=moves,
            lines=lines,
            amount=total,
        )

    @classmethod
    def _create_discounted(cls, amount: float) -> Any:
        """Create a document of today with 2 % early-payment discount."""
        line = {"value": "percent", "nb_days": 30, "value_amount": 100}
        terms = cls.env["account.payment.term"].create(
            {
                "name": "2/10 net 30",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2,
                "line_ids": [Command.create(line)],
            }
        )
        today = cls.env["client.hub.figure"]._get_today()
        vals = {"invoice_payment_term_id": terms.id, "invoice_date": today}
        return cls._create_document(amount, **vals)

    def _open_discounted(self, moves: Any, amount: float) -> Any:
        """Return the transaction of a page on which all discounts are granted."""
        payable = replace(self._make_payable(moves, amount), discounted=moves)
        return self.transactions._create_checkout(payable, landing_route=LANDING)

    @classmethod
    def _create_opening(cls, *items: tuple[Any, Any, float]) -> Any:
        """Create a posted entry of what clients owe.

        :param items: client, account and amount of each
        """
        other = cls.company_data["default_account_revenue"]
        lines = [
            {"partner_id": client.id, "account_id": account.id, "debit": amount}
            for client, account, amount in items
        ]
        lines.append({"account_id": other.id, "credit": sum(one[2] for one in items)})
        entry = cls.env["account.move"].create(
            {"move_type": "entry", "line_ids": [Command.create(one) for one in lines]}
        )
        entry.action_post()
        return entry

    def _open_opening(self, entry: Any, account: Any, amount: float) -> Any:
        """Return the transaction of a page on which the French client pays items."""
        payable = self._make_payable(entry, amount)
        payable = replace(payable, partner=self.client_fr, account=account)
        return self.transactions._create_checkout(payable, landing_route=LANDING)

    def _pay(self, transaction: Any, method: str = "pm_card_visa") -> str:
        """Pay on the page; return why the card was refused, if it was."""
        session = transaction.client_checkout_session
        return self.standin.pay(session, method)["refusal"]

    def _receive(self, *kinds: str, reverse: bool = False) -> None:
        """Act on the events of these kinds (all of them by default), unsigned."""
        found = [e for e in self.standin.events() if not kinds or e["type"] in kinds]
        for event in reversed(found) if reverse else found:
            self._act(event)

    def _act(self, event: dict[str, Any]) -> None:
        transaction = self.stripe_events._find_transaction(event)
        provider = transaction.provider_id or self.provider.sudo()
        self.stripe_events._receive(provider, transaction, event)

    def _receivable(self, payment: Any) -> Any:
        return payment._get_receivable_lines()

    def _payments(self) -> Any:
        return self.env["account.payment"].search(
            [("partner_id", "=", self.client_fr.id)], order="id"
        )

    def _activities(self, record: Any) -> Any:
        return record.sudo().activity_ids


class RefundCommon(OnlinePaymentCommon):
    """An invoice that was paid through Stripe, and what must never change of it."""

    def setUp(self) -> None:
        super().setUp()
        self.invoice = self._create_document()
        self.transaction = self._buy(self.invoice)
        self.payment = self.transaction.payment_id
        self.session = self.transaction.client_checkout_session

    def _buy(self, *documents: Any) -> Any:
        transaction = self._open_checkout(*documents)
        self._pay(transaction)
        self._receive("payment_intent.succeeded")
        return transaction

    def _refund(self, amount: int | None = None, **values: Any) -> Any:
        return self.standin.do("refund", number=self.session, amount=amount, **values)

    def _new_payments(self) -> Any:
        return self._payments() - self.payment

    def _close_the_books(self) -> None:
        """Lock everything up to yesterday, and hash what the bank journal posts."""
        journal = self.provider.journal_id
        journal.restrict_mode_hash_table = True
        yesterday = fields.Date.today() - timedelta(days=1)
        # sudo: advisers close the books.
        self.company.sudo().write(
            {"fiscalyear_lock_date": yesterday, "tax_lock_date": yesterday}
        )

    def _snapshot(self) -> list[tuple]:
        """Return what must not change of the entries that were posted."""
        moves = self.invoice + self.payment.move_id
        return [
            (line.id, line.date, line.balance, line.account_id.id, line.parent_state)
            for line in moves.line_ids
        ] + [(move.id, move.name, move.inalterable_hash) for move in moves]


class OnlinePaymentHttpCommon(OnlinePaymentCommon, HttpCase):
    """Stripe delivers its events over HTTP."""

    def _deliver(
        self, event: dict[str, Any], *, secret: str | None = None, **headers: str
    ) -> Any:
        """Send a signed event, as Stripe would; return the answer."""
        body = json.dumps(event)
        signature = stripe.WebhookSignature.generate_signature_header(
            body, secret or self.standin.webhook_secret
        )
        every = {"Content-Type": "application/json", "Stripe-Signature": signature}
        return self._send(body, {**every, **headers})

    def _send(self, body: Any, headers: dict[str, str]) -> Any:
        with mute_logger("odoo.http"):
            return self.url_open(WEBHOOK, data=body, headers=headers)

    def _deliver_all(self, *kinds: str) -> list[int]:
        """Deliver the events of these kinds; return the status of each answer."""
        found = [e for e in self.standin.events() if not kinds or e["type"] in kinds]
        return [self._deliver(event).status_code for event in found]
