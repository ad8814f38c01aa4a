from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from odoo.tests import tagged

from .browser_common import BrowserMixin
from .invoice_archive_common import PDF, InvoiceArchiveCommon

TICK = "input[name='invoice_ids'][value='%s']"


@tagged("post_install", "-at_install")
class TestInvoiceArchiveBrowser(BrowserMixin, InvoiceArchiveCommon):
    """A client ticks, downloads and opens, in Chromium."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # Chromium saves what it is sent; the PDFs of three are told apart by content.
        cls.sent += cls._create_sent(invoice_date="2026-03-01")
        cls.wanted = sorted(PDF + name.encode() for name in cls.sent.mapped("name"))

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.sent_ids = self.sent.ids

    def _open_page(self, path: str) -> None:
        self._send(
            "Browser.setDownloadBehavior",
            behavior="allow",
            downloadPath=str(self.folder),
        )
        self._open(path)
        # The box in the head works once the page's scripts run.
        self._wait_for("odoo.isReady === true")

    def _get_download(self) -> Path:
        self._wait_until(lambda: [*self.folder.glob("*.zip"), *self._get_pdfs()])
        [file] = [*self.folder.glob("*.zip"), *self._get_pdfs()]
        return file

    def _get_pdfs(self) -> list[Path]:
        return [*self.folder.glob("*.pdf")]

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
            self._send(
                "Browser.setDownloadBehavior",
                behavior="allow",
                downloadPath=str(self.folder),
            )
            self._open("/my/invoices")
            self._wait_until(lambda: self._has(TICK % self.sent_ids[0]))
            self._click(TICK % self.sent_ids[0])
            self._click("#client_hub_archive button[type='submit']")
            self.assertEqual(self._get_download().suffix, ".pdf")

    def test_box_in_the_head_ticks_the_page(self) -> None:
        with self._browser(login="archive_portal"):
            for page in ("/my/invoices", "/my/statement"):
                self._open_page(page)
                self._click(".o_client_hub_tick_all")
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
