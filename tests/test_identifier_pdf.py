from __future__ import annotations

from typing import Any
from unittest.mock import patch

from lxml import html

from odoo.tests import tagged

from .document_common import (
    GLN,
    ROWS,
    VAT,
    PdfCommon,
    pdf_pages,
    plain,
    rows_of,
    text_of,
)


@tagged("post_install", "-at_install")
class TestIdentifierPdf(PdfCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.portal_user = cls._create_user(
            "hub_portal_print",
            "base.group_portal",
            password="hub_portal_print",
            partner_id=cls.contact.id,
        )
        cls.invoice = cls.make_invoice(cls.contact)
        cls.foreign = cls.make_invoice(cls.client_de)

    def open_invoice(self, invoice: Any, query: str) -> Any:
        """Open the portal's page of an invoice as the client's contact."""
        self.reread(invoice)
        self.authenticate("hub_portal_print", "hub_portal_print")
        return self.url_open(f"/my/invoices/{invoice.id}?{query}", timeout=60)

    def test_pdf_shows_all_numbers_and_header_and_footer(self) -> None:
        self.company.report_header = "Work of all kinds"
        (page,) = self.render_pdf(self.invoice)
        for text in (VAT, *ROWS, "Work of all kinds", self.invoice.name, "Page 1 / 1"):
            self.assertIn(text, page)
        self.assert_printed_once(VAT, page)

    def test_pdf_in_chinese_shows_all_numbers(self) -> None:
        self.client.lang = self.contact.lang = "zh_CN"
        (page,) = self.render_pdf(self.invoice)
        label = self.gln.with_context(lang="zh_CN")._get_label()
        self.assertIn(plain(f"{label}: {GLN[1]}"), page)

    def test_portal_page_shows_the_numbers(self) -> None:
        response = self.open_invoice(self.invoice, "report_type=html")
        self.assertEqual(response.status_code, 200)
        page = html.fromstring(response.text)
        self.assertEqual(rows_of(page), ROWS)
        self.assert_printed_once(VAT, text_of(page))

    def test_portal_pdf_shows_the_numbers(self) -> None:
        reports = self.env.registry["ir.actions.report"]
        render = reports._render_qweb_pdf

        def really_render(self: Any, *args: Any, **kwargs: Any) -> Any:
            # Tests get HTML instead of a PDF otherwise.
            forced = self.with_context(force_report_rendering=True)
            return render(forced, *args, **kwargs)

        with patch.object(reports, "_render_qweb_pdf", really_render):
            response = self.open_invoice(self.invoice, "report_type=pdf")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        (page,) = pdf_pages(response.content)
        for row in ROWS:
            self.assertIn(row, page)

    def test_portal_user_sees_no_invoice_of_others(self) -> None:
        response = self.open_invoice(self.foreign, "report_type=html")
        self.assertTrue(response.url.endswith("/my"), response.url)
        self.assertNotIn(self.foreign.name, response.text)
