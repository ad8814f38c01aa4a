from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from .document_common import pdf_pages
from .invoice_archive_common import PDF, InvoiceArchiveCommon


@tagged("post_install", "-at_install")
class TestInvoiceArchive(InvoiceArchiveCommon):
    """What a client downloads at once."""

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("archive_portal", "archive_portal")

    def test_stored_pdfs_come_as_they_are(self) -> None:
        archive = self._open(self._download(*self.sent))
        self.assertEqual(
            {name: archive.read(name) for name in archive.namelist()},
            {
                f"{invoice.invoice_date}_{invoice.name.replace('/', '-')}.pdf": PDF
                + invoice.name.encode()
                for invoice in self.sent
            },
        )

    def test_other_programs_open_it(self) -> None:
        content = self._download(*self.sent).content
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "archive.zip")
            path.write_bytes(content)
            subprocess.run(["unzip", "-q", path, "-d", folder], check=True)
            files = {file.read_bytes() for file in Path(folder).glob("*.pdf")}
        self.assertEqual(
            files, {PDF + name.encode() for name in self.sent.mapped("name")}
        )

    def test_name_tells_whose_and_when(self) -> None:
        response = self._download(*self.sent)
        disposition = response.headers["Content-Disposition"]
        for word in (self.company.name, self.client.name, "2024-05-06", "2026-02-01"):
            self.assertIn(word.replace(" ", "%20"), disposition)

    def test_single_document_is_its_pdf(self) -> None:
        invoice = self.sent[0]
        response = self._download(invoice)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertEqual(response.content, PDF + invoice.name.encode())

    def test_single_document_is_a_zip_if_asked(self) -> None:
        archive = self._open(self._download(self.sent[0], as_zip="1"))
        self.assertEqual(len(archive.namelist()), 1)

    def test_never_sent_is_a_pro_forma(self) -> None:
        archive = self._open(self._download(self.sent[0], self.never_sent))
        [name] = [name for name in archive.namelist() if name.endswith("proforma.pdf")]
        [page] = pdf_pages(archive.read(name))
        self.assertIn(self.never_sent.name, page)
        self.assertIn(f"{name}: a pro-forma", self._read_notes(archive))
        self.assertFalse(self.reread(self.never_sent).invoice_pdf_report_file)
        self.assertFalse(self.never_sent.is_move_sent)

    def test_never_sent_gets_its_legal_pdf_by_switch(self) -> None:
        self.company.client_hub_archive_legal_pdf = True
        archive = self._open(self._download(self.sent[0], self.never_sent))
        self.assertNotIn("_notes.txt", archive.namelist())
        stored = self.reread(self.never_sent).invoice_pdf_report_id.raw
        self.assertIn(stored, [archive.read(name) for name in archive.namelist()])
        self.assertTrue(self.never_sent.is_move_sent)

    def test_same_names_are_told_apart(self) -> None:
        first, second = self.sent
        journal = first.journal_id.copy({"code": "SAME"})
        self.env.cr.execute(
            "UPDATE account_move SET name = %s, invoice_date = %s, journal_id = %s"
            " WHERE id = %s",
            [first.name, first.invoice_date, journal.id, second.id],
        )
        archive = self._open(self._download(*self.sent))
        self.assertEqual(
            sorted(archive.namelist()),
            [
                "2024-05-06_INV-2024-00001 (2).pdf",
                "2024-05-06_INV-2024-00001.pdf",
            ],
        )

    def test_lost_file_is_told(self) -> None:
        lost = self.sent[0].invoice_pdf_report_id
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = 'no/file' WHERE id = %s", [lost.id]
        )
        self.env.invalidate_all()
        archive = self._open(self._download(*self.sent))
        self.assertEqual(len(archive.namelist()), 2)
        self.assertRegex(self._read_notes(archive), ".pdf: left out, its file cannot")

    @mute_logger("odoo.addons.client_hub.models.account_move_invoice_archive_pdf")
    def test_broken_document_costs_nobody_else_the_pdf(self) -> None:
        broken = self.make_invoice()
        self.patch(
            self.registry["ir.actions.report"],
            "_pre_render_qweb_pdf",
            _fail_for(broken.id, self.registry["ir.actions.report"]),
        )
        archive = self._open(self._download(broken, self.never_sent, self.sent[0]))
        self.assertEqual(len(archive.namelist()), 3)
        self.assertIn(f"{broken.name}: left out", self._read_notes(archive))

    # ------------------------------------------------------------------ choosing

    def test_open_documents_of_the_statement(self) -> None:
        page = html.fromstring(self.url_open("/my/statement").text)
        [button] = page.xpath("//button[@formaction='/my/invoices/download']")
        [form] = button.xpath("ancestor::form[@method='post']")
        offered = form.xpath(".//input[@name='invoice_ids']/@value")
        mine = self.sent + self.never_sent
        self.assertEqual(sorted(map(int, offered)), sorted(mine.ids))
        ticks = [("invoice_ids", invoice_id) for invoice_id in self.sent.ids]
        response = self.url_open(
            button.get("formaction"), data=[*form.form_values(), *ticks]
        )
        self.assertEqual(len(self._open(response).namelist()), 2)

    def test_all_that_match(self) -> None:
        archive = self._open(self._download(all_matching="1", filterby="all"))
        pdfs = [name for name in archive.namelist() if name.endswith(".pdf")]
        self.assertEqual(len(pdfs), 3)

    def test_period(self) -> None:
        response = self._download(
            period="free", date_from="2026-01-01", date_to="2026-12-31"
        )
        self.assertEqual(response.content, PDF + self.sent[1].name.encode())

    def test_empty_period_is_told(self) -> None:
        days = {"date_from": "2020-01-01", "date_to": "2020-12-31"}
        response = self._download(period="free", **days)
        self.assertEqual(response.status_code, 422)
        self.assertIn("Choose another period", response.text)
        self.assertIn('href="/my/invoices"', response.text)

    def test_wrong_periods_are_told(self) -> None:
        for period, date_from, date_to in (
            ("free", "", ""),
            ("free", "2026-13-01", "2026-12-31"),
            ("free", "2026-12-31", "2026-01-01"),
            ("free", "' OR 1=1", "x" * 5000),
            ("next_year", "", ""),
            ("this_", "", ""),
        ):
            with self.subTest(period=period, date_from=date_from):
                response = self._download(
                    period=period, date_from=date_from, date_to=date_to
                )
                self.assertEqual(response.status_code, 422)
                self.assertIn('role="alert"', response.text)


def _fail_for(move_id: int, model: type) -> object:
    original = model._pre_render_qweb_pdf

    def render(self: object, report: str, res_ids: list[int], data: dict) -> object:
        if move_id in res_ids:
            raise ValueError("broken")
        return original(self, report, res_ids, data)

    return render
