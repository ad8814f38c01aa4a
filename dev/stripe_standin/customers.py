"""Customers and their payment methods."""

from __future__ import annotations

from typing import Any

import stripe.params as sdk

from .api import Call, route
from .state import Account, Object

_KEYS = ("address", "description", "email", "name", "phone", "shipping")


@route("POST", "customers", sdk.CustomerCreateParams)
def create(call: Call) -> Object:
    """Make a customer."""
    return make(call.account, **_wanted(call))


def make(account: Account, **values: Any) -> Object:
    """Return a new customer."""
    empty = dict.fromkeys(_KEYS)
    made = account.add("customer", "cus", **empty | {"metadata": {}} | values)
    account.emit("customer.created", made)
    return made


@route("GET", "customers/*", sdk.CustomerRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return a customer."""
    return call.account.get("customer", call.ids[0])


@route("POST", "customers/*", sdk.CustomerUpdateParams)
def update(call: Call) -> Object:
    """Change a customer."""
    customer = call.account.get("customer", call.ids[0])
    customer.update(_wanted(call))
    call.account.emit("customer.updated", customer)
    return customer


@route("GET", "customers", sdk.CustomerListParams)
def find(call: Call) -> list[Object]:
    """Return customers, for instance those of an address."""
    email = call.params.get("email")
    found = call.account.all("customer")
    return [one for one in found if email is None or one["email"] == email]


@route("GET", "payment_methods/*", sdk.PaymentMethodRetrieveParams)
def retrieve_method(call: Call) -> Object:
    """Return a payment method."""
    return call.account.get("payment_method", call.ids[0])


@route("GET", "payment_methods", sdk.PaymentMethodListParams)
def find_methods(call: Call) -> list[Object]:
    """Return the payment methods of a customer."""
    wanted = {
        key: call.params[key] for key in ("customer", "type") if key in call.params
    }
    return [
        one
        for one in call.account.all("payment_method")
        if all(one[key] == value for key, value in wanted.items())
    ]


def _wanted(call: Call) -> dict[str, Any]:
    return {
        key: value for key, value in call.params.items() if key in (*_KEYS, "metadata")
    }
