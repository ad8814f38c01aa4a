"""SetupIntents: a payment method saved without a payment."""

from __future__ import annotations

from typing import Any

import stripe.params as sdk

from . import methods
from .api import Call, route
from .errors import unexpected_state
from .state import Account, Object, random_text

_ASKED = (
    "customer",
    "description",
    "metadata",
    "payment_method_options",
    "payment_method_types",
    "usage",
)


@route("POST", "setup_intents", sdk.SetupIntentCreateParams)
def create(call: Call) -> Object:
    """Make a SetupIntent, and confirm it if asked to."""
    values = call.params
    if "customer" in values:
        call.account.get("customer", values["customer"], "customer")
    asked = {key: values[key] for key in _ASKED if key in values}
    intent = make(call.account, **asked)
    if values.get("confirm"):
        succeed(call.account, intent, values.get("payment_method", "pm_card_visa"))
    return intent


def make(account: Account, **values: Any) -> Object:
    """Return a new SetupIntent."""
    empty = {
        "cancellation_reason": None,
        "customer": None,
        "description": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "mandate": None,
        "metadata": {},
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }
    intent = account.add("setup_intent", "seti", **empty | values)
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(24)}"
    account.emit("setup_intent.created", intent)
    return intent


@route("GET", "setup_intents/*", sdk.SetupIntentRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return a SetupIntent."""
    return call.account.get("setup_intent", call.ids[0])


@route("POST", "setup_intents/*/confirm", sdk.SetupIntentConfirmParams)
def confirm(call: Call) -> Object:
    """Save the payment method."""
    intent = call.account.get("setup_intent", call.ids[0])
    succeed(call.account, intent, call.params.get("payment_method", "pm_card_visa"))
    return intent


def succeed(account: Account, intent: Object, method: str) -> None:
    """Save ``method`` for the customer of ``intent``.

    :raises ApiError: if that was done before
    """
    if intent["status"] == "succeeded":
        raise unexpected_state(
            "This SetupIntent has succeeded already.",
            "setup_intent_unexpected_state",
        )
    used = methods.use(account, method, intent["customer"])
    intent.update(status="succeeded", payment_method=used["id"])
    used["customer"] = intent["customer"]
    account.emit("setup_intent.succeeded", intent)
