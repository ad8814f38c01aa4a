"""Actions that play the client and the banks; see :mod:`.control`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import checkout, disputes, flows, refunds, shapes
from .control import action
from .state import Account, Object


@action
def pay(
    account: Account, session: str, method: str = "pm_card_visa", email: str = ""
) -> Object:
    """Have the client pay a session with a test method of :mod:`.flows`."""
    found = checkout.current(account, session)
    refusal = checkout.pay(account, found, method, email)
    return {"refusal": refusal, "session": shapes.render(account, found, shapes.NEWEST)}


@action
def settle(account: Account, number: str) -> Object:
    """Have the money of a debit arrive, by the id of its intent or session."""
    return _with_intent(account, number, flows.settle)


@action
def fail(account: Account, number: str, code: str = "insufficient_funds") -> Object:
    """Have a debit come back."""
    return _with_intent(account, number, flows.fail, code)


@action
def authenticate(account: Account, number: str, good: bool = True) -> Object:
    """Have the client's bank answer."""
    return _with_intent(account, number, flows.authenticate, good)


@action
def fund(account: Account, number: str, amount: int) -> Object:
    """Have a part of a bank transfer arrive."""
    return _with_intent(account, number, flows.fund, amount)


@action
def capture(account: Account, number: str, amount: int | None = None) -> Object:
    """Take money that is held, as in Stripe's dashboard."""
    return _with_intent(account, number, flows.capture, amount)


@action
def cancel(account: Account, number: str) -> Object:
    """Give up an intent."""
    return _with_intent(account, number, flows.cancel)


@action
def refund(
    account: Account, number: str, amount: int | None = None, pending: bool = False
) -> Object:
    """Refund a charge, intent or session, as in Stripe's dashboard."""
    charge = _charge(account, number)
    return refunds.make(account, charge, amount, pending=pending)


@action
def refund_succeed(account: Account, number: str) -> Object:
    """Have a pending refund arrive."""
    found = account.get("refund", number)
    refunds.succeed(account, found)
    return found


@action
def refund_fail(
    account: Account, number: str, reason: str = "lost_or_stolen_card"
) -> Object:
    """Have a refund come back."""
    found = account.get("refund", number)
    refunds.fail(account, found, reason)
    return found


@action
def dispute(account: Account, number: str, **values: Any) -> Object:
    """Open a dispute over a charge, intent or session."""
    return disputes.open_one(account, _charge(account, number), **values)


@action
def dispute_take(account: Account, number: str) -> Object:
    """Have the disputed money leave the balance."""
    found = account.get("dispute", number)
    disputes.take(account, found)
    return found


@action
def dispute_change(account: Account, number: str, **values: Any) -> Object:
    """Have the bank change a dispute."""
    found = account.get("dispute", number)
    disputes.change(account, found, **values)
    return found


@action
def dispute_decide(account: Account, number: str, won: bool) -> Object:
    """Have the bank decide a dispute."""
    found = account.get("dispute", number)
    disputes.decide(account, found, won=won)
    return found


def _with_intent(
    account: Account, number: str, change: Callable[..., Any], *more: Any
) -> Object:
    intent = _intent(account, number)
    change(account, intent, *more)
    checkout.follow(account, intent)
    return intent


def _intent(account: Account, number: str) -> Object:
    if number.startswith("cs_"):
        session = account.get("checkout.session", number)
        number = session["payment_intent"] or ""
    return account.get("payment_intent", number)


def _charge(account: Account, number: str) -> Object:
    if number.startswith("ch_"):
        return account.get("charge", number)
    charges = _intent(account, number)["_charges"]
    return account.get("charge", charges[-1] if charges else "")
