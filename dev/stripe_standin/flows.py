"""What happens to a payment, with its events: attempts, captures, settlements.

Everything here expects the account's lock to be held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import ApiError, unexpected_state
from .state import Account, Object, random_text


@dataclass(frozen=True)
class Method:
    """How a payment method behaves.

    :param outcome: ``good``, ``debit`` (settles later), ``action`` (the bank asks the
        client first), or the code of a refusal
    """

    type: str
    outcome: str = "good"
    last4: str = "4242"
    brand: str = "visa"


METHODS = {
    "pm_card_visa": Method("card"),
    "pm_card_mastercard": Method("card", last4="4444", brand="mastercard"),
    "pm_card_authenticationRequired": Method("card", "action", "3184"),
    "pm_card_chargeDeclined": Method("card", "card_declined", "0002"),
    "pm_card_visa_chargeDeclined": Method("card", "card_declined", "0002"),
    "pm_card_chargeDeclinedInsufficientFunds": Method(
        "card", "insufficient_funds", "9995"
    ),
    "pm_card_chargeDeclinedExpiredCard": Method("card", "expired_card", "0069"),
    "pm_sepa_debit": Method("sepa_debit", "debit", "3000"),
    "pm_usBankAccount": Method("us_bank_account", "debit", "6789"),
}
_FEE_PERCENT, _FEE_FIXED = 29, 30


def make_method(account: Account, name: str, customer: str | None = None) -> Object:
    """Return a new payment method that behaves as :data:`METHODS` says."""
    method = METHODS[name]
    return account.add(
        "payment_method",
        "pm",
        type=method.type,
        customer=customer,
        billing_details={"address": {}, "email": None, "name": None, "phone": None},
        metadata={},
        **{method.type: _method_details(method)},
        _outcome=method.outcome,
    )


def _method_details(method: Method) -> Object:
    if method.type != "card":
        return {"last4": method.last4, "fingerprint": random_text(16)}
    details = {"brand": method.brand, "last4": method.last4, "country": "US"}
    return details | {"exp_month": 12, "exp_year": 2040, "funding": "credit"}


def use_method(account: Account, number: str, customer: str | None = None) -> Object:
    """Return the payment method ``number``; test methods become one of their own.

    :raises ApiError: if there is none
    """
    if number in METHODS:
        return make_method(account, number, customer)
    return account.get("payment_method", number, "payment_method")


def make_intent(account: Account, **values: Any) -> Object:
    """Return a new PaymentIntent for at least an ``amount`` and a ``currency``."""
    intent = account.add("payment_intent", "pi", **_INTENT | values)
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(24)}"
    for key in ("metadata", "payment_method_options"):
        intent[key] = dict(intent[key])
    account.emit("payment_intent.created", intent)
    return intent


_INTENT: Object = {
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "application_fee_amount": None,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "customer": None,
    "description": None,
    "last_payment_error": None,
    "metadata": {},
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "payment_method_options": {},
    "payment_method_types": ["card"],
    "processing": None,
    "receipt_email": None,
    "setup_future_usage": None,
    "shipping": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "status": "requires_payment_method",
    "transfer_data": None,
    "transfer_group": None,
    "_charges": [],
    "_session": None,
}


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
    if outcome not in ("good", "debit"):
        return _refuse(account, intent, method, outcome)
    charge = _charge(account, intent, method)
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
    """Have the money of a debit arrive.

    :raises ApiError: if ``intent`` is not processing
    """
    _expect(intent, ("processing",), "settled")
    charge = account.get("charge", intent["_charges"][-1])
    _succeed(account, intent, charge, "charge.succeeded")


def fail(account: Account, intent: Object, code: str = "insufficient_funds") -> None:
    """Have a debit come back.

    :raises ApiError: if ``intent`` is not processing
    """
    _expect(intent, ("processing",), "failed")
    charge = account.get("charge", intent["_charges"][-1])
    charge.update(status="failed", paid=False, failure_code=code)
    charge["failure_message"] = "The debit came back."
    intent.update(status="requires_payment_method", payment_method=None)
    intent["last_payment_error"] = _payment_error(charge, None, code)
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)


def fund(account: Account, intent: Object, amount: int) -> None:
    """Have ``amount`` arrive by bank transfer; the intent waits for the rest."""
    intent["amount_received"] += amount
    if intent["amount_received"] < intent["amount"]:
        intent["status"] = "requires_action"
        account.emit("payment_intent.partially_funded", intent)
        return
    method = make_method(account, "pm_card_visa", intent["customer"])
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


def book(account: Account, source: Object, kind: str, amount: int, fee: int) -> Object:
    """Return a new balance transaction: what ``source`` did to the balance."""
    return account.add(
        "balance_transaction",
        "txn",
        amount=amount,
        available_on=account.now(),
        currency=source["currency"],
        description=source.get("description"),
        exchange_rate=None,
        fee=fee,
        fee_details=[
            {"amount": fee, "currency": source["currency"], "type": "stripe_fee"}
        ],
        net=amount - fee,
        reporting_category=kind,
        source=source["id"],
        status="available",
        type=kind,
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


def _charge(account: Account, intent: Object, method: Object) -> Object:
    kind = method["type"]
    charge = account.add(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details=dict(method["billing_details"]),
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        dispute=None,
        disputed=False,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata=dict(intent["metadata"]),
        outcome={"network_status": "approved_by_network", "type": "authorized"},
        paid=True,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": kind, kind: dict(method[kind])},
        receipt_email=intent["receipt_email"],
        refunded=False,
        status="pending",
    )
    intent["_charges"] = [*intent["_charges"], charge["id"]]
    return charge


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
    charge["balance_transaction"] = book(account, charge, "charge", amount, fee)["id"]
    intent.update(
        status="succeeded", amount_received=amount, amount_capturable=0, processing=None
    )
    account.emit(event, charge)
    account.emit("payment_intent.succeeded", intent)


def _refuse(account: Account, intent: Object, method: Object, code: str) -> str:
    charge = _charge(account, intent, method)
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
