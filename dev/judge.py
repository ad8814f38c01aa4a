"""Judges Odoo's log: warnings about the add-on fail the build like failed tests."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .odoo_log import Record, is_failure
from .odoo_server import STRIPE_OPTION
from .settings import DEV, MODULE, ROOT

_BAD = ("WARNING", "ERROR", "CRITICAL")
_LOGGER = f"odoo.addons.{MODULE}"
_NAMED = re.compile(r"client[._]hub")
_OWN_OPTION = f"unknown option {STRIPE_OPTION!r} in the config file"
_DEPRECATION = re.compile(r"\S+:\d+: (?:Pending)?DeprecationWarning: ")


def findings(log: Iterable[Record]) -> list[str]:
    """Return a text for each record in ``log`` that speaks against the add-on.

    These are warnings and errors which the add-on logs or which name something of it.
    Failed tests are left out: they are counted as such.
    """
    return [
        f"{record.level} {record.logger}: {record.text}"
        for record in log
        if record.level in _BAD
        and not is_failure(record)
        and _OWN_OPTION not in record.text
        and not _is_foreign_deprecation(record)
        and _is_about_addon(record)
    ]


def _is_about_addon(record: Record) -> bool:
    if record.logger == _LOGGER or record.logger.startswith(f"{_LOGGER}."):
        return True
    return bool(_NAMED.search(_without_checkout(record.text)))


def _without_checkout(text: str) -> str:
    """Return ``text`` without this checkout's path, whose name says nothing."""
    return text.replace(str(DEV), "").replace(str(ROOT), "")


def _is_foreign_deprecation(record: Record) -> bool:
    """Tell whether this is a deprecation notice about code that is not the add-on's.

    Odoo prints the stack with it, which names the add-on if that began the call.
    """
    line = _without_checkout(record.text).partition("\n")[0]
    place = _DEPRECATION.match(line)
    return bool(place) and not _NAMED.search(place[0])
