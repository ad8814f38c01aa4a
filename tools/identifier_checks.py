"""Rules for numbers where python-stdnum has none, or one that is out of date.

A *check* raises an exception of ``stdnum.exceptions`` if the number is wrong. A
*reader* turns what a person typed into the stored form; it is given the text without
separators and in capitals, unless the scheme is free text.
"""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.bg import vat as bg_vat
from stdnum.cn import uscc
from stdnum.cz import dic
from stdnum.de import handelsregisternummer
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat
from stdnum.hu import anum
from stdnum.in_ import pan
from stdnum.ro import onrc
from stdnum.tw import ubn

GREEK = "ΑΒΕΗΝΡΣ"
_GSTIN_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GERMAN_REGISTERS = {"HRA": "HRA", "HRB": "HRB", "GNR": "GnR", "PR": "PR", "VR": "VR"}
_GERMAN_REGISTER = re.compile(r"\b(HRA|HRB|GNR|PR|VR)\s*(?=[0-9])", re.IGNORECASE)
_GERMAN_COURT_WORDS = re.compile(r"\b(amtsgericht|registergericht|AG)\b", re.IGNORECASE)
_GERMAN_ALONE = re.compile(r"(?:HRA|HRB|GnR|PR|VR) [1-9][0-9]{0,5}(?: ?[A-Z]{1,3})?")
_ROMANIAN_2024 = re.compile(r"[JFC](?:19|20)[0-9]{11}")


def _require(valid: bool) -> None:
    """Refuse a number whose check digit is wrong."""
    if not valid:
        raise InvalidChecksum


def bg_eik(number: str) -> None:
    """Check the nine digits of the company; a branch adds four more."""
    bg_vat.validate(number[:9])


def cz_ico(number: str) -> None:
    """Check the eighth digit of a Czech or Slovak company number."""
    _require(dic.calc_check_digit_legal(number[:-1]) == number[-1])


def hu_tax(number: str) -> None:
    """Check the eight digits of the taxpayer that the number begins with."""
    anum.validate(number[:8])


def br_cnpj(number: str) -> None:
    """Check both digits, by the rule that also covers the CNPJ with letters."""
    values = [ord(char) - ord("0") for char in number[:12]]
    for _digit in range(2):
        weights = [2 + i % 8 for i in range(len(values))][::-1]
        total = sum(w * v for w, v in zip(weights, values, strict=True))
        values.append((11 - total) % 11 % 10)
    _require(any(values) and number[12:] == f"{values[12]}{values[13]}")


def cn_uscc(number: str) -> None:
    """Check the last character; the first two may be letters."""
    _require(uscc.calc_check_digit(number) == number[-1])


def in_gstin(number: str) -> None:
    """Check the last character and the PAN inside, for every state."""
    pan.validate(number[2:12])
    luhn.validate(number, _GSTIN_ALPHABET)


def tw_ubn(number: str) -> None:
    """Check the weighted digit sum: it must divide by five (once it was ten)."""
    total = ubn.calc_checksum(number)
    _require(total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0))


def read_cy(text: str) -> str:
    """Write the Greek letters of a Cypriot register number in Latin ones."""
    return text.translate(str.maketrans(GREEK, "ABEHNPS"))


def read_no(text: str) -> str:
    """Add the letters that end a Norwegian VAT number, if they were left out."""
    return text if text.endswith("MVA") else f"{text}MVA"


def read_de(text: str) -> str:
    """Write a German register number as court, register and number.

    :param text: e.g. ``Amtsgericht Köln, HRB 49263`` or ``HRB 49263`` alone
    :raises InvalidFormat: if there is no register, or no number
    :raises InvalidComponent: if no court has that name
    """
    text = _GERMAN_REGISTER.sub(
        lambda match: f"{_GERMAN_REGISTERS[match[1].upper()]} ", text
    )
    text = " ".join(_GERMAN_COURT_WORDS.sub(" ", text).split()).strip(" ,;:")
    if _GERMAN_ALONE.fullmatch(text):
        return text
    read = handelsregisternummer.validate(text)
    # python-stdnum compares the letters of the court alone: a stray number beside
    # them must not vanish.
    if re.findall(r"\d", read) != re.findall(r"\d", text):
        raise InvalidFormat
    return read


def read_ro(text: str) -> str:
    """Write a Romanian trade register number in its old or its new form.

    :param text: e.g. ``J40/750/2012``, or without slashes as issued since 2024
    :raises ValidationError: of ``stdnum.exceptions``, if the number is wrong
    """
    squeezed = re.sub(r"[\W_]", "", text).upper()
    if not _ROMANIAN_2024.fullmatch(squeezed):
        return onrc.validate(text)
    if int(squeezed[11:13]) not in {*range(41), 51, 52}:
        raise InvalidComponent
    digits = [ord(squeezed[0]) % 10, *map(int, squeezed[1:-1])]
    _require(sum(digits) % 10 == int(squeezed[-1]))
    return squeezed
