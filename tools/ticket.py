"""What a client may send with a ticket; without a database."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

MEGABYTE = 1024 * 1024
#: characters
MAX_SUBJECT = 200
MAX_TEXT = 20_000
MAX_COMMENT = 2_000
#: files of one message, each and together, in bytes
MAX_FILES = 10
MAX_FILE_BYTES = 10 * MEGABYTE
MAX_BYTES = 25 * MEGABYTE
RATINGS = range(1, 6)
#: the same for pages
LIMITS = {
    "subject": MAX_SUBJECT,
    "text": MAX_TEXT,
    "files": MAX_FILES,
    "each": MAX_FILE_BYTES,
    "bytes": MAX_BYTES,
    "rating": RATINGS[-1],
}
_MAX_NAME = 120
# What shows nowhere; line breaks and tabs are dealt with apart.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_UNSAFE = re.compile(r'[\\/:*?"<>|\n\t]')


class TicketError(ValueError):
    """Something that cannot be taken as it was sent.

    :param reason: key of the words, see ``client.hub.ticket._get_client_error``
    :param values: what these words name
    """

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class File(NamedTuple):
    """A file that was sent along."""

    name: str
    content: bytes


class Sent(NamedTuple):
    """What somebody sends with a form.

    :param kept: proofs of files that were sent before, with something to correct
    :param key: of the form, the same when it is sent twice
    """

    text: str = ""
    subject: str = ""
    files: Sequence[File] = ()
    kept: Sequence[str] = ()
    key: str = ""


def clean_line(text: object) -> str:
    """Return a text as one line, without what cannot be seen."""
    return " ".join(clean_text(text).split())


def clean_text(text: object) -> str:
    """Return a text with plain line breaks, without what cannot be seen."""
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", lines).strip()


def clean_name(name: object) -> str:
    """Return the name of a file without folders, safe on every system."""
    base = re.split(r"[\\/]", clean_line(name))[-1]
    stem, dot, extension = _UNSAFE.sub("_", base).rpartition(".")
    if not dot:
        return extension[:_MAX_NAME] or "file"
    extension = extension[:20]
    return f"{stem[: _MAX_NAME - len(extension)] or 'file'}.{extension}"


def check_text(text: str, name: str, most: int) -> None:
    """Check the length of a text.

    :param name: the field
    :raise TicketError: ``long``
    """
    if len(text) > most:
        raise TicketError("long", field=name, number=len(text), most=most)


def check_question(sent: Sent) -> None:
    """Check what opens a ticket.

    :raise TicketError: ``no_subject``, ``no_text``, ``long``
    """
    if not sent.subject:
        raise TicketError("no_subject")
    if not sent.text:
        raise TicketError("no_text")
    check_text(sent.subject, "subject", MAX_SUBJECT)
    check_text(sent.text, "text", MAX_TEXT)


def check_message(sent: Sent) -> None:
    """Check what is added to a ticket; files alone will do.

    :raise TicketError: ``no_text``, ``long``
    """
    if not (sent.text or sent.files or sent.kept):
        raise TicketError("no_text")
    check_text(sent.text, "text", MAX_TEXT)


def check_files(files: Sequence[File], kept_bytes: Collection[int] = ()) -> None:
    """Check the files of one message.

    :param kept_bytes: sizes of those that were sent before
    :raise TicketError: ``many_files``, ``empty_file``, ``large_file``, ``large_files``
    """
    if len(files) + len(kept_bytes) > MAX_FILES:
        raise TicketError("many_files", most=MAX_FILES)
    for file in files:
        if not file.content:
            raise TicketError("empty_file", name=file.name)
        if len(file.content) > MAX_FILE_BYTES:
            most = MAX_FILE_BYTES // MEGABYTE
            raise TicketError("large_file", name=file.name, most=most)
    if sum(len(file.content) for file in files) + sum(kept_bytes) > MAX_BYTES:
        raise TicketError("large_files", most=MAX_BYTES // MEGABYTE)


def read_rating(text: object) -> int:
    """Return the number of stars that somebody chose.

    :raise TicketError: ``no_rating``
    """
    if isinstance(text, str) and text in map(str, RATINGS):
        return int(text)
    raise TicketError("no_rating")


def read_id(text: object) -> int:
    """Return the number of a record, 0 for what is none."""
    right = isinstance(text, str) and text.isascii() and text.isdecimal()
    number = int(text[:11]) if right else 0
    return number if number < 2**31 else 0
