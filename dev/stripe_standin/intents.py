"""PaymentIntents, as Odoo's own payment form uses them."""

from __future__ import annotations

import stripe.params as sdk

from . import checkout, flows, methods, money, things
from .api import Call, route
from .errors import ApiError, unexpected_state
from .state import Object

_COPIED = (
    "automatic_payment_methods",
    "capture_method",
    "confirmation_method",
    "customer",
    "description",
    "metadata",
    "payment_method_options",
    "payment_method_types",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


@route("POST", "payment_intents", sdk.PaymentIntentCreateParams)
def create(call: Call) -> Object:
    """Make an intent, and confirm it if asked to."""
    values = call.params
    currency = money.check_currency(values["currency"])
    money.check_charge(values["amount"], currency)
    if "off_session" in values and not values.get("confirm"):
        raise ApiError("`off_session` needs `confirm`.", param="off_session")
    if "customer" in values:
        call.account.get("customer", values["customer"], "customer")
    copied = {key: values[key] for key in _COPIED if key in values}
    intent = things.make_intent(
        call.account, amount=values["amount"], currency=currency, **copied
    )
    if "payment_method" in values:
        used = methods.use(call.account, values["payment_method"], intent["customer"])
        intent.update(payment_method=used["id"], status="requires_confirmation")
    if values.get("confirm"):
        _confirm(call, intent)
    return intent


@route("GET", "payment_intents/*", sdk.PaymentIntentRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return an intent."""
    return call.account.get("payment_intent", call.ids[0])


@route("POST", "payment_intents/*", sdk.PaymentIntentUpdateParams)
def update(call: Call) -> Object:
    """Change what may be changed before the money moves."""
    intent = call.account.get("payment_intent", call.ids[0])
    for key in ("description", "metadata", "receipt_email", "setup_future_usage"):
        if key in call.params:
            intent[key] = call.params[key]
    return intent


@route("GET", "payment_intents", sdk.PaymentIntentListParams)
def find(call: Call) -> list[Object]:
    """Return intents, for instance those of a customer."""
    customer = call.params.get("customer")
    found = call.account.all("payment_intent")
    return [one for one in found if customer is None or one["customer"] == customer]


@route("POST", "payment_intents/*/confirm", sdk.PaymentIntentConfirmParams)
def confirm(call: Call) -> Object:
    """Try to take the money."""
    intent = call.account.get("payment_intent", call.ids[0])
    if "payment_method" in call.params:
        used = methods.use(
            call.account, call.params["payment_method"], intent["customer"]
        )
        intent["payment_method"] = used["id"]
    _confirm(call, intent)
    return intent


@route("POST", "payment_intents/*/capture", sdk.PaymentIntentCaptureParams)
def capture(call: Call) -> Object:
    """Take the money that is held."""
    intent = call.account.get("payment_intent", call.ids[0])
    flows.capture(call.account, intent, call.params.get("amount_to_capture"))
    checkout.follow(call.account, intent)
    return intent


@route("POST", "payment_intents/*/cancel", sdk.PaymentIntentCancelParams)
def cancel(call: Call) -> Object:
    """Give up an intent; that of an open session ends with the session only."""
    intent = call.account.get("payment_intent", call.ids[0])
    session = call.account.find(intent["_session"] or "")
    if session and session["status"] == "open":
        raise unexpected_state(
            "You cannot cancel this PaymentIntent because it was created by Checkout. "
            "Expire the Checkout Session instead.",
            "payment_intent_unexpected_state",
        )
    flows.cancel(call.account, intent, call.params.get("cancellation_reason"))
    return intent


def _confirm(call: Call, intent: Object) -> None:
    startable = ("requires_payment_method", "requires_confirmation")
    if intent["status"] not in startable:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it has a status of "
            f"{intent['status']}.",
            "payment_intent_unexpected_state",
        )
    if not intent["payment_method"]:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment "
            "method.",
            "payment_intent_unexpected_state",
        )
    method = call.account.get("payment_method", intent["payment_method"])
    if flows.attempt(call.account, intent, method):
        raise flows.card_error(intent)
