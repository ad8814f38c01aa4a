"""The shape of an online payment, and Stripe's way to write one; without a database."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from odoo import models

#: Languages of Stripe's page beside those that are written like the language alone.
_LOCALES = {"en_GB": "en-GB", "fr_CA": "fr-CA", "pt_BR": "pt-BR"}
_LOCALES |= {"zh_CN": "zh", "zh_HK": "zh-HK", "zh_TW": "zh-TW"}
_LATIN_AMERICA = "es-419"
_LANGUAGES = re.compile(
    "bg|cs|da|de|el|en|es|et|fil?|fr|hr|hu|id|it|ja|ko|lt|lv|ms|mt|nb|nl|pl|pt|ro|ru"
    "|sk|sl|sv|th|tr|vi|zh"
)
#: Currencies with three decimals, of which Stripe takes two.
_LAST_DIGIT_ZERO = {"BHD", "JOD", "KWD", "OMR", "TND"}
#: Currencies that Stripe writes with two decimals, but takes in whole units.
_WHOLE_UNITS = {"ISK", "UGX"}
_MAX_MINOR_UNITS = 99_999_999
_MAX_NAME = 250
#: What sums of floats may be off, in minor units.
_NOISE = Decimal("0.001")


@dataclass(frozen=True)
class PayLine:
    """What is paid of one invoice, credits already set off.

    :param amount: positive, in the currency of the document
    """

    invoice_id: int
    label: str
    amount: float


@dataclass(frozen=True)
class Payable:
    """What one payment settles: one company, currency and receivable account.

    :param invoices: every document it settles, credit notes included
    :param lines: net amounts, which sum up to ``amount``
    :param discounted: those of ``invoices`` that are settled with their early-payment
        discount; their lines are lower than what is open by that discount
    """

    company: models.BaseModel
    partner: models.BaseModel
    currency: models.BaseModel
    account: models.BaseModel
    invoices: models.BaseModel
    lines: list[PayLine]
    amount: float
    discounted: models.BaseModel | None = field(default=None)


class AmountError(ValueError):
    """An amount that Stripe does not take.

    :param reason: ``not_positive``, ``too_large`` or ``too_precise``
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def minor_units(amount: float, currency: str, decimals: int) -> int:
    """Return an amount as the integer that Stripe takes.

    :param amount: in the currency's own unit
    :param currency: ISO code in capitals
    :param decimals: how many decimals Stripe counts for this currency
    :raises AmountError: if Stripe does not take it
    """
    exact = Decimal(repr(amount)).scaleb(decimals)
    minor = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    if abs(exact - minor) > _NOISE:
        raise AmountError("too_precise")
    if minor <= 0:
        raise AmountError("not_positive")
    if minor > _MAX_MINOR_UNITS:
        raise AmountError("too_large")
    if minor % _smallest_step(currency):
        raise AmountError("too_precise")
    return minor


def _smallest_step(currency: str) -> int:
    if currency in _WHOLE_UNITS:
        return 100
    return 10 if currency in _LAST_DIGIT_ZERO else 1


def stripe_locale(language: str | None) -> str:
    """Return how Stripe names a language of Odoo, ``auto`` if it has none.

    :param language: code such as ``pt_BR`` or ``sr@latin``
    """
    if not language:
        return "auto"
    if language in _LOCALES:
        return _LOCALES[language]
    name, _, country = language.partition("_")
    if name == "es" and country not in ("", "ES"):
        return _LATIN_AMERICA
    return name if _LANGUAGES.fullmatch(name) else "auto"


def line_item(line: PayLine, currency: str, decimals: int) -> dict[str, Any]:
    """Return a line as a line item of Stripe's page.

    :raises AmountError: if Stripe does not take its amount
    """
    return {
        "quantity": 1,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": minor_units(line.amount, currency, decimals),
            "product_data": {"name": line.label[:_MAX_NAME]},
        },
    }


def digest(data: Any) -> str:
    """Return a short text that differs whenever ``data`` differs."""
    text = json.dumps(data, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def with_query(url: str, **parameters: str) -> str:
    """Return ``url`` with ``parameters`` put into its query, replacing such of old."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | parameters
    return urlunsplit(parts._replace(query=urlencode(query)))


def is_local_path(path: str) -> bool:
    """Tell whether ``path`` stays on this server, whatever a browser makes of it."""
    return path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
