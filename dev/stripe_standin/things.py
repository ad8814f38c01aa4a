"""How the objects of a payment are made: intent, charge, balance transaction."""

from __future__ import annotations

from typing import Any

from .state import Account, Object, random_text


def make_intent(account: Account, **values: Any) -> Object:
    """Return a new PaymentIntent for at least an ``amount`` and a ``currency``."""
    intent = account.add("payment_intent", "pi", **_INTENT | values)
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(24)}"
    for key in ("metadata", "payment_method_options"):
        intent[key] = dict(intent[key])
    account.emit("payment_intent.created", intent)
    return intent


_INTENT: Object = {
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "application_fee_amount": None,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "customer": None,
    "description": None,
    "last_payment_error": None,
    "metadata": {},
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "payment_method_options": {},
    "payment_method_types": ["card"],
    "processing": None,
    "receipt_email": None,
    "setup_future_usage": None,
    "shipping": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "status": "requires_payment_method",
    "transfer_data": None,
    "transfer_group": None,
    "_charges": [],
    "_session": None,
}


def make_charge(account: Account, intent: Object, method: Object) -> Object:
    """Return a new charge, which takes the money of ``intent``; it is pending."""
    kind = method["type"]
    charge = account.add(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details=dict(method["billing_details"]),
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        dispute=None,
        disputed=False,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata=dict(intent["metadata"]),
        outcome={"network_status": "approved_by_network", "type": "authorized"},
        paid=True,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": kind, kind: dict(method[kind])},
        receipt_email=intent["receipt_email"],
        refunded=False,
        status="pending",
    )
    intent["_charges"] = [*intent["_charges"], charge["id"]]
    return charge


def book(account: Account, source: Object, kind: str, amount: int, fee: int) -> Object:
    """Return a new balance transaction: what ``source`` did to the balance."""
    return account.add(
        "balance_transaction",
        "txn",
        amount=amount,
        available_on=account.now(),
        currency=source["currency"],
        description=source.get("description"),
        exchange_rate=None,
        fee=fee,
        fee_details=[
            {"amount": fee, "currency": source["currency"], "type": "stripe_fee"}
        ],
        net=amount - fee,
        reporting_category=kind,
        source=source["id"],
        status="available",
        type=kind,
    )
