"""What happens to a payment, with its events: attempts, captures, settlements.

Everything here expects the account's lock to be held.
"""

from __future__ import annotations

from . import methods, things
from .errors import ApiError, unexpected_state
from .state import Account, Object

_FEE_PERCENT, _FEE_FIXED = 29, 30


def attempt(account: Account, intent: Object, method: Object) -> str:
    """Try to take the money of ``intent`` with ``method``.

    :return: the code of the refusal, if it is refused
    """
    outcome = method["_outcome"]
    intent["_charges"] = list(intent["_charges"])
    intent["last_payment_error"] = intent["next_action"] = None
    intent["payment_method"] = method["id"]
    if outcome == "action":
        intent["status"] = "requires_action"
        intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
        account.emit("payment_intent.requires_action", intent)
        return ""
    if outcome == "voucher":
        intent["status"] = "requires_action"
        intent["next_action"] = {"type": f"{method['type']}_display_details"}
        account.emit("payment_intent.requires_action", intent)
        return ""
    if outcome not in ("good", "debit"):
        return _refuse(account, intent, method, outcome)
    charge = things.make_charge(account, intent, method)
    if outcome == "debit":
        charge["status"], intent["status"] = "pending", "processing"
        account.emit("charge.pending", charge)
        account.emit("payment_intent.processing", intent)
    elif intent["capture_method"] == "manual":
        charge["status"] = "succeeded"
        intent["status"] = "requires_capture"
        intent["amount_capturable"] = intent["amount"]
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
    else:
        _succeed(account, intent, charge, "charge.succeeded")
    return ""


def authenticate(account: Account, intent: Object, good: bool = True) -> str:
    """Have the client's bank answer for an ``intent`` that waits for it.

    :raises ApiError: if it does not wait
    """
    _expect(intent, ("requires_action",), "authenticated")
    method = account.get("payment_method", intent["payment_method"])
    if not good:
        intent["next_action"] = None
        return _refuse(account, intent, method, "payment_intent_authentication_failure")
    method["_outcome"] = "good"
    return attempt(account, intent, method)


def settle(account: Account, intent: Object) -> None:
    """Have the money of a debit or voucher arrive.

    :raises ApiError: if ``intent`` waits for none
    """
    _take_voucher(account, intent)
    _expect(intent, ("processing",), "settled")
    charge = account.get("charge", intent["_charges"][-1])
    _succeed(account, intent, charge, "charge.succeeded")


def fail(account: Account, intent: Object, code: str = "insufficient_funds") -> None:
    """Have a debit come back, or a voucher expire.

    :raises ApiError: if ``intent`` waits for no money
    """
    _take_voucher(account, intent)
    _expect(intent, ("processing",), "failed")
    charge = account.get("charge", intent["_charges"][-1])
    charge.update(status="failed", paid=False, failure_code=code)
    charge["failure_message"] = "The debit came back."
    intent.update(status="requires_payment_method", payment_method=None)
    intent["last_payment_error"] = _payment_error(charge, None, code)
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)


def is_voucher(account: Account, intent: Object) -> bool:
    """Tell whether the client was given a voucher that is not paid yet."""
    method = account.find(intent["payment_method"] or "")
    return bool(
        method
        and method["_outcome"] == "voucher"
        and intent["status"] == "requires_action"
    )


def _take_voucher(account: Account, intent: Object) -> None:
    """Give an unpaid voucher the charge that says how it ended."""
    if is_voucher(account, intent):
        method = account.get("payment_method", intent["payment_method"])
        things.make_charge(account, intent, method)
        intent.update(status="processing", next_action=None)


def fund(account: Account, intent: Object, amount: int) -> None:
    """Have ``amount`` arrive by bank transfer; the intent waits for the rest."""
    intent["amount_received"] += amount
    if intent["amount_received"] < intent["amount"]:
        intent["status"] = "requires_action"
        account.emit("payment_intent.partially_funded", intent)
        return
    method = methods.make(account, "pm_card_visa", intent["customer"])
    attempt(account, intent, method)


def capture(account: Account, intent: Object, amount: int | None = None) -> None:
    """Take ``amount`` (default: all) of the money that is held.

    :raises ApiError: if none is held, or too little
    """
    _expect(intent, ("requires_capture",), "captured")
    amount = intent["amount_capturable"] if amount is None else amount
    if not 0 < amount <= intent["amount_capturable"]:
        raise unexpected_state(
            f"The amount to capture, {amount}, is more than can be captured.",
            "amount_too_large",
            param="amount_to_capture",
        )
    charge = account.get("charge", intent["_charges"][-1])
    released = charge["amount"] - amount
    charge["amount_refunded"] = released if released else 0
    _succeed(account, intent, charge, "charge.captured", amount)


def cancel(account: Account, intent: Object, reason: str | None = None) -> None:
    """Cancel ``intent``; money that is held goes back.

    :raises ApiError: if it is too late
    """
    _expect(intent, _CANCELABLE, "canceled")
    intent.update(
        status="canceled",
        canceled_at=account.now(),
        cancellation_reason=reason,
        amount_capturable=0,
        next_action=None,
    )
    if intent["_charges"]:
        charge = account.get("charge", intent["_charges"][-1])
        if charge["status"] == "succeeded":
            charge.update(refunded=True, amount_refunded=charge["amount"])
            account.emit("charge.refunded", charge)
    account.emit("payment_intent.canceled", intent)


_CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)


def card_error(intent: Object) -> ApiError:
    """Return the error for an ``intent`` whose attempt was refused."""
    error = dict(intent["last_payment_error"])
    error.pop("type")
    return ApiError(error.pop("message"), status=402, kind="card_error", **error)


def _expect(intent: Object, states: tuple[str, ...], verb: str) -> None:
    if intent["status"] not in states:
        raise unexpected_state(
            f"This PaymentIntent could not be {verb} because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following "
            f"statuses may be {verb}: {', '.join(states)}.",
            "payment_intent_unexpected_state",
        )


def _succeed(
    account: Account,
    intent: Object,
    charge: Object,
    event: str,
    amount: int | None = None,
) -> None:
    amount = intent["amount"] if amount is None else amount
    fee = amount * _FEE_PERCENT // 1000 + _FEE_FIXED
    charge.update(status="succeeded", captured=True, amount_captured=amount, paid=True)
    charge["balance_transaction"] = things.book(account, charge, "charge", amount, fee)[
        "id"
    ]
    intent.update(
        status="succeeded", amount_received=amount, amount_capturable=0, processing=None
    )
    account.emit(event, charge)
    account.emit("payment_intent.succeeded", intent)


def _refuse(account: Account, intent: Object, method: Object, code: str) -> str:
    charge = things.make_charge(account, intent, method)
    charge.update(status="failed", paid=False, failure_code=code)
    charge["failure_message"] = "The card was declined."
    charge["outcome"] = {
        "network_status": "declined_by_network",
        "type": "issuer_declined",
    }
    intent.update(status="requires_payment_method", payment_method=None)
    intent["last_payment_error"] = _payment_error(charge, method, code)
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)
    return code


def _payment_error(charge: Object, method: Object | None, code: str) -> Object:
    plain = {key: value for key, value in (method or {}).items() if key[0] != "_"}
    known = code in ("card_declined", "expired_card") or "authentication" in code
    return {
        "charge": charge["id"],
        "code": code if known else "card_declined",
        "decline_code": "generic_decline" if known else code,
        "message": charge["failure_message"],
        "payment_method": plain or None,
        "type": "card_error",
    }
