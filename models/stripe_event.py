from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import stripe

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import STRIPE_EVENTS

KEEP_DAYS_PARAMETER = "client_hub.stripe_event_days"
_KEEP_DAYS = 180
# Stripe tells of an event for 30 days; before that none may be forgotten.
_MIN_DAYS = 35
_GC_BATCH = 5000

Event = dict[str, Any]


class ClientHubStripeEvent(models.Model):
    """What Stripe told, each event once, in the transaction that acts on it.

    Only names and ids are kept: no amounts, no payloads, nothing personal. An event is
    a signal; what is booked is what Stripe answers when asked.
    """

    _name = "client.hub.stripe.event"
    _description = "Stripe Event"
    _order = "id desc"

    name = fields.Char(string="Event", required=True, readonly=True)
    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="provider_id.company_id", store=True, index=True
    )
    type = fields.Char(required=True, readonly=True)
    object_name = fields.Char(string="Object", readonly=True)
    created_at = fields.Datetime(string="Created at Stripe", readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(
        [("done", "Done"), ("ignored", "Ignored")],
        required=True,
        readonly=True,
        default="done",
    )
    reason = fields.Selection(
        [
            ("mode", "Of the other mode: test or live"),
            ("account", "Of another Stripe account"),
            ("transaction", "Of no transaction of this database"),
            ("unknown", "Stripe does not know the object"),
        ],
        string="Why Ignored",
        readonly=True,
    )

    _event_unique = models.Constraint(
        "UNIQUE(provider_id, name)", "This event of Stripe is recorded already."
    )

    # ------------------------------------------------------------ receiving

    @api.model
    def _receive(self, provider_sudo: Any, transaction_sudo: Any, event: Event) -> bool:
        """Act on an event whose origin is proven, unless it was acted on before.

        :param transaction_sudo: as :meth:`_find_transaction` found it
        :return: whether it is new
        :raises stripe.StripeError: if Stripe cannot be asked; deliver it again then
        """
        if event["type"] not in STRIPE_EVENTS:
            return False
        entry = self._record(provider_sudo, event)
        if entry is None:
            return False
        reason = self._get_refusal(provider_sudo, event)
        if not reason:
            reason, transaction_sudo = self._act(provider_sudo, transaction_sudo, event)
        entry._close(transaction_sudo, reason)
        return True

    @api.model
    def _record(self, provider_sudo: Any, event: Event) -> ClientHubStripeEvent | None:
        """Return the new entry of an event, or None if there was one before.

        Two deliveries at once wait for each other, and the second is tried again.
        """
        if not event.get("id"):
            return self.browse()
        created = event.get("created")
        values = {
            "name": event["id"],
            "provider_id": provider_sudo.id,
            "company_id": provider_sudo.company_id.id,
            "type": event["type"],
            "object_name": event["data"]["object"].get("id"),
            "created_at": datetime.utcfromtimestamp(created) if created else None,
            "state": "done",
            "create_uid": self.env.uid,
            "create_date": self.env.cr.now(),
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO client_hub_stripe_event (%s) VALUES %s"
                " ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            ),
            # Two at once are no error.
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        return self.browse(row[0]) if row else None

    def _close(self, transaction_sudo: Any, reason: str | None) -> None:
        """Note what became of the event; the last step before the commit."""
        self.write(
            {
                "transaction_id": transaction_sudo.id,
                "state": "ignored" if reason else "done",
                "reason": reason,
            }
        )
        self.env.flush_all()

    @api.model
    def _get_refusal(self, provider_sudo: Any, event: Event) -> str | None:
        """Return why an event must have no effect, if so."""
        live, is_live = event.get("livemode"), provider_sudo._stripe_is_live()
        if live is not None and is_live is not None and live != is_live:
            return "mode"
        account = event.get("account")
        if account and account != provider_sudo.client_stripe_account:
            return "account"
        return None

    # ------------------------------------------------------------ acting

    @api.model
    def _act(
        self, provider_sudo: Any, transaction_sudo: Any, event: Event
    ) -> tuple[str | None, Any]:
        """Bring the transaction up to date.

        :return: why nothing was done, if so, and the transaction
        """
        kind, given = STRIPE_EVENTS[event["type"]], event["data"]["object"]
        try:
            if not transaction_sudo and kind in ("refund", "dispute"):
                transaction_sudo = self._find_by_asking(provider_sudo, given)
            if not transaction_sudo:
                return "transaction", transaction_sudo
            if kind == "payment":
                transaction_sudo._settle_payment(given)
            elif kind == "refund":
                transaction_sudo._settle_refunds(given)
            elif kind == "dispute":
                self.env["client.hub.stripe.dispute"]._settle(transaction_sudo, given)
            else:
                transaction_sudo._settle_validation(given)
        except stripe.InvalidRequestError as error:
            if error.http_status != 404:
                raise
            provider_sudo._log_stripe_error(error)
            return "unknown", transaction_sudo
        return None, transaction_sudo

    @api.model
    def _find_transaction(self, event: Event) -> Any:
        """Return the transaction an event tells of, in sudo; nothing is proven yet."""
        given = event["data"]["object"]
        # sudo: Stripe has no user here.
        transactions_sudo = self.env["payment.transaction"].sudo()
        if event["type"].startswith("checkout.session."):
            return transactions_sudo._find_by("client_checkout_session", given["id"])
        if event["type"].startswith("charge.dispute."):
            return transactions_sudo._find_by_intent(_id(given.get("payment_intent")))
        if given.get("object") == "refund":
            return transactions_sudo._find_by_refund(given)
        return transactions_sudo._find_by_intent_object(given)

    @api.model
    def _find_by_asking(self, provider_sudo: Any, given: dict[str, Any]) -> Any:
        """Return the transaction of a refund or dispute that overtook its payment."""
        transactions_sudo = self.env["payment.transaction"].sudo()
        intent_id = _id(given.get("payment_intent"))
        if not intent_id:
            return transactions_sudo.browse()
        intent = provider_sudo._read_stripe_intent(intent_id)
        transaction_sudo = transactions_sudo._find_by_intent_object(intent)
        if transaction_sudo.provider_id != provider_sudo:
            return transactions_sudo.browse()
        transaction_sudo._settle_payment(intent)
        return transaction_sudo

    # ------------------------------------------------------------ upkeep

    @api.autovacuum
    def _gc(self) -> tuple[int, int]:
        """Forget events after the days that a system parameter names."""
        # sudo: a system parameter.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        text = parameters_sudo.get_param(KEEP_DAYS_PARAMETER) or ""
        days = max(int(text) if text.isdecimal() else _KEEP_DAYS, _MIN_DAYS)
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM client_hub_stripe_event WHERE id IN ("
                "SELECT id FROM client_hub_stripe_event WHERE create_date < %s"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
                fields.Datetime.now() - timedelta(days=days),
                _GC_BATCH,
            )
        )
        self.env.invalidate_all(flush=False)
        return len(rows), int(len(rows) == _GC_BATCH)


def _id(value: Any) -> str | None:
    """Return the id of what Stripe names by id, or puts in whole."""
    return value.get("id") if isinstance(value, dict) else value
