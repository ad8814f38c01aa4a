"""Sending large files to slow readers, without a worker waiting for them."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where Odoo has no worker processes either
    fcntl = None

_CHUNK = 1 << 16
# A reader that takes nothing for so long is gone.
_STALLED_SECONDS = 60


def take_places(folder: Path, limits: dict[str, int]) -> list[BinaryIO] | None:
    """Take one of the places that there are under each name, for as long as it lasts.

    A place is a locked file. The lock ends with the last process that has the file
    open, however that process ends: a row in the database would stay.

    :param limits: how many places there are, by name
    :return: the files, to be closed at the end; None if all places are taken
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[BinaryIO] = []
    for name, count in limits.items():
        place = _take_place(folder, name, count)
        if not place:
            close_all(taken)
            return None
        taken.append(place)
    return taken


def _take_place(folder: Path, name: str, count: int) -> BinaryIO | None:
    for number in range(count):
        place = _lock(folder / f"{name}.{number}")
        if place:
            return place
    return None


def _lock(path: Path) -> BinaryIO | None:
    file = path.open("ab")
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def forget_places(folder: Path) -> None:
    """Delete the files of the places that are free.

    Somebody may take one this very moment: a limit is exceeded by one then, once.
    """
    for path in folder.glob("*.[0-9]*"):
        free = _lock(path)
        if free:
            path.unlink(missing_ok=True)
            free.close()


def close_all(files: Sequence[BinaryIO]) -> None:
    """Close files, which gives places back."""
    for file in files:
        file.close()


class Body:
    """The body of a response: a file, which is closed at the end.

    In a server with worker processes the body is sent by a process of its own, so that
    a slow reader does not keep a worker from answering others, and is not cut off when
    the worker reaches a limit of its own. The headers and the first bytes are sent as
    ever.

    :param file: at its beginning
    :param places: see :func:`take_places`
    :param connection: socket to hand over; None to send the file here
    """

    def __init__(
        self,
        file: BinaryIO,
        places: Sequence[BinaryIO] = (),
        connection: socket.socket | None = None,
    ) -> None:
        self._file = file
        self._places = places
        self._connection = connection if shutil.which("cat") else None
        # None for an answer whose body nobody asks for.
        self._sent: int | None = None

    def __iter__(self) -> Iterator[bytes]:
        chunk = self._file.read(_CHUNK)
        yield chunk
        self._sent = len(chunk)
        while not self._connection and (chunk := self._file.read(_CHUNK)):
            yield chunk

    def close(self) -> None:
        """Hand over what is to be sent, and close everything."""
        try:
            connection = self._connection
            # A first chunk that was all needs no other process.
            if self._sent == _CHUNK and connection and connection.fileno() >= 0:
                self._hand_over(connection)
        finally:
            close_all([self._file, *self._places])

    def _hand_over(self, connection: socket.socket) -> None:
        timeout = struct.pack("ll", _STALLED_SECONDS, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)
        # Detached, or the server would end the connection for the other process too.
        handle = connection.detach()
        try:
            os.set_blocking(handle, True)
            os.lseek(self._file.fileno(), _CHUNK, os.SEEK_SET)
            subprocess.Popen(
                ["cat"],
                stdin=self._file,
                stdout=handle,
                stderr=subprocess.DEVNULL,
                pass_fds=[place.fileno() for place in self._places],
            )
        finally:
            os.close(handle)
