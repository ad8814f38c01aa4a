"""Invoices to pay at the stand-in for Stripe, and what the books say; in Odoo."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from .stripe_standin import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET

_ROUTE = "/my"


def set_up(env: Any) -> Any:
    """Return the payment provider, which has an account at the stand-in."""
    provider = env.ref("payment.payment_provider_stripe")
    provider.write(
        {
            "stripe_secret_key": SECRET_KEY,
            "stripe_publishable_key": PUBLISHABLE_KEY,
            "stripe_webhook_secret": WEBHOOK_SECRET,
            "state": "test",
            "is_published": True,
        }
    )
    return provider


def prepare(env: Any, count: int, target: str) -> None:
    """Make ``count`` invoices, with a page of Stripe for each, and write what is what.

    :param target: file that gets a JSON object: the session of each transaction
    """
    set_up(env)
    sessions = {}
    for invoice in _make_invoices(env, count):
        transaction = _open_page(env, invoice)
        sessions[transaction.client_checkout_session] = transaction.id
    env.cr.commit()
    Path(target).write_text(json.dumps(sessions))


def prepare_intents(env: Any, count: int, target: str) -> None:
    """Make ``count`` invoices and transactions, as Odoo's own form does.

    :param target: file that gets a JSON list of what :func:`describe` returns
    """
    set_up(env)
    made = [describe(one) for one in make_transactions(env, count)]
    env.cr.commit()
    Path(target).write_text(json.dumps(made))


def make_transactions(env: Any, count: int) -> Any:
    """Return new transactions, each of which pays a new invoice."""
    invoices = _make_invoices(env, count)
    provider = env.ref("payment.payment_provider_stripe")
    method = env.ref("payment.payment_method_card")
    return env["payment.transaction"].create(
        [
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"{invoice.name}-{secrets.token_hex(4)}",
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_direct",
                "invoice_ids": [(6, 0, invoice.ids)],
            }
            for invoice in invoices
        ]
    )


def describe(transaction: Any) -> dict[str, Any]:
    """Return what Stripe is told of a transaction, and its id."""
    digits = transaction.currency_id.decimal_places
    return {
        "id": transaction.id,
        "amount": round(transaction.amount * 10**digits),
        "currency": transaction.currency_id.name,
        "description": transaction.reference,
    }


def pay(play: Any, made: list[dict[str, Any]]) -> None:
    """Have each transaction of ``made`` paid by card.

    :param play: the tests' client of the stand-in
    """
    for one in made:
        values = {key: value for key, value in one.items() if key != "id"}
        play.post(
            "payment_intents",
            **values,
            confirm="true",
            payment_method="pm_card_visa",
        )


def _make_invoices(env: Any, count: int) -> Any:
    partners = env["res.partner"].create(
        [{"name": f"Payer {number}"} for number in range(min(count, 20))]
    )
    values = [
        {
            "move_type": "out_invoice",
            "partner_id": partners[number % len(partners)].id,
            "invoice_line_ids": [
                (0, 0, {"name": "Work", "price_unit": 100 + number, "tax_ids": []})
            ],
        }
        for number in range(count)
    ]
    invoices = env["account.move"].create(values)
    invoices.action_post()
    return invoices


def _open_page(env: Any, invoice: Any) -> Any:
    # Imported here: the program that runs this file has no add-on before.
    from odoo.addons.client_hub.tools.online_payment import Payable, PayLine

    lines = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
    payable = Payable(
        company=invoice.company_id,
        partner=invoice.partner_id,
        currency=invoice.currency_id,
        account=lines.account_id,
        invoices=invoice,
        lines=[PayLine(invoice.id, invoice.name, invoice.amount_residual)],
        amount=invoice.amount_residual,
    )
    return env["payment.transaction"]._create_checkout(payable, landing_route=_ROUTE)


def report(env: Any, numbers: list[int], target: str) -> None:
    """Write what the books say about the transactions ``numbers``.

    :param env: of a database with or without the add-on
    :param target: file that gets a JSON object per transaction, and under ``""`` the
        number of payments which belong to none
    """
    found: dict[str, Any] = {}
    for transaction in env["payment.transaction"].browse(numbers):
        payments = _payments(env, transaction)
        found[str(transaction.id)] = {
            "state": transaction.state,
            "payments": [
                [payment.state, payment.payment_type, payment.amount]
                for payment in payments
            ],
            "amount": transaction.amount,
            "invoice": transaction.invoice_ids.payment_state,
            "residual": transaction.invoice_ids.amount_residual,
            "reconciled": bool(payments.reconciled_invoice_ids),
            "problem": getattr(transaction, "client_payment_problem", False),
        }
    found[""] = _count_others(env, numbers)
    Path(target).write_text(json.dumps(found))


def _payments(env: Any, transaction: Any) -> Any:
    mine = [("payment_transaction_id", "=", transaction.id)]
    return env["account.payment"].search(mine)


def _count_others(env: Any, numbers: list[int]) -> int:
    others = [("payment_transaction_id", "not in", numbers)]
    return env["account.payment"].search_count(others)
