"""Magic links: making, reading and masking them, without a database.

A link is ``BASE/my/access/<selector>#<verifier>``. The selector finds its row, the
verifier proves that the visitor holds the mail; of the latter only a hash is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import NamedTuple
from urllib.parse import unquote

PATH = "/my/access"
HOME = "/my"
MASK = "***"
SELECTOR_BYTES = 16
VERIFIER_BYTES = 32
CODE_DIGITS = 8
_MAX_LENGTH = 512
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_VERIFIER = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_PAGE = re.compile(
    r"/my(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9_=&-]*)?(?:#[A-Za-z0-9_-]*)?", re.ASCII
)
# What mail gateways, programs that quote, and HTML make of "/" and "#".
_SLASH = r"(?:\\?/|%(?:25)*2f|&#0*47;|&#x0*2f;|&sol;|\\u002f)"
_HASH = r"(?:\#|%(?:25)*23|&\#0*35;|&\#x0*23;|&num;|\\u0023|=23)"
# Programs that quote may break a long line anywhere, and mark the next one with ">".
_BREAK = r"(?:=?\r?\n[ \t>|]*)?"
_LINK = re.compile(
    rf"(my{_SLASH}access{_SLASH}[a-z0-9_-]+{_HASH})"
    rf"((?:[a-z0-9_-]{_BREAK}){{42}}[a-z0-9_-]|[a-z0-9_-]+)",
    re.ASCII | re.IGNORECASE,
)


class Secret(NamedTuple):
    """The two parts of a new link, in base64url without padding."""

    selector: str
    verifier: str


def new_secret() -> Secret:
    """Return parts of 128 and 256 random bits, which tell nothing about anybody."""
    return Secret(_random(SELECTOR_BYTES), _random(VERIFIER_BYTES))


def new_code() -> str:
    """Return a random one-time code of ``CODE_DIGITS`` digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def hash_secret(database: str, owner: str, secret: str) -> str:
    """Return what is kept of a verifier, a code or a key, in hexadecimal digits.

    :param database: the ``database.uuid``: in a copy with another one no link works
    :param owner: what the secret belongs to, such as the selector
    """
    key = f"client_hub.access_link:{database}".encode()
    return hmac.new(key, f"{owner}:{secret}".encode(), hashlib.sha256).hexdigest()


def equal(one: str | None, other: str | None) -> bool:
    """Compare two hashes in a time that tells nothing; an empty one equals none."""
    return bool(one and other) and hmac.compare_digest(one.encode(), other.encode())


def build_url(base: str, secret: Secret) -> str:
    """Return the link.

    :param base: the configured address of the server, such as ``https://example.com``
    """
    return f"{base.rstrip('/')}{PATH}/{secret.selector}#{secret.verifier}"


def split(raw: str) -> Secret:
    """Return the parts of what followed ``/my/access/``, "" for what is none.

    Gateways turn the "#" into "%23" or "%2523"; then the verifier is part of the path.
    """
    if len(raw) > _MAX_LENGTH:
        return Secret("", "")
    text = raw
    while "%23" in text or "%25" in text:
        text = unquote(text)
    selector, _hash, verifier = text.partition("#")
    return Secret(
        selector if is_selector(selector) else "",
        verifier if is_verifier(verifier) else "",
    )


def is_selector(text: object) -> bool:
    """Tell whether this has the form of a selector."""
    return isinstance(text, str) and bool(_SELECTOR.fullmatch(text))


def is_verifier(text: object) -> bool:
    """Tell whether this has the form of a verifier."""
    return isinstance(text, str) and bool(_VERIFIER.fullmatch(text))


def clean_code(text: object) -> str:
    """Return the digits of a code as somebody typed it, "" if it cannot be one."""
    digits = re.sub(r"[\s-]", "", text) if isinstance(text, str) else ""
    right = len(digits) == CODE_DIGITS and digits.isascii() and digits.isdigit()
    return digits if right else ""


def mask_links(text: str) -> str:
    """Return the text with the verifier of every magic link replaced by ``MASK``.

    Plain text and HTML, whatever mail programs and gateways made of the link.
    """
    return _LINK.sub(rf"\g<1>{MASK}", text)


def safe_page(path: object, default: str = HOME) -> str:
    """Return the path if it is a page of our own portal, else the default.

    Only plain letters are allowed, so that no encoding hides another host.
    """
    allowed = isinstance(path, str) and len(path) <= _MAX_LENGTH
    return path if allowed and _PAGE.fullmatch(path) else default


def document_path(model: str, res_id: int) -> str:
    """Return the neutral address of a document: it lets nobody in by itself."""
    return f"{PATH}/document/{model}/{res_id}"


def shorten_email(email: str) -> str:
    """Return an address as it may be shown to whoever holds the link: ``a***@b.c``."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}" if name else MASK


def _random(size: int) -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()
