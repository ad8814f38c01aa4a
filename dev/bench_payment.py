"""Money that arrives, in ``make bench``; runs inside Odoo, beside the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from odoo.tools import config

from . import stripe_books
from .bench_job import Job, Side
from .odoo_server import STRIPE_OPTION
from .stripe_standin import SECRET_KEY, client


def jobs(ours: Any, core: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param ours: environment of the database with the add-on
    :param core: environment of the one without it, with the same data
    """
    yield Job(
        "Webhook to paid, with asking Stripe, against Odoo's webhook and its later job",
        Side(ours, _receive, lambda: _event(ours)),
        Side(core, _process_and_post, lambda: _event(core)),
        most=2.0,
    )


def _event(env: Any) -> tuple[Any, dict[str, Any]]:
    """Return a transaction, and the event that says it is paid."""
    stripe_books.set_up(env)
    transaction = stripe_books.make_transactions(env, 1)
    play = client.connect(config[STRIPE_OPTION], key=SECRET_KEY)
    stripe_books.pay(play, [stripe_books.describe(transaction)])
    [*_earlier, event] = play.events("payment_intent.succeeded", version="2019-05-16")
    return transaction, event


def _receive(prepared: tuple[Any, dict[str, Any]]) -> None:
    """What the add-on does in the request."""
    transaction, event = prepared
    events_sudo = transaction.env["client.hub.stripe.event"].sudo()
    found = events_sudo._find_transaction(event)
    events_sudo._receive(found.provider_id, found, event)
    _check(transaction)


def _process_and_post(prepared: tuple[Any, dict[str, Any]]) -> None:
    """What Odoo does in the request, and up to ten minutes later in its job."""
    transaction, event = prepared
    intent = event["data"]["object"]
    data = {"reference": intent["description"], "payment_intent": intent}
    data["payment_method"] = intent["payment_method"]
    found = transaction._search_by_reference("stripe", data)
    found._process("stripe", data)
    found._post_process()
    _check(transaction)


def _check(transaction: Any) -> None:
    state = transaction.invoice_ids.payment_state
    assert state in ("paid", "in_payment"), state  # noqa: S101
