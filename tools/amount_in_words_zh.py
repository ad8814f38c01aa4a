"""Amounts in the financial capitals (大写) of Simplified Chinese.

The capitals are what cheques, contracts and 发票 carry, because the plain numerals
are changed with one stroke of a pen.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万")
LIMIT = 10 ** (len(PLACES) * len(GROUPS))
SUBUNITS = ("角", "分", "厘", "毫")

# Named before the amount, as banks write it; the yuan needs no name.
CURRENCY_NAMES = {
    "AUD": "澳元",
    "CAD": "加元",
    "CHF": "瑞士法郎",
    "CNY": "",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港元",
    "INR": "印度卢比",
    "JPY": "日元",
    "KRW": "韩元",
    "MOP": "澳门元",
    "NZD": "新西兰元",
    "RUB": "俄罗斯卢布",
    "SGD": "新加坡元",
    "THB": "泰铢",
    "TWD": "新台币",
    "USD": "美元",
}


def amount_in_words(amount: float, currency: str, decimal_places: int = 2) -> str:
    """Return ``amount`` in financial capitals, as in 壹仟贰佰叁拾肆元伍角陆分.

    :param amount: in units of the currency
    :param currency: ISO 4217 code; one without a Chinese name is named by the code
    :param decimal_places: of the currency, 0 to 4
    :raise OverflowError: if there are more than 16 digits before the point
    """
    if abs(amount) >= LIMIT:
        raise OverflowError(f"{amount} is too large to be said in Chinese.")
    places = min(decimal_places, len(SUBUNITS))
    exact = Decimal(str(amount)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _point, fraction = f"{abs(exact):f}".partition(".")
    prefix = CURRENCY_NAMES.get(currency, currency) + ("负" if exact < 0 else "")
    integer, subunits = _say_integer(whole), _say_subunits(fraction)
    if not subunits:
        return f"{prefix}{integer or DIGITS[0]}元整"
    if not integer:
        return prefix + subunits.removeprefix(DIGITS[0])
    return f"{prefix}{integer}元{subunits}"


def _say_integer(digits: str) -> str:
    """Say a whole number; empty for zero. A run of zeros is said once, inside."""
    words, gap, group_said = "", False, False
    for position, digit in zip(
        reversed(range(len(digits))), map(int, digits), strict=True
    ):
        level, place = divmod(position, len(PLACES))
        if digit:
            words += (DIGITS[0] if gap and words else "") + DIGITS[digit]
            words += PLACES[place]
            group_said = True
        gap = not digit
        # 亿 is said once, for the group above it as well: 壹万贰仟亿.
        if not place and (group_said or (words and GROUPS[level] == "亿")):
            words += GROUPS[level]
            group_said = False
    return words


def _say_subunits(digits: str) -> str:
    """Say the decimals; empty when all are zero."""
    words, gap = "", False
    for digit, unit in zip(map(int, digits), SUBUNITS, strict=False):
        if digit:
            words += (DIGITS[0] if gap else "") + DIGITS[digit] + unit
        gap = not digit
    return words
