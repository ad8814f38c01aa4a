"""Invoices to pay at the stand-in for Stripe, and what the books say; in Odoo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .stripe_standin import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET

_ROUTE = "/my"


def prepare(env: Any, count: int, target: str) -> None:
    """Make ``count`` invoices, with a page of Stripe for each, and write what is what.

    :param target: file that gets a JSON object: the session of each transaction
    """
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
    sessions = {}
    for invoice in _make_invoices(env, count):
        transaction = _open_page(env, invoice)
        sessions[transaction.client_checkout_session] = transaction.id
    env.cr.commit()
    Path(target).write_text(json.dumps(sessions))


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
            "problem": transaction.client_payment_problem,
        }
    found[""] = _count_others(env, numbers)
    Path(target).write_text(json.dumps(found))


def _payments(env: Any, transaction: Any) -> Any:
    mine = [("payment_transaction_id", "=", transaction.id)]
    return env["account.payment"].search(mine)


def _count_others(env: Any, numbers: list[int]) -> int:
    others = [("payment_transaction_id", "not in", numbers)]
    return env["account.payment"].search_count(others)
