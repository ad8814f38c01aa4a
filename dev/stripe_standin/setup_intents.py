"""SetupIntents: a payment method saved without a payment."""

from __future__ import annotations

import stripe.params as sdk

from . import flows
from .api import Call, route
from .errors import unexpected_state
from .state import Account, Object, random_text


@route("POST", "setup_intents", sdk.SetupIntentCreateParams)
def create(call: Call) -> Object:
    """Make a SetupIntent, and confirm it if asked to."""
    values = call.params
    if "customer" in values:
        call.account.get("customer", values["customer"], "customer")
    intent = call.account.add(
        "setup_intent",
        "seti",
        cancellation_reason=None,
        customer=values.get("customer"),
        description=values.get("description"),
        last_setup_error=None,
        latest_attempt=None,
        mandate=None,
        metadata=values.get("metadata") or {},
        next_action=None,
        payment_method=None,
        payment_method_options=values.get("payment_method_options", {}),
        payment_method_types=values.get("payment_method_types", ["card"]),
        status="requires_payment_method",
        usage=values.get("usage", "off_session"),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(24)}"
    call.account.emit("setup_intent.created", intent)
    if values.get("confirm"):
        succeed(call.account, intent, values.get("payment_method", "pm_card_visa"))
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
    used = flows.use_method(account, method, intent["customer"])
    intent.update(status="succeeded", payment_method=used["id"])
    used["customer"] = intent["customer"]
    account.emit("setup_intent.succeeded", intent)
