"""Names and building of ZIP archives, without a database."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

NOTES = "_notes.txt"
ZIP, PDF = "application/zip", "application/pdf"
# Some encrypted file systems take no more than 143 bytes for a name.
_MAX_NAME_BYTES = 120
_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
# Windows keeps these for devices, whatever the extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$", re.I)
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# A ZIP cannot tell an earlier time.
_FIRST_TIME = datetime(1980, 1, 1)
_READABLE_BY_ALL = 0o644 << 16


@dataclass(frozen=True)
class Member:
    """A file of an archive.

    :param name: unique and safe, as :class:`UniqueNames` returns it
    :param read: returns the content; ``OSError`` if it cannot be read
    :param modified: shown as time of the file
    :param deflated: whether deflating pays: it does for text, not for PDF
    """

    name: str
    read: Callable[[], bytes]
    modified: datetime
    deflated: bool = False


@dataclass(frozen=True)
class Download:
    """An open temporary file that is to be sent under a name.

    :param places: held while it is sent, see ``invoice_archive_sending``
    """

    file: BinaryIO
    name: str
    mimetype: str
    places: Sequence[BinaryIO] = ()


def safe_name(stem: str, extension: str) -> str:
    """Return a file name that Windows, macOS and Linux take.

    Letters of all scripts stay; what separates folders, names a device, or is
    invisible, does not.

    :param extension: without the dot
    """
    text = unicodedata.normalize("NFC", stem)
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            char for char in text if unicodedata.category(char) not in _INVISIBLE
        )
    text = " ".join(_UNSAFE.sub("-", text).split()).strip(" .-")
    if not text or _DEVICE.match(text):
        text = f"_{text}"
    room = _MAX_NAME_BYTES - len(extension.encode()) - 1
    text = text.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{text}.{extension}"


class UniqueNames:
    """Names of which none stands for two files, because numbers are added.

    Names that differ by case alone are the same on Windows and macOS.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def add(self, name: str) -> str:
        """Return ``name``, with a number if it is taken."""
        stem, dot, extension = name.rpartition(".")
        unique, number = name, 1
        while unique.casefold() in self._taken:
            number += 1
            unique = f"{stem} ({number}){dot}{extension}"
        self._taken.add(unique.casefold())
        return unique


def write_archive(
    target: BinaryIO, members: Iterable[Member], notes: Callable[[list[str]], str]
) -> None:
    """Write a ZIP with one file after the other in memory.

    :param target: file to write to, which can seek
    :param notes: takes the names of what could not be read, returns the text of
        ``_notes.txt``, empty for no such file
    """
    unread = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            try:
                content = member.read()
            except OSError:
                unread.append(member.name)
                continue
            if member.deflated:
                archive.writestr(_info(member), content)
            else:
                _store(archive, _info(member), content)
        text = notes(unread)
        if text:
            # With this mark Windows shows all letters right.
            notes_bytes = text.replace("\n", "\r\n").encode("utf-8-sig")
            now = datetime.now()
            archive.writestr(_info(Member(NOTES, bytes, now, True)), notes_bytes)


def _store(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> None:
    """Add a file as it is: its header is written once, with size and checksum.

    ``ZipFile.writestr`` goes back to complete the header, which takes longer than all
    the rest.
    """
    info.file_size = info.compress_size = len(content)
    info.CRC = zlib.crc32(content)
    info.header_offset = archive.fp.tell()
    archive.fp.write(info.FileHeader(zip64=False))
    archive.fp.write(content)
    archive.start_dir = archive.fp.tell()
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive._didModify = True


def _info(member: Member) -> zipfile.ZipInfo:
    time = max(member.modified, _FIRST_TIME).timetuple()[:6]
    info = zipfile.ZipInfo(member.name, time)
    info.external_attr = _READABLE_BY_ALL
    info.compress_type = zipfile.ZIP_DEFLATED if member.deflated else zipfile.ZIP_STORED
    return info
