from __future__ import annotations

import io
import socket
import tempfile
import time
import unittest
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from unittest.mock import patch

from ...tools import invoice_archive_sending
from ...tools.invoice_archive_sending import (
    Body,
    close_all,
    forget_places,
    take_places,
)

# More than the buffers of a socket take.
CONTENT = bytes(range(256)) * 16_000


class SendingCase(unittest.TestCase):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name, "places")

    def _take(self, limit: int = 1) -> list[BinaryIO] | None:
        return take_places(self.folder, {"user_7": limit})


class TestPlaces(SendingCase):
    def test_no_more_than_there_are(self) -> None:
        taken = [self._take(2), self._take(2)]
        self.assertIsNone(self._take(2))
        close_all(taken[0])
        again = self._take(2)
        self.assertIsNotNone(again)
        close_all([*taken[1], *again])

    def test_all_or_none_is_taken(self) -> None:
        limits = {"user_7": 1, "all": 1}
        taken = take_places(self.folder, limits)
        self.assertIsNone(take_places(self.folder, limits | {"user_7": 2}))
        close_all(taken)
        again = take_places(self.folder, limits)
        self.assertEqual(len(again), 2)
        close_all(again)

    def test_free_places_are_forgotten(self) -> None:
        taken = take_places(self.folder, {"user_7": 1, "all": 2})
        close_all(take_places(self.folder, {"user_8": 1}))
        forget_places(self.folder)
        left = {path.name for path in self.folder.iterdir()}
        self.assertEqual(left, {"user_7.0", "all.0"})
        self.assertIsNone(self._take())
        close_all(taken)
        forget_places(self.folder)
        self.assertFalse(list(self.folder.iterdir()))

    def test_nothing_to_forget(self) -> None:
        forget_places(self.folder)
        self.assertFalse(self.folder.exists())

    def test_none_where_nothing_is_allowed(self) -> None:
        self.assertIsNone(self._take(0))


class TestBody(SendingCase):
    def setUp(self) -> None:
        super().setUp()
        self.places = self._take()
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - the body closes it
        self.file.write(CONTENT)
        self.file.seek(0)
        self.reader, self.connection = socket.socketpair()
        self.addCleanup(self.reader.close)
        # As a worker of the server sets it.
        self.connection.settimeout(2)

    def _read(self) -> bytes:
        content = b""
        while chunk := self.reader.recv(1 << 20):
            content += chunk
        return content

    def _send(self) -> None:
        """Do with the body what a server does."""
        body = Body(self.file, self.places, self.connection)
        with suppress(BrokenPipeError):
            for chunk in body:
                self.connection.sendall(chunk)
        body.close()

    def _wait_for_place(self) -> None:
        end = time.monotonic() + 20
        while not (places := self._take()):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        close_all(places)

    def test_sent_here(self) -> None:
        body = Body(self.file, self.places)
        self.assertEqual(b"".join(body), CONTENT)
        self.assertIsNone(self._take())
        body.close()
        self.assertTrue(self.file.closed)
        close_all(self._take())
        self.connection.close()

    def test_small_file_needs_no_other_process(self) -> None:
        self.file.truncate(1000)
        with patch("subprocess.Popen", side_effect=AssertionError):
            self._send()
        self.connection.close()
        self.assertEqual(self._read(), CONTENT[:1000])
        close_all(self._take())

    def test_file_of_one_chunk(self) -> None:
        self.file.truncate(invoice_archive_sending._CHUNK)
        self._send()
        self.assertEqual(self._read(), CONTENT[: invoice_archive_sending._CHUNK])

    def test_handed_over(self) -> None:
        self._send()
        # The server can neither write to it any more nor shut it down.
        self.assertEqual(self.connection.fileno(), -1)
        self.assertTrue(self.file.closed)
        self.assertIsNone(self._take(), "the place is held while it is sent")
        self.assertEqual(self._read(), CONTENT)
        self._wait_for_place()

    def test_answer_to_head(self) -> None:
        Body(self.file, self.places, self.connection).close()
        self.assertGreaterEqual(self.connection.fileno(), 0)
        self.connection.close()
        self.assertEqual(self._read(), b"")

    def test_reader_that_left(self) -> None:
        self.reader.close()
        self._send()
        self._wait_for_place()

    def test_reader_that_takes_nothing(self) -> None:
        with patch.object(invoice_archive_sending, "_STALLED_SECONDS", 1):
            self._send()
        self._wait_for_place()
        self.assertLess(len(self._read()), len(CONTENT))

    def test_connection_that_is_closed_already(self) -> None:
        body = Body(self.file, self.places, self.connection)
        next(iter(body))
        self.connection.close()
        body.close()
        close_all(self._take())

    def test_without_the_program_that_copies(self) -> None:
        with patch("shutil.which", return_value=None):
            body = Body(io.BytesIO(CONTENT), self.places, self.connection)
        self.assertEqual(b"".join(body), CONTENT)
        body.close()
        self.connection.close()
        self.file.close()
