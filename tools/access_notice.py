"""Which browsers a client is known by, without a database."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBERS = re.compile(r"[0-9][0-9._]*")
# The first that is named counts: browsers also name those that they resemble.
_BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "FxiOS", "CriOS", "Chrome")
_BROWSERS += ("Safari",)
_NAMES = {"Edg": "Edge", "OPR": "Opera", "FxiOS": "Firefox", "CriOS": "Chrome"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def is_new(user_agent: str, known: Iterable[str]) -> bool:
    """Tell whether a client who was seen before comes with another browser.

    A browser that was merely updated is the same one. Nothing is new where nothing is
    known to compare it with.
    """
    browsers = {_NUMBERS.sub("", text) for text in known}
    return bool(browsers) and _NUMBERS.sub("", user_agent) not in browsers


def describe(user_agent: str) -> str:
    """Return a short name of a browser for a person, "" for an unknown one."""
    browser = next((name for name in _BROWSERS if f"{name}/" in user_agent), "")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return ", ".join(filter(None, (_NAMES.get(browser, browser), system)))
