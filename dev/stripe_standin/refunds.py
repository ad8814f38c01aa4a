"""Refunds, which can fail later."""

from __future__ import annotations

import stripe.params as sdk

from . import things
from .api import Call, route
from .charges import chosen
from .errors import ApiError, ParamError, unexpected_state
from .state import Account, Object


@route("POST", "refunds", sdk.RefundCreateParams)
def create(call: Call) -> Object:
    """Give back a charge, or a part of it."""
    values = call.params
    charge = _charge(call)
    return make(
        call.account,
        charge,
        values.get("amount"),
        reason=values.get("reason"),
        metadata=values.get("metadata") or {},
    )


@route("GET", "refunds/*", sdk.RefundRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return a refund."""
    return call.account.get("refund", call.ids[0])


@route("POST", "refunds/*/cancel", sdk.RefundCancelParams)
def cancel(call: Call) -> Object:
    """Cancel a refund that waits for the client."""
    refund = call.account.get("refund", call.ids[0])
    if refund["status"] not in ("requires_action", "pending"):
        raise unexpected_state(
            f"A refund with a status of {refund['status']} cannot be canceled.", ""
        )
    _take_back(call.account, refund, "canceled", None)
    return refund


@route("GET", "refunds", sdk.RefundListParams)
def find(call: Call) -> list[Object]:
    """Return refunds, for instance those of a charge."""
    return chosen(call, "refund", "charge", "payment_intent")


@route("GET", "charges/*/refunds", sdk.ChargeListRefundsParams)
def of_charge(call: Call) -> list[Object]:
    """Return the refunds of a charge."""
    found = call.account.all("refund")
    return [one for one in found if one["charge"] == call.ids[0]]


def make(
    account: Account,
    charge: Object,
    amount: int | None = None,
    *,
    pending: bool = False,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Object:
    """Return a new refund of ``amount`` (default: the rest), in minor units.

    :param pending: it succeeds later, as those of debits do
    :raises ApiError: if ``charge`` cannot be refunded that far
    """
    amount = _check(account, charge, amount)
    refund = account.add(
        "refund",
        "re",
        **_EMPTY,
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=metadata or {},
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="pending" if pending else "succeeded",
    )
    booked = things.book(account, refund, "refund", -amount, 0)
    refund["balance_transaction"] = booked["id"]
    _count(charge, amount)
    account.emit("refund.created", refund)
    account.emit("charge.refunded", charge)
    return refund


_EMPTY: Object = {
    "balance_transaction": None,
    "failure_balance_transaction": None,
    "failure_reason": None,
    "receipt_number": None,
}


def succeed(account: Account, refund: Object) -> None:
    """Have a pending refund arrive."""
    refund["status"] = "succeeded"
    account.emit("refund.updated", refund)
    account.emit("charge.refund.updated", refund)


def fail(account: Account, refund: Object, reason: str = "lost_or_stolen_card") -> None:
    """Have a refund come back, which gives the money to the seller again."""
    _take_back(account, refund, "failed", reason)
    account.emit("refund.failed", refund)


def _take_back(
    account: Account, refund: Object, status: str, reason: str | None
) -> None:
    refund.update(status=status, failure_reason=reason)
    refund["failure_balance_transaction"] = things.book(
        account, refund, "refund_failure", refund["amount"], 0
    )["id"]
    _count(account.get("charge", refund["charge"]), -refund["amount"])
    account.emit("refund.updated", refund)
    account.emit("charge.refund.updated", refund)


def _charge(call: Call) -> Object:
    values = call.params
    if ("charge" in values) == ("payment_intent" in values):
        raise ParamError(
            "One of these parameters is needed: charge, payment_intent.",
            code="parameter_missing",
        )
    if "charge" in values:
        return call.account.get("charge", values["charge"], "charge")
    intent = call.account.get(
        "payment_intent", values["payment_intent"], "payment_intent"
    )
    if not intent["_charges"] or intent["status"] != "succeeded":
        raise unexpected_state(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge "
            "to refund.",
            "payment_intent_unexpected_state",
        )
    return call.account.get("charge", intent["_charges"][-1])


def _check(account: Account, charge: Object, amount: int | None) -> int:
    dispute = account.find(charge["dispute"] or "")
    if dispute and not (dispute["is_charge_refundable"] or dispute["status"] == "won"):
        raise ApiError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise ApiError(f"Charge {charge['id']} has not been captured.")
    rest = charge["amount"] - charge["amount_refunded"]
    if not rest:
        raise ApiError(
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    amount = rest if amount is None else amount
    if amount < 1:
        raise ParamError(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param="amount",
        )
    if amount > rest:
        raise ApiError(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge "
            f"({rest})",
            param="amount",
        )
    return amount


def _count(charge: Object, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
