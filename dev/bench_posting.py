"""Booking in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .bench_job import Job, Side

_RUNS = 25
_MOST = 1.1
_MORE_QUERIES = 2


def jobs(ours: Any, core: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param ours: environment of the database with the add-on
    :param core: environment of the one without it
    """
    for name, side in (
        ("Posting an invoice, against core", _posting),
        ("Registering its payment, against core", _paying),
    ):
        yield Job(
            name,
            side(ours),
            side(core),
            most=_MOST,
            more_queries=_MORE_QUERIES,
            runs=_RUNS,
        )


def _posting(env: Any) -> Side:
    return Side(env, lambda invoice: invoice.action_post(), _draft(env))


def _paying(env: Any) -> Side:
    draft = _draft(env)

    def ready() -> Any:
        invoice = draft()
        invoice.action_post()
        return env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )

    return Side(env, lambda wizard: wizard.create({})._create_payments(), ready)


def _draft(env: Any) -> Callable[[], Any]:
    client = env["res.partner"].search([("name", "=", "Client 0500")])
    line = {"name": "Work", "quantity": 2, "price_unit": 100.0}
    values = {
        "move_type": "out_invoice",
        "partner_id": client.id,
        "invoice_line_ids": [(0, 0, line)],
    }
    return lambda: env["account.move"].create(values)
