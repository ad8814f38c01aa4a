"""Finds the links to documents in mails, and replaces or masks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from email.message import EmailMessage
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from .access_link import PATH, document_path, mask_links

NEUTRAL = f"{PATH}/document/"
# Pages of single documents in Odoo's portal.
PAGES = {
    "/my/invoices/": "account.move",
    "/my/orders/": "sale.order",
    "/my/support/": "client.hub.ticket",
}
_VIEW = "/mail/view"
_HINTS = (NEUTRAL, _VIEW, *PAGES)
_URL = re.compile(
    # The start of an address, not the middle or the query of another one.
    r"(?<![\w/.:%&=?#~-])(?P<base>https?://[^\s/\"'<>]+)?"
    rf"(?P<path>(?:{'|'.join(map(re.escape, _HINTS))})"
    # What ends a sentence does not belong to the address.
    r"(?:[^\s\"'<>]*[^\s\"'<>.,:;!)\]])?)"
)
# At most nine digits: what a number in the database can be.
_ID = r"([0-9]{1,9})(?![\w.-])"
_PAGE = re.compile(rf"({'|'.join(map(re.escape, PAGES))}){_ID}")
_NEUTRAL = re.compile(rf"{re.escape(NEUTRAL)}([a-z0-9_.]+)/{_ID}")
_SECRETS = frozenset({"access_token", "hash", "auth_signup_token", "auth_login"})


class Target(NamedTuple):
    """The document a link leads to."""

    model: str
    res_id: int


def has_links(html: str) -> bool:
    """Tell, fast, whether a text may hold links to documents."""
    return any(hint in html for hint in _HINTS)


def targets(html: str, bases: Collection[str]) -> set[Target]:
    """Return the documents that a mail links to.

    :param bases: addresses of this Odoo, such as ``https://odoo.example.com``
    """
    found: set[Target] = set()
    _each(html, bases, lambda target, *_: found.add(target))
    return found


def neutralize(
    html: str, bases: Collection[str], is_document: Callable[[str], bool]
) -> str:
    """Return a mail as it may be stored: no link in it opens anything by itself.

    Links that carry no secret stay.

    :param is_document: tells of a model whether its links are to be replaced
    """

    def neutral(target: Target, base: str, path: str) -> str | None:
        if not (_SECRETS & _query(path).keys() and is_document(target.model)):
            return None
        return base + document_path(*target)

    return _each(html, bases, neutral)


def replace(
    html: str, bases: Collection[str], url: Callable[[Target], str | None]
) -> str:
    """Return a mail with all links to documents replaced.

    :param url: returns what replaces the links to a document, None to keep them
    """
    return _each(html, bases, lambda target, *_: url(target))


def replace_neutral(html: str, bases: Collection[str], links: dict[Target, str]) -> str:
    """Return a mail with those links to documents replaced that are neutral."""

    def plain(target: Target, _base: str, path: str) -> str | None:
        return links.get(target) if path.startswith(NEUTRAL) else None

    return _each(html, bases, plain)


def mask_message(message: EmailMessage) -> None:
    """Mask the magic links in all texts of a received mail, attached mails included.

    Whoever answers quotes the link, and a bounce returns the whole mail.
    """
    for part in message.walk():
        if part.get_content_maintype() == "text":
            _mask_part(part)


def _mask_part(part: EmailMessage) -> None:
    try:
        text = part.get_content()
    except (LookupError, ValueError):
        # Of an unknown encoding, or none: it is not read as text later either.
        return
    masked = mask_links(text)
    if masked != text:
        del part["Content-Transfer-Encoding"]
        part.set_payload(masked, "utf-8")


def _each(
    html: str,
    bases: Collection[str],
    change: Callable[[Target, str, str], str | None],
) -> str:
    """Replace each link by what ``change`` returns, unless that is None."""

    def changed(match: re.Match) -> str:
        base, path = match["base"] or "", unescape(match["path"])
        target = None if base and base not in bases else _target(path)
        new = change(target, base, path) if target else None
        return match[0] if new is None else new

    return _URL.sub(changed, html) if has_links(html) else html


def _target(path: str) -> Target | None:
    if match := _PAGE.match(path):
        return Target(PAGES[match[1]], int(match[2]))
    if match := _NEUTRAL.match(path):
        return Target(match[1], int(match[2]))
    if not path.startswith(f"{_VIEW}?"):
        return None
    query = _query(path)
    model, res_id = (query.get(key, [""])[0] for key in ("model", "res_id"))
    return Target(model, int(res_id)) if re.fullmatch(_ID, res_id) else None


def _query(path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(path).query)
