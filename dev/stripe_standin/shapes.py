"""How objects look in which version of the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stripe._api_version import _ApiVersion

from .errors import ApiError

if TYPE_CHECKING:
    from .state import Account, Object

NEWEST = _ApiVersion.CURRENT
#: from then on a Checkout Session makes its intent when the client confirms
LATE_INTENT = "2022-08-01"
#: from then on intents have ``latest_charge``, and charges hide their refunds
LATEST_CHARGE = "2022-11-15"
_ERAS = ("", LATE_INTENT, LATEST_CHARGE)
_VERSION = re.compile(r"20\d\d-\d\d-\d\d(\.[a-z]+)?")
_DEPTH = 4


def check_version(text: str) -> str:
    """Return the version ``text``.

    :raises ApiError: if it is not one
    """
    if not _VERSION.fullmatch(text):
        raise ApiError(f"Invalid Stripe API version: {text[:40]}")
    return text


def era(version: str) -> str:
    """Return the version since when objects look as in ``version``."""
    return max(one for one in _ERAS if version >= one)


def all_of(account: Account, thing: Object) -> dict[str, Object]:
    """Return ``thing`` as it looks now in each era."""
    return {one: render(account, thing, one) for one in _ERAS}


def render(account: Account, thing: Object, version: str) -> Object:
    """Return ``thing`` as the API of ``version`` shows it."""
    shown = {key: value for key, value in thing.items() if key[0] != "_"}
    add = _EXTRAS.get(thing["object"])
    if add:
        shown.update(add(account, thing, version))
    return shown


def page(items: list[Object], url: str, more: bool = False) -> Object:
    """Return a list object of rendered ``items``."""
    return {"object": "list", "data": items, "has_more": more, "url": url}


def _intent(account: Account, thing: Object, version: str) -> Object:
    if version >= LATEST_CHARGE:
        return {"latest_charge": (thing["_charges"] or [None])[-1]}
    charges = [account.get("charge", number) for number in reversed(thing["_charges"])]
    shown = [render(account, charge, version) for charge in charges]
    url = f"/v1/charges?payment_intent={thing['id']}"
    return {"charges": page(shown, url) | {"total_count": len(shown)}}


def _charge(account: Account, thing: Object, version: str) -> Object:
    return {} if version >= LATEST_CHARGE else {"refunds": _refunds(account, thing)}


def _refunds(account: Account, charge: Object) -> Object:
    refunds = [one for one in account.all("refund") if one["charge"] == charge["id"]]
    shown = [render(account, refund, NEWEST) for refund in refunds[:10]]
    url = f"/v1/charges/{charge['id']}/refunds"
    return page(shown, url, len(refunds) > 10) | {"total_count": len(refunds)}


def _line_items(_account: Account, session: Object) -> Object:
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return page(session["_lines"], url)


_EXTRAS: dict[str, Callable[[Any, Any, str], Any]] = {
    "payment_intent": _intent,
    "charge": _charge,
}
#: lists that are shown when asked for only
_LISTS: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("checkout.session", "line_items"): _line_items,
    ("charge", "refunds"): _refunds,
}


def expand(account: Account, shown: Object, paths: list[str], version: str) -> None:
    """Replace in ``shown`` the ids that ``paths`` name by their objects.

    :raises ApiError: for a path that cannot be expanded
    """
    for path in paths:
        parts = path.split(".")
        if len(parts) > _DEPTH:
            raise ApiError(
                f"You cannot expand more than {_DEPTH} levels of a property.",
                param="expand",
            )
        _expand(account, shown, parts, path, version)


def _expand(
    account: Account, shown: Any, parts: list[str], path: str, version: str
) -> None:
    name, *rest = parts
    for item in shown["data"] if _is_page(shown) and name != "data" else [shown]:
        value = _expanded(account, item, name, path, version)
        for part in value if isinstance(value, list) else [value]:
            if rest and part is not None:
                _expand(account, part, rest, path, version)


def _is_page(shown: Any) -> bool:
    return shown.get("object") == "list"


def _expanded(
    account: Account, item: Object, name: str, path: str, version: str
) -> Any:
    listed = _LISTS.get((item.get("object", ""), name))
    if listed:
        item[name] = listed(account, account.find(item["id"]))
    value = item.get(name, False)
    found = account.find(value) if isinstance(value, str) else None
    if found:
        value = item[name] = render(account, found, version)
    if value is not None and not isinstance(value, dict | list):
        text = f"This property cannot be expanded ({path})."
        raise ApiError(text, param="expand")
    return value
