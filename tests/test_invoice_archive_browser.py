from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from odoo.tests import tagged

from .browser_common import BrowserMixin
from .invoice_archive_common import PDF, InvoiceArchiveCommon

TICK = "input[name='invoice_ids'][value='%s']"
TICK_ALL = ".o_client_hub_tick_all"
SUFFIXES = (".zip", ".pdf")


@tagged("post_install", "-at_install")
class TestInvoiceArchiveBrowser(BrowserMixin, InvoiceArchiveCommon):
    """A client ticks, downloads and opens, in Chromium."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.sent += cls._create_sent(invoice_date="2026-03-01")
        cls.wanted = sorted(PDF + name.encode() for name in cls.sent.mapped("name"))

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.sent_ids = self.sent.ids

    def _open_page(self, path: str) -> None:
        """Open a page and wait for its scripts: they show the box in the head."""
        self._allow_downloads()
        self._open(path)
        self._wait_for(f"document.querySelector('{TICK_ALL}:not(.invisible)') !== null")

    def _allow_downloads(self) -> None:
        folder = str(self.folder)
        self._send("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)

    def _get_download(self) -> Path:
        self._wait_until(self._get_files)
        [file] = self._get_files()
        return file

    def _get_files(self) -> list[Path]:
        """Return what was downloaded to the end."""
        return [file for file in self.folder.iterdir() if file.suffix in SUFFIXES]

    def _read_download(self) -> list[bytes]:
        with zipfile.ZipFile(self._get_download()) as archive:
            self.assertIsNone(archive.testzip())
            return sorted(archive.read(name) for name in archive.namelist())

    def test_three_ticked_invoices_are_one_zip(self) -> None:
        with self._browser(login="archive_portal"):
            self._open_page("/my/invoices")
            for invoice_id in self.sent_ids:
                self._click(TICK % invoice_id)
            self._click("#client_hub_archive button[type='submit']")
            self.assertEqual(self._read_download(), self.wanted)
        self.assertIn(self.client.name, self._get_download().name)

    def test_works_without_scripts(self) -> None:
        with self._browser(login="archive_portal", scripts=False):
            self._allow_downloads()
            self._open("/my/invoices")
            self._wait_until(lambda: self._has(TICK % self.sent_ids[0]))
            self._click(TICK % self.sent_ids[0])
            self._click("#client_hub_archive button[type='submit']")
            self.assertEqual(self._get_download().suffix, ".pdf")

    def test_box_in_the_head_ticks_the_page(self) -> None:
        with self._browser(login="archive_portal"):
            for page in ("/my/invoices", "/my/statement"):
                self._open_page(page)
                self._click(TICK_ALL)
                ticked = "[...document.querySelectorAll(\"input[name='invoice_ids']\")]"
                self.assertEqual(self._evaluate(f"{ticked}.length"), 4)
                self.assertTrue(self._evaluate(f"{ticked}.every(box => box.checked)"))

    def test_dates_are_asked_for_a_free_period_alone(self) -> None:
        with self._browser(login="archive_portal"):
            self._open_page("/my/invoices")
            self.assertEqual(self._count_shown_dates(), 0)
            self._evaluate(
                "const period = document.getElementById('client_archive_period');"
                "period.value = 'free';"
                "period.dispatchEvent(new Event('change', {bubbles: true}));"
            )
            self._wait_until(lambda: self._count_shown_dates() == 2)

    def _count_shown_dates(self) -> int:
        return self._evaluate(
            "[...document.querySelectorAll('#client_hub_archive [type=date]')]"
            ".filter(input => input.checkVisibility()).length"
        )

    def test_three_ticked_on_the_statement(self) -> None:
        with self._browser(login="archive_portal"):
            self._open_page("/my/statement")
            for invoice_id in self.sent_ids:
                self._click(TICK % invoice_id)
            self._click("[formaction='/my/invoices/download']")
            self.assertEqual(self._read_download(), self.wanted)
