from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import stripe

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import STRIPE_EVENTS

_logger = logging.getLogger(__name__)

# Time for the event and the return page, which are quicker.
_PATIENCE = timedelta(minutes=10)
# How long Stripe keeps events, and how far back a new provider is looked through.
_MAX_DAYS = 29
_FIRST_DAYS = 3
# Events are listed by their time at Stripe, and may appear late.
_OVERLAP = timedelta(hours=1)
_MAX_AGE = timedelta(days=90)


class ClientHubStripeSweeper(models.AbstractModel):
    """Finds what no event told: lost ones, and those nobody subscribed."""

    _name = "client.hub.stripe.sweeper"
    _description = "Sweeper of Online Payments"

    @api.model
    def _cron_sweep(self) -> None:
        """Ask Stripe, one transaction of the database for each answer."""
        progress = self.env["ir.cron"]._commit_progress
        steps = [*self._get_payment_steps(), *self._get_event_steps()]
        progress(remaining=len(steps))
        for step in steps:
            self._try(step)
            if not progress(1):
                break

    def _try(self, step: Callable[[], Any]) -> None:
        """Take one step; what fails is undone alone, and tried again next time."""
        try:
            step()
        except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            self.env.cr.rollback()
        except stripe.StripeError as error:
            self.env.cr.rollback()
            _logger.warning("Stripe: %s, request %s", error.code, error.request_id)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("An online payment could not be brought up to date")

    # ------------------------------------------------------------ payments

    def _get_payment_steps(self) -> Iterator[Callable[[], None]]:
        now = fields.Datetime.now()
        payments = self.env["payment.transaction"].search(
            [
                ("provider_id.code", "=", "stripe"),
                ("provider_id.state", "!=", "disabled"),
                ("provider_id.stripe_secret_key", "not in", [False, ""]),
                ("create_date", ">", now - _MAX_AGE),
                ("last_state_change", "<", now - _PATIENCE),
                ("operation", "!=", "validation"),
                "|",
                "&",
                "&",
                ("state", "in", ("draft", "pending", "authorized")),
                # Captures and refunds come to an end with it.
                ("source_transaction_id", "=", False),
                "|",
                ("client_checkout_session", "!=", False),
                ("provider_reference", "!=", False),
                "&",
                ("state", "=", "done"),
                ("is_post_processed", "=", False),
            ],
            order="id",
        )
        for payment_id in payments.ids:
            yield lambda payment_id=payment_id: self._sweep_payment(payment_id)

    def _sweep_payment(self, payment_id: int) -> None:
        # Browsed alone, as each commit empties the cache. Who holds it, books it.
        payment = self.env["payment.transaction"].browse(payment_id)
        payment = payment.try_lock_for_update(allow_referencing=True)
        if payment:
            payment._settle_or_forget()

    # ------------------------------------------------------------ events

    def _get_event_steps(self) -> Iterator[Callable[[], None]]:
        providers = self.env["payment.provider"].search(
            [("code", "=", "stripe"), ("state", "!=", "disabled")]
        )
        for provider in providers.filtered("stripe_secret_key"):
            until = fields.Datetime.now() - _PATIENCE
            try:
                events = list(self._list_events(provider, until))
            except stripe.StripeError as error:
                provider._log_stripe_error(error)
                continue
            failed: set[int] = set()
            for event in events:
                yield partial(self._sweep_event, provider.id, event, failed)
            yield partial(self._note_swept, provider.id, until, failed)

    def _list_events(
        self, provider: models.BaseModel, until: datetime
    ) -> Iterator[dict[str, Any]]:
        """Return the events that were not received, the oldest first."""
        now = fields.Datetime.now()
        since = provider.client_events_until or now - timedelta(days=_FIRST_DAYS)
        since = max(since - _OVERLAP, now - timedelta(days=_MAX_DAYS))
        page = provider._stripe_client().v1.events.list(
            {
                "created": {"gte": _seconds(since), "lte": _seconds(until)},
                "types": list(STRIPE_EVENTS),
                "limit": 100,
            }
        )
        events = [event.to_dict() for event in page.auto_paging_iter()]
        entries = self.env["client.hub.stripe.event"].search_fetch(
            [
                ("provider_id", "=", provider.id),
                ("name", "in", [event["id"] for event in events]),
            ],
            ["name"],
        )
        known = set(entries.mapped("name"))
        return (event for event in reversed(events) if event["id"] not in known)

    def _sweep_event(
        self, provider_id: int, event: dict[str, Any], failed: set[int]
    ) -> None:
        """Act on an event.

        :param failed: gets its time at Stripe, in seconds, if that fails
        """
        provider = self.env["payment.provider"].browse(provider_id)
        events = self.env["client.hub.stripe.event"]
        try:
            events._receive(provider, events._find_transaction(event), event)
        except Exception:
            failed.add(event["created"])
            raise

    def _note_swept(self, provider_id: int, until: datetime, failed: set[int]) -> None:
        """Note up to when events were looked through: what failed is looked at again.

        :param failed: times of events at Stripe, in seconds
        """
        provider = self.env["payment.provider"].browse(provider_id)
        oldest = datetime.utcfromtimestamp(min(failed)) if failed else until
        provider.client_events_until = min(until, oldest)


def _seconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds())
