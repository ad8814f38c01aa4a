from __future__ import annotations

import io
import os
import random
import unicodedata
import unittest
import zipfile
from datetime import datetime
from pathlib import PureWindowsPath

from ...tools.invoice_archive import (
    NOTES,
    Member,
    UniqueNames,
    safe_name,
    write_archive,
)

ROUNDS = int(os.environ.get("CLIENT_HUB_FUZZ") or 2000)
NOW = datetime(2026, 11, 23, 12, 30, 10)


class TestSafeName(unittest.TestCase):
    def test_names(self) -> None:
        for stem, expected in {
            "2026-11-23_INV/2026/00042": "2026-11-23_INV-2026-00042.pdf",
            "../../etc/passwd": "etc-passwd.pdf",
            "..\\..\\autoexec": "autoexec.pdf",
            "/": "_.pdf",
            "": "_.pdf",
            "..": "_.pdf",
            "发票 2026/42": "发票 2026-42.pdf",
            "a\x00b\x1fc\u202egpj": "abcgpj.pdf",
            "CON": "_CON.pdf",
            "lpt1.txt": "_lpt1.txt.pdf",
            "com¹": "_com¹.pdf",
            "console": "console.pdf",
            "e\u0301te\u0301": "été.pdf",
            "ends with dots. . .": "ends with dots.pdf",
            "C:\\x": "C-x.pdf",
            'a<b>c"d|e?f*g': "a-b-c-d-e-f-g.pdf",
        }.items():
            with self.subTest(stem=stem):
                self.assertEqual(safe_name(stem, "pdf"), expected)

    def test_long_names_end_between_letters(self) -> None:
        name = safe_name("票" * 300, "pdf")
        self.assertLessEqual(len(name.encode()), 120)
        self.assertRegex(name, "^票+[.]pdf$")

    def test_any_text_gives_a_safe_name(self) -> None:
        seed = random.randrange(2**32)
        rng = random.Random(seed)
        for _round in range(ROUNDS):
            stem = "".join(
                chr(rng.choice((rng.randrange(128), rng.randrange(0x110000))))
                for _char in range(rng.choice((0, 1, 3, 9, 200)))
            )
            with self.subTest(seed=seed, stem=stem):
                self._assert_safe(safe_name(stem, "pdf"))

    def _assert_safe(self, name: str) -> None:
        path = PureWindowsPath(name)
        self.assertEqual((path.name, path.is_reserved()), (name, False))
        self.assertLessEqual(len(name.encode()), 120)
        self.assertNotIn("/", name)
        self.assertTrue(name.endswith(".pdf"))
        self.assertNotIn(name[0], " .-")
        self.assertFalse(any(unicodedata.category(char)[0] == "C" for char in name))


class TestUniqueNames(unittest.TestCase):
    def _add(self, names: list[str]) -> list[str]:
        unique = UniqueNames()
        return [unique.add(name) for name in names]

    def test_numbers_are_added(self) -> None:
        self.assertEqual(
            self._add(["a.pdf", "b.pdf", "A.pdf", "a.pdf", "a (2).pdf"]),
            ["a.pdf", "b.pdf", "A (2).pdf", "a (3).pdf", "a (2) (2).pdf"],
        )

    def test_no_two_are_alike(self) -> None:
        names = ["a.pdf", "A.PDF", "a (2).pdf"] * 50
        found = self._add(names)
        self.assertEqual(len({name.casefold() for name in found}), len(names))


class TestWriteArchive(unittest.TestCase):
    def _write(self, members: list[Member], text: str = "") -> zipfile.ZipFile:
        target = io.BytesIO()
        write_archive(target, members, lambda unread: "".join([text, *unread]))
        archive = zipfile.ZipFile(target)
        self.assertIsNone(archive.testzip())
        return archive

    def _member(self, name: str, content: bytes = b"%PDF", **kwargs: bool) -> Member:
        return Member(name, lambda: content, NOW, **kwargs)

    def test_content_time_and_rights(self) -> None:
        archive = self._write([self._member("发票.pdf", b"%PDF" * 99)])
        (info,) = archive.infolist()
        self.assertEqual(info.filename, "发票.pdf")
        self.assertEqual(info.date_time, NOW.timetuple()[:6])
        self.assertEqual(info.external_attr >> 16, 0o644)
        self.assertEqual(archive.read(info), b"%PDF" * 99)

    def test_pdfs_are_stored_and_text_is_deflated(self) -> None:
        xml = self._member("a.xml", b"<a/>" * 999, deflated=True)
        pdf, text = self._write([self._member("a.pdf", b"a" * 999), xml]).infolist()
        self.assertEqual((pdf.compress_type, pdf.compress_size), (0, 999))
        self.assertLess(text.compress_size, 999)

    def test_a_time_before_any_zip(self) -> None:
        (info,) = self._write([Member("a.pdf", bytes, datetime(1970, 1, 1))]).infolist()
        self.assertEqual(info.date_time, (1980, 1, 1, 0, 0, 0))

    def test_what_cannot_be_read_is_told(self) -> None:
        def read() -> bytes:
            raise OSError("gone")

        members = [Member("a.pdf", read, NOW), self._member("b.pdf")]
        archive = self._write(members, "Missing: ")
        self.assertEqual(archive.namelist(), ["b.pdf", NOTES])
        self.assertEqual(archive.read(NOTES).decode("utf-8-sig"), "Missing: a.pdf")

    def test_no_notes_without_need(self) -> None:
        self.assertEqual(self._write([self._member("a.pdf")]).namelist(), ["a.pdf"])

    def test_an_empty_archive_is_valid(self) -> None:
        self.assertEqual(self._write([]).namelist(), [])
