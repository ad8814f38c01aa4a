"""Read, check and print the tax and company numbers of clients."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength

from . import stdnum_tables
from .identifier_schemes import SCHEMES, Scheme

MAX_LENGTH = 64

# Places whose companies hold the numbers of another country. EL and XI are codes
# of the European Commission.
_NUMBERED_BY = {
    **dict.fromkeys(("GF", "GP", "MC", "MF", "MQ", "RE", "YT"), "FR"),
    **dict.fromkeys(("IM", "UK", "XI"), "GB"),
    "AX": "FI",
    "EL": "GR",
}
_SEPARATORS = frozenset("\t\n\r./,:'’()_·")
# Punctuation that is part of a number: Mexican RFC, old Irish VAT numbers.
_MEANT = frozenset("&*+")


class Reason:
    """Why a number was refused: the values of ``IdentifierError.reason``."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    COUNTRY = "country"
    FORMAT = "format"
    LENGTH = "length"
    CHECKSUM = "checksum"
    COMPONENT = "component"
    UNKNOWN_SCHEME = "unknown_scheme"


_REASONS = (
    (InvalidLength, Reason.LENGTH),
    (InvalidChecksum, Reason.CHECKSUM),
    (InvalidComponent, Reason.COMPONENT),
)


class IdentifierError(ValueError):
    """A number that its scheme does not allow.

    ``reason`` is one of :class:`Reason`; ``scheme_key`` names the scheme. The
    message leaves the number out, so that it may be logged.
    """

    def __init__(self, reason: str, scheme_key: object) -> None:
        super().__init__(f"Invalid number for the scheme {scheme_key!s:.64}: {reason}")
        self.reason = reason
        self.scheme_key = scheme_key


def home_country(country_code: str) -> str:
    """The ISO code of the country whose numbers are used in a country.

    :param country_code: a country code of any spelling, e.g. ``el`` or ``RE``
    """
    code = str(country_code).strip().upper()
    return _NUMBERED_BY.get(code, code)


def schemes_for(country_code: str | None) -> list[Scheme]:
    """The schemes of one country, then the international ones.

    :param country_code: ISO code of the country; none or an unknown one leaves the
        international schemes
    """
    home = home_country(country_code) if country_code else None
    table = SCHEMES.values()
    national = [entry for entry in table if home and entry.country == home]
    return national + [entry for entry in table if entry.country is None]


def scheme(key: str) -> Scheme:
    """The scheme of that key.

    :raises KeyError: if there is none
    """
    return SCHEMES[key]


def normalise(scheme_key: str, number: str) -> str:
    """The stored form of a number as a person types it. Check digits are not checked.

    :raises IdentifierError: if it cannot be a number of the scheme
    """
    entry = _entry(scheme_key)
    text = _typed(entry, number)
    if not entry.free:
        text = _squeezed(entry, text)
    if entry.reader:
        text = _guarded(entry, entry.reader, text)
    if entry.free:
        return text
    prefix, body = _split(entry, text)
    if not entry.stdnum:
        return prefix + body
    # The modules know their own prefixes: most drop it, a few keep it.
    compact = _guarded(entry, _module(entry).compact, prefix + body)
    return compact if compact == prefix + body else prefix + compact


def validate(scheme_key: str, number: str, country_code: str | None = None) -> str:
    """The stored form of a number, once it is known to be right.

    :param country_code: if given, a national scheme must be of this country
    :raises IdentifierError: if the number is wrong; its ``reason`` tells how
    """
    entry = _entry(scheme_key)
    if country_code and entry.country not in (None, home_country(country_code)):
        raise IdentifierError(Reason.COUNTRY, scheme_key)
    normal = normalise(scheme_key, number)
    if entry.stdnum:
        _guarded(entry, _module(entry).validate, normal)
    if entry.pattern and not re.fullmatch(entry.pattern, normal):
        raise IdentifierError(Reason.FORMAT, scheme_key)
    if entry.check:
        _guarded(entry, entry.check, normal)
    return normal


def comparable(number: str) -> str:
    """A number without its formatting: two spellings of one number come out equal.

    :param number: any text, checked or not
    """
    text = unicodedata.normalize("NFKC", str(number or "")).casefold().upper()
    text = unicodedata.normalize("NFKC", text)
    kept = (char for char in text if char in _MEANT or not _is_formatting(char))
    return unicodedata.normalize("NFKC", "".join(kept))


def display(scheme_key: str, number: str) -> str:
    """A number as it is customarily printed; a wrong one as it stands.

    :raises IdentifierError: if there is no such scheme
    """
    entry = _entry(scheme_key)
    try:
        normal = validate(scheme_key, number)
    except IdentifierError:
        return " ".join(str(number or "").split())
    if entry.mask is not None:
        return _masked(normal, entry.mask)
    printed = getattr(_module(entry), "format", str)(normal) if entry.stdnum else normal
    return printed if printed.startswith(entry.prefix) else normal


def _entry(scheme_key: str) -> Scheme:
    """The scheme of that key, or the error of an unknown one."""
    if not isinstance(scheme_key, str) or scheme_key not in SCHEMES:
        raise IdentifierError(Reason.UNKNOWN_SCHEME, scheme_key)
    return SCHEMES[scheme_key]


def _typed(entry: Scheme, number: str) -> str:
    """The typed text in plain characters and single spaces."""
    if number is None or number is False:
        raise IdentifierError(Reason.EMPTY, entry.key)
    if not isinstance(number, str):
        raise IdentifierError(Reason.FORMAT, entry.key)
    # Before any normalisation: it may cost time, and lengthen the text.
    if len(number) > MAX_LENGTH:
        raise IdentifierError(Reason.TOO_LONG, entry.key)
    text = unicodedata.normalize("NFKC", number)
    text = " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())
    if len(text) > MAX_LENGTH:
        raise IdentifierError(Reason.TOO_LONG, entry.key)
    if not comparable(text):
        raise IdentifierError(Reason.EMPTY, entry.key)
    # Neither can be stored: PostgreSQL refuses NUL, UTF-8 lone surrogates.
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise IdentifierError(Reason.FORMAT, entry.key)
    return text


def _squeezed(entry: Scheme, text: str) -> str:
    """The text without separators, in one case, made of allowed characters only."""
    chars = [c for c in text if c in entry.extra or not _is_separator(c)]
    if not all(c.isascii() and c.isalnum() or c.upper() in entry.extra for c in chars):
        raise IdentifierError(Reason.FORMAT, entry.key)
    squeezed = "".join(chars)
    return squeezed.lower() if entry.lowercase else squeezed.upper()


def _split(entry: Scheme, text: str) -> tuple[str, str]:
    """The prefix to store, and the number without any prefix that was typed."""
    for typed, stored in ((entry.prefix, entry.prefix), *entry.aliases):
        if typed and text.startswith(typed):
            return stored, text[len(typed) :]
    return entry.prefix, text


def _is_separator(char: str) -> bool:
    """Whether people write this character between the digits of a number."""
    category = unicodedata.category(char)
    return char in _SEPARATORS or category == "Pd" or category[0] == "Z"


def _is_formatting(char: str) -> bool:
    """Whether the character says nothing: space, punctuation, invisible."""
    category = unicodedata.category(char)
    return category[0] in "ZP" or category in ("Cc", "Cf", "Cs")


def _masked(normal: str, mask: str) -> str:
    """The number in the printed form, if it is as long as that."""
    if mask.count("X") != len(normal):
        return normal
    chars = iter(normal)
    return "".join(next(chars) if place == "X" else place for place in mask)


@cache
def _module(entry: Scheme) -> ModuleType:
    """The module of python-stdnum for the scheme, its number tables loaded."""
    for table in entry.tables:
        stdnum_tables.prime(table)
    return import_module(f"stdnum.{entry.stdnum}")


def _guarded(entry: Scheme, rule: Callable[[str], str | None], text: str) -> str:
    """What a rule makes of the text; whatever it raises about it, in our terms."""
    try:
        return rule(text) or text
    # Not only its own errors: python-stdnum may look into a text it has not checked.
    except (ValueError, LookupError, TypeError, ArithmeticError) as error:
        kinds = (reason for kind, reason in _REASONS if isinstance(error, kind))
        raise IdentifierError(next(kinds, Reason.FORMAT), entry.key) from error
