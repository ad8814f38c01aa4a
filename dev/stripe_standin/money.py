"""Amounts in minor units: what Stripe takes in which currency."""

from __future__ import annotations

from .errors import ParamError

_ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_OTHERS = """
aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp
byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel
ghs gip gmd gtq gyd hkd hnl hrk htg huf idr ils inr jmd kes kgs khr kyd kzt lak
lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok
npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos
srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw
"""
_MINIMUM = """
aed=200 bgn=100 czk=1500 dkk=250 gbp=30 hkd=400 huf=17500 jpy=50 mxn=1000
myr=200 nok=300 pln=200 ron=200 sek=300 thb=1000 clp=500 krw=500 vnd=10000
kwd=500 bhd=500 jod=500 omr=500 tnd=1500
"""
ZERO_DECIMAL = frozenset(_ZERO_DECIMAL.split())
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
#: currencies without decimals that keep two in the API, for older integrations
HUNDREDS_ONLY = frozenset(("isk", "ugx"))
CURRENCIES = ZERO_DECIMAL | THREE_DECIMAL | HUNDREDS_ONLY | set(_OTHERS.split())
#: smallest charge in minor units; elsewhere 50
MINIMUM = {
    code: int(least)
    for code, _sign, least in (part.partition("=") for part in _MINIMUM.split())
}
_DEFAULT_MINIMUM = 50
_MAXIMUM = 99_999_999


def check_currency(code: str, param: str = "currency") -> str:
    """Return the currency ``code`` in lower case.

    :raises ParamError: if Stripe does not charge in it
    """
    if code.lower() not in CURRENCIES:
        raise ParamError(
            f"Invalid currency: {code[:20]}. Stripe currently supports these "
            f"currencies: {', '.join(sorted(CURRENCIES))}",
            param=param,
        )
    return code.lower()


def check_part(amount: int, currency: str, param: str) -> None:
    """Check one amount, in minor units, that may be a part of a charge.

    :raises ParamError: if it is negative or has decimals that do not exist
    """
    if amount < 0:
        raise ParamError(
            "Invalid non-negative integer",
            code="parameter_invalid_integer",
            param=param,
        )
    step = _step(currency)
    if amount % step:
        raise ParamError(
            f"Amounts in {currency} must be divisible by {step}.",
            code="invalid_charge_amount",
            param=param,
        )


def _step(currency: str) -> int:
    if currency in THREE_DECIMAL:
        return 10
    return 100 if currency in HUNDREDS_ONLY else 1


def check_charge(amount: int, currency: str, param: str = "amount") -> None:
    """Check the whole amount of a charge, in minor units.

    :raises ParamError: if it is too small, too large, or malformed
    """
    check_part(amount, currency, param)
    least = MINIMUM.get(currency, _DEFAULT_MINIMUM)
    if amount < least:
        raise ParamError(
            f"Amount must be at least {least} {currency} (in minor units)",
            code="amount_too_small",
            param=param,
        )
    if amount > _MAXIMUM:
        raise ParamError(
            f"Amount must be no more than {_MAXIMUM} {currency} (in minor units)",
            code="amount_too_large",
            param=param,
        )


def shown(amount: int, currency: str) -> str:
    """Return ``amount`` as people read it, such as ``1,012.50 EUR``."""
    digits = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    return f"{amount / 10**digits:,.{digits}f} {currency.upper()}"
