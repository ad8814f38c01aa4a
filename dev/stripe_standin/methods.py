"""Payment methods for tests, named as Stripe names its own, and how each behaves."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ApiError
from .state import Account, Object, random_text


@dataclass(frozen=True)
class Method:
    """How a payment method behaves.

    :param outcome: ``good``, ``debit`` (settles later), ``action`` (the bank asks the
        client first), ``voucher`` (made out, paid later), or the code of a refusal
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
    "pm_boleto": Method("boleto", "voucher", "0000"),
    "pm_usBankAccount": Method("us_bank_account", "debit", "6789"),
}


def make(account: Account, name: str, customer: str | None = None) -> Object:
    """Return a new payment method that behaves as :data:`METHODS` says.

    :raises ApiError: if there is none of that name
    """
    method = METHODS.get(name)
    if not method:
        raise ApiError(f"No such payment method: {name}", param="payment_method")
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


def use(account: Account, number: str, customer: str | None = None) -> Object:
    """Return the payment method ``number``; test methods become one of their own.

    :raises ApiError: if there is none
    """
    if number in METHODS:
        return make(account, number, customer)
    return account.get("payment_method", number, "payment_method")
