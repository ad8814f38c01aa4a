"""What a person is told about a number that is refused."""

from __future__ import annotations

from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)

# What is wrong and what to do about it, for each reason of the pure validation.
REMEDIES: dict[str, LazyGettext] = {
    "empty": _lt("it is empty. Enter it as it stands on the client's papers."),
    "too_long": _lt("it is longer than 64 characters. Enter the number alone."),
    "country": _lt(
        "it does not belong to this country. Set the country that issued the number, "
        "or choose another scheme."
    ),
    "format": _lt(
        "it has characters or an order that the scheme does not allow. Compare it "
        "with the client's papers."
    ),
    "length": _lt(
        "it has too many or too few characters. Compare it with the client's papers."
    ),
    "checksum": _lt("its check digit is wrong. Compare it with the client's papers."),
    "component": _lt(
        "a part of it is not possible. Compare it with the client's papers."
    ),
    "unknown_scheme": _lt("it is unknown. Choose one from the list."),
}
