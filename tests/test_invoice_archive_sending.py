from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import invoice_archive_sending
from ..tools.invoice_archive_sending import close_all, take_places
from .invoice_archive_common import PDF, InvoiceArchiveCommon

BUSY = "Other downloads are still under way"


@tagged("post_install", "-at_install")
class TestInvoiceArchiveSending(InvoiceArchiveCommon):
    """What leaves the server, and how much of it at a time."""

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("archive_portal", "archive_portal")

    def _take(self, **limits: int) -> None:
        """Be a download under way."""
        places = take_places(self.archives._get_places_folder(), limits)
        self.assertIsNotNone(places)
        self.addCleanup(close_all, places)

    def test_other_programs_read_every_pdf_as_it_is_stored(self) -> None:
        self.sent[0].ref = self.sent[1].ref = "发票 № ½"
        response = self._download(*self.sent, self.never_sent)
        stored = {PDF + name.encode() for name in self.sent.mapped("name")}
        for command in (["unzip", "-q"], ["7z", "x", "-bso0", "-bsp0"]):
            with self.subTest(command=command), tempfile.TemporaryDirectory() as name:
                path = Path(name, "archive.zip")
                path.write_bytes(response.content)
                subprocess.run([*command, path], cwd=name, check=True)
                files = {file.name: file.read_bytes() for file in Path(name).iterdir()}
                archive = self._open(response)
                del files["archive.zip"]
                self.assertEqual(
                    files, {file: archive.read(file) for file in archive.namelist()}
                )
                self.assertEqual(len(files), 4)
                self.assertLess(stored, set(files.values()))

    def test_7z_finds_no_fault(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "archive.zip")
            path.write_bytes(self._download(*self.sent).content)
            tested = subprocess.run(
                ["7z", "t", path], capture_output=True, text=True, check=True
            )
        self.assertIn("Everything is Ok", tested.stdout)
        self.assertNotIn("WARNING", tested.stdout.upper())

    def test_places_are_free_again(self) -> None:
        for _number in range(invoice_archive_sending.MAX_DOWNLOADS_OF_USER + 2):
            self.assertEqual(len(self._open(self._download(*self.sent)).namelist()), 2)

    def test_too_many_of_one_user(self) -> None:
        most = invoice_archive_sending.MAX_DOWNLOADS_OF_USER
        for _number in range(most):
            self._take(**{f"user_{self.portal_user.id}": most})
        for invoices in (self.sent, self.sent[0]):
            response = self._download(*invoices)
            self.assertEqual(response.status_code, 422)
            self.assertIn(BUSY, response.text)
        self.authenticate("archive_stranger", "archive_stranger")
        self.assertEqual(self._download(self.foreign).status_code, 200)

    def test_too_many_of_all(self) -> None:
        with (
            patch.object(invoice_archive_sending, "MAX_DOWNLOADS", 1),
            self.assertRaisesRegex(UserError, BUSY),
        ):
            self._take(all=1)
            archives = self.archives.with_user(self.stranger)
            archives._download(self.foreign.with_user(self.stranger), [])

    def test_errors_free_the_place(self) -> None:
        archives = self.archives.with_user(self.portal_user)
        with patch.object(invoice_archive_sending, "MAX_DOWNLOADS_OF_USER", 1):
            with self.assertRaises(ZeroDivisionError), archives._take_places():
                _error = 1 // 0
            with archives._take_places() as places:
                close_all(places)

    def test_ended_downloads_leave_no_files(self) -> None:
        self._take(user_1=1)
        self._download(*self.sent)
        self._wait_remaining_requests()
        self.archives._gc_places()
        files = self.archives._get_places_folder().iterdir()
        self.assertEqual([file.name for file in files], ["user_1.0"])

    def test_ready_archive_waits_for_its_turn_as_well(self) -> None:
        archive = self.archives.with_user(self.portal_user)._request(
            self.sent.with_user(self.portal_user), "mine"
        )
        path = f"/my/invoices/archives/{archive.id}/download"
        self.assertEqual(self.url_open(path).status_code, 200)
        with patch.object(invoice_archive_sending, "MAX_DOWNLOADS_OF_USER", 0):
            response = self.url_open(path)
        self.assertEqual(response.status_code, 422)
        self.assertIn(BUSY, response.text)

    def test_files_in_the_database(self) -> None:
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        files = self.sent.sudo().invoice_pdf_report_id
        for file in files:
            file.raw = file.raw
        self.env.flush_all()
        self.assertFalse(any(files.mapped("store_fname")))
        archive = self._open(self._download(*self.sent))
        self.assertEqual(
            {archive.read(name) for name in archive.namelist()},
            {PDF + name.encode() for name in self.sent.mapped("name")},
        )
