"""Disputes: a client's bank takes the money back."""

from __future__ import annotations

import stripe.params as sdk

from . import things
from .api import Call, route
from .charges import chosen
from .errors import ApiError
from .state import Account, Object

_FEE = 1500
_DAYS = 24 * 3600
_NO_EVIDENCE = {"has_evidence": False, "past_due": False, "submission_count": 0}
_CLOSED = ("won", "lost", "warning_closed")


@route("GET", "disputes/*", sdk.DisputeRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return a dispute."""
    return call.account.get("dispute", call.ids[0])


@route("GET", "disputes", sdk.DisputeListParams)
def find(call: Call) -> list[Object]:
    """Return disputes, for instance those of a charge."""
    return chosen(call, "dispute", "charge", "payment_intent")


@route("POST", "disputes/*", sdk.DisputeUpdateParams)
def update(call: Call) -> Object:
    """Add evidence, and hand it in if asked to."""
    dispute = call.account.get("dispute", call.ids[0])
    _expect_open(dispute)
    dispute["evidence"] |= call.params.get("evidence") or {}
    dispute["evidence_details"]["has_evidence"] = bool(dispute["evidence"])
    if call.params.get("submit", True):
        dispute["evidence_details"]["submission_count"] += 1
        dispute["status"] = "under_review"
    call.account.emit("charge.dispute.updated", dispute)
    return dispute


@route("POST", "disputes/*/close", sdk.DisputeCloseParams)
def close(call: Call) -> Object:
    """Accept a dispute: the money is lost."""
    dispute = call.account.get("dispute", call.ids[0])
    decide(call.account, dispute, won=False)
    return dispute


def open_one(
    account: Account,
    charge: Object,
    *,
    days: int = 7,
    inquiry: bool = False,
    withdraw: bool = True,
    **values: object,
) -> Object:
    """Return a new dispute over what is left of ``charge``.

    :param days: until evidence is due
    :param inquiry: the bank asks first and takes no money yet
    :param withdraw: the money leaves the balance at once
    :param values: for instance another ``amount``, ``reason`` or ``status``
    """
    usual = {
        "amount": charge["amount"] - charge["amount_refunded"],
        "balance_transactions": [],
        "charge": charge["id"],
        "currency": charge["currency"],
        "evidence": {},
        "evidence_details": _NO_EVIDENCE | {"due_by": account.now() + days * _DAYS},
        "is_charge_refundable": inquiry,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
    dispute = account.add("dispute", "du", **usual | values)
    charge.update(dispute=dispute["id"], disputed=True)
    account.emit("charge.dispute.created", dispute)
    if withdraw and not inquiry:
        take(account, dispute)
    return dispute


def take(account: Account, dispute: Object) -> None:
    """Have the disputed money leave the balance."""
    _book(account, dispute, -dispute["amount"], _FEE)
    account.emit("charge.dispute.funds_withdrawn", dispute)


def decide(account: Account, dispute: Object, *, won: bool) -> None:
    """Have the bank decide; money of a dispute that is won comes back.

    :raises ApiError: if it has decided already
    """
    _expect_open(dispute)
    inquiry = dispute["status"].startswith("warning")
    dispute["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    account.emit("charge.dispute.closed", dispute)
    if won and dispute["balance_transactions"]:
        reinstate(account, dispute)


def reinstate(account: Account, dispute: Object) -> None:
    """Have the disputed money come back."""
    _book(account, dispute, dispute["amount"], 0)
    account.emit("charge.dispute.funds_reinstated", dispute)


def change(account: Account, dispute: Object, **values: object) -> None:
    """Have the bank change the dispute, for instance its amount or reason."""
    dispute.update(values)
    account.emit("charge.dispute.updated", dispute)


def _book(account: Account, dispute: Object, amount: int, fee: int) -> None:
    made = things.book(account, dispute, "adjustment", amount, fee)
    plain = {key: value for key, value in made.items() if key[0] != "_"}
    dispute["balance_transactions"] = [*dispute["balance_transactions"], plain]


def _expect_open(dispute: Object) -> None:
    if dispute["status"] in _CLOSED:
        raise ApiError("This dispute is already closed.")
