"""What a mail that is received says of its sender; without a database."""

from __future__ import annotations

import re
from email.message import Message

from .ticket import MAX_BYTES, MAX_FILE_BYTES, MAX_FILES

# Not "list": a support address may be a group, whose mails people write.
_AUTOMATIC_PRECEDENCE = {"bulk", "junk", "auto_reply"}
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
# What a mail server that checks senders writes; a pass may be written by anybody.
_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_PASSED = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)


def is_automatic(message: Message) -> bool:
    """Tell whether a program wrote this: nothing is answered to it."""
    submitted = str(message.get("Auto-Submitted") or "no").strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    return bool(
        submitted.partition(";")[0].strip() != "no"
        or precedence in _AUTOMATIC_PRECEDENCE
        or any(message.get(name) for name in _AUTOMATIC_HEADERS)
        or str(message.get("Return-Path") or "").strip() == "<>"
    )


def is_forged(message: Message) -> bool:
    """Tell whether a mail server found that the sender is not who it says."""
    results = message.get_all("Authentication-Results") or []
    return any(_FAILED.search(str(result)) for result in results)


def is_proven(message: Message, checker: str) -> bool:
    """Tell whether our own mail server found that the sender is who it says.

    :param checker: the name under which it writes its findings; it takes away what
        others wrote under this name
    """
    results = [str(one) for one in message.get_all("Authentication-Results") or []]
    return any(
        checker and one.partition(";")[0].strip() == checker and _PASSED.search(one)
        for one in results
    )


def fitting(attachments: list) -> list:
    """Return the files of a mail that are within the limits of a message.

    :param attachments: tuples that begin with name and content
    """
    kept, total = [], 0
    for attachment in attachments:
        size = _size(attachment[1])
        fits = size <= MAX_FILE_BYTES and total + size <= MAX_BYTES
        if fits and len(kept) < MAX_FILES:
            kept.append(attachment)
            total += size
    return kept


def _size(content: object) -> int:
    """Return the bytes of a file; a mail in a mail is a message itself."""
    if isinstance(content, Message):
        return len(content.as_bytes())
    return len(content.encode()) if isinstance(content, str) else len(content or b"")
