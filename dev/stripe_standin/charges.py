"""Charges and balance transactions, to be read."""

from __future__ import annotations

import stripe.params as sdk

from .api import Call, route
from .state import Object


@route("GET", "charges/*", sdk.ChargeRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return a charge."""
    return call.account.get("charge", call.ids[0])


@route("GET", "charges", sdk.ChargeListParams)
def find(call: Call) -> list[Object]:
    """Return charges, for instance those of an intent."""
    return chosen(call, "charge", "payment_intent", "customer")


@route("GET", "balance_transactions/*", sdk.BalanceTransactionRetrieveParams)
def retrieve_balance(call: Call) -> Object:
    """Return a balance transaction: an amount, Stripe's fee, and what is left."""
    return call.account.get("balance_transaction", call.ids[0])


@route("GET", "balance_transactions", sdk.BalanceTransactionListParams)
def find_balance(call: Call) -> list[Object]:
    """Return balance transactions, for instance those of a charge."""
    return chosen(call, "balance_transaction", "source", "type", "currency")


def chosen(call: Call, kind: str, *keys: str) -> list[Object]:
    """Return the objects of ``kind`` that have what the call asks of ``keys``."""
    wanted = {key: call.params[key] for key in keys if key in call.params}
    return [
        one
        for one in call.account.all(kind)
        if all(one[key] == value for key, value in wanted.items())
    ]
