"""Checkout Sessions, as the API makes and shows them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionListLineItemsParams,
    SessionListParams,
    SessionRetrieveParams,
)

from . import checkout, money, shapes
from .api import Call, route
from .errors import ApiError, ParamError
from .state import Object, random_text

_SHORTEST, _LONGEST = 30 * 60, 24 * 3600
_MAX_LINES = 100
_MAX_REFERENCE = 200
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_INTENT_KEYS = (
    "capture_method",
    "description",
    "metadata",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


@route("POST", "checkout/sessions", SessionCreateParams)
def create(call: Call) -> Object:
    """Open a session."""
    _check_create(call)
    lines = _lines(call)
    total = sum(line["amount_total"] for line in lines)
    currency = lines[0]["currency"] if lines else call.params.get("currency")
    if lines:
        money.check_charge(total, currency, "line_items")
    session = _session(call, total, currency)
    session["_lines"] = lines
    session["url"] = f"{call.base}/c/pay/{session['id']}"
    if session["mode"] == "setup":
        checkout.prepare_setup(call.account, session, call.params)
    elif call.version < shapes.LATE_INTENT:
        checkout.prepare(call.account, session, always_customer=True)
    return session


@route("GET", "checkout/sessions/*", SessionRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return a session, expired meanwhile if its time is over."""
    return checkout.current(call.account, call.ids[0])


@route("GET", "checkout/sessions", SessionListParams)
def find(call: Call) -> list[Object]:
    """Return sessions, for instance those of a PaymentIntent."""
    for session in call.account.all("checkout.session"):
        checkout.current(call.account, session["id"])
    wanted = {
        key: call.params[key]
        for key in ("payment_intent", "customer", "status")
        if key in call.params
    }
    return [
        session
        for session in call.account.all("checkout.session")
        if all(session[key] == value for key, value in wanted.items())
    ]


@route("POST", "checkout/sessions/*/expire", SessionExpireParams)
def expire(call: Call) -> Object:
    """End an open session."""
    session = checkout.current(call.account, call.ids[0])
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of {session['status']}."
        )
    checkout.expire(call.account, session)
    return session


@route("GET", "checkout/sessions/*/line_items", SessionListLineItemsParams)
def line_items(call: Call) -> list[Object]:
    """Return what the session charges for."""
    return checkout.current(call.account, call.ids[0])["_lines"]


def _check_create(call: Call) -> None:
    values = call.params
    if "mode" not in values:
        raise ParamError(
            "Missing required param: mode.", code="parameter_missing", param="mode"
        )
    if values["mode"] == "subscription":
        raise ApiError("This stand-in has no subscriptions.", param="mode")
    if values.get("ui_mode", "hosted") not in ("hosted", "hosted_page"):
        raise ApiError("This stand-in has the hosted page only.", param="ui_mode")
    for name in ("success_url", "cancel_url"):
        _check_url(values, name)
    if "customer" in values and "customer_email" in values:
        raise ParamError(
            "You may only specify one of these parameters: customer, customer_email.",
            param="customer",
        )
    if "customer" in values:
        call.account.get("customer", values["customer"], "customer")
    if not _MAIL.fullmatch(values.get("customer_email", "a@b.c")):
        raise ParamError(
            f"Invalid email address: {values['customer_email'][:100]}",
            code="email_invalid",
            param="customer_email",
        )
    if len(values.get("client_reference_id", "")) > _MAX_REFERENCE:
        raise ParamError(
            f"Invalid string: must be at most {_MAX_REFERENCE} characters",
            param="client_reference_id",
        )
    _check_expiry(call)


def _check_url(values: dict[str, Any], name: str) -> None:
    url = values.get(name)
    if url is None and name == "success_url":
        raise ParamError(
            f"Missing required param: {name}.", code="parameter_missing", param=name
        )
    if url is None:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(url) > 5000:
        raise ParamError("Not a valid URL", code="url_invalid", param=name)


def _check_expiry(call: Call) -> None:
    wanted = call.params.get("expires_at")
    if wanted is None:
        return
    ahead = wanted - call.account.now()
    if not _SHORTEST <= ahead <= _LONGEST:
        raise ParamError(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 "
            "hours from Checkout Session creation.",
            param="expires_at",
        )


def _lines(call: Call) -> list[Object]:
    items = call.params.get("line_items", [])
    if call.params["mode"] == "setup":
        if items:
            raise ParamError("`line_items` are not allowed in `setup` mode.")
        return []
    if not items or len(items) > _MAX_LINES:
        raise ParamError(
            f"Between 1 and {_MAX_LINES} line items are needed in `payment` mode.",
            code="" if items else "parameter_missing",
            param="line_items",
        )
    lines = [
        _line(call, item, f"line_items[{place}]") for place, item in enumerate(items)
    ]
    if len({line["currency"] for line in lines}) > 1:
        raise ParamError("All line items need the same currency.", param="line_items")
    return lines


def _line(call: Call, item: dict[str, Any], path: str) -> Object:
    price = item.get("price_data")
    if "price" in item:
        raise ApiError(f"No such price: '{item['price']}'", param=f"{path}[price]")
    for missing in ("price_data", "quantity"):
        if missing not in item:
            raise ParamError(
                f"Missing required param: {path}[{missing}].",
                code="parameter_missing",
                param=f"{path}[{missing}]",
            )
    if item["quantity"] < 1:
        raise ParamError("This value must be greater than or equal to 1.", param=path)
    inner = f"{path}[price_data]"
    currency = money.check_currency(price["currency"], f"{inner}[currency]")
    if "unit_amount" not in price or "product_data" not in price:
        raise ParamError(
            f"Missing required param: {inner}[unit_amount] or [product_data].",
            code="parameter_missing",
            param=inner,
        )
    if "recurring" in price:
        raise ParamError("Recurring prices need `subscription` mode.", param=inner)
    money.check_part(price["unit_amount"], currency, f"{inner}[unit_amount]")
    return _line_object(item, price, currency)


def _line_object(item: dict[str, Any], price: dict[str, Any], currency: str) -> Object:
    total = price["unit_amount"] * item["quantity"]
    return {
        "id": f"li_{random_text(24)}",
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": currency,
        "description": price["product_data"]["name"],
        "price": {
            "id": f"price_{random_text(24)}",
            "object": "price",
            "currency": currency,
            "product": f"prod_{random_text(14)}",
            "type": "one_time",
            "unit_amount": price["unit_amount"],
        },
        "quantity": item["quantity"],
    }


#: keys whose values are the request's, with what stands there else
_ASKED: Object = {
    "adaptive_pricing": {"enabled": False},
    "allow_promotion_codes": None,
    "cancel_url": None,
    "client_reference_id": None,
    "customer": None,
    "customer_creation": "if_required",
    "customer_email": None,
    "locale": None,
    "metadata": {},
    "payment_method_types": ["card", "sepa_debit"],
    "submit_type": None,
    "ui_mode": "hosted",
}
_UNTIL_PAID: Object = {
    "after_expiration": None,
    "automatic_tax": {"enabled": False, "status": None},
    "customer_details": None,
    "payment_intent": None,
    "payment_link": None,
    "setup_intent": None,
    "status": "open",
    "subscription": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "url": None,
}


def _session(call: Call, total: int, currency: str | None) -> Object:
    values, account = call.params, call.account
    data = values.get("payment_intent_data", {})
    if data and values["mode"] != "payment":
        raise ParamError("`payment_intent_data` needs `payment` mode.")
    asked = {key: values.get(key) or empty for key, empty in _ASKED.items()}
    return account.add(
        "checkout.session",
        "cs_live" if account.livemode else "cs_test",
        **_UNTIL_PAID | asked,
        amount_subtotal=total if currency else None,
        amount_total=total if currency else None,
        currency=currency,
        expires_at=values.get("expires_at", account.now() + _LONGEST),
        mode=values["mode"],
        payment_status="unpaid" if total else "no_payment_required",
        success_url=values["success_url"],
        _intent_data={key: data[key] for key in _INTENT_KEYS if key in data},
    )
