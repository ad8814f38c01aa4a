"""What the tests of printed, frozen and sent documents share."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

from lxml import html
from PyPDF2 import PdfReader

from odoo import Command
from odoo.tests import HttpCase

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import ClientHubCommon

VAT = "FR40303265045"
NEW_VAT = "FR23334175221"
SIREN = ("FR_SIREN", "303 265 045")
EORI = ("EORI", "FR30326504500010")
GLN = ("EAN_GLN", "4012345000009")
ROWS = ["SIREN: 303 265 045", f"EORI: {EORI[1]}", f"GLN: {GLN[1]}"]
LINES = [
    {"scheme": scheme, "label": "", "number": number}
    for scheme, number in (SIREN, EORI, GLN)
]
SNAPSHOT = {"vat": VAT, "lines": LINES}

INVOICE = "account.account_invoices"
ORDER = "sale.action_report_saleorder"
PRO_FORMA = "sale.action_report_pro_forma_invoice"
RECEIPT = "account.action_report_payment_receipt"


class DocumentCommon(ClientHubCommon, AccountTestInvoicingCommon):
    """A French client with a VAT number and three identifiers, and who invoices it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        address = {"street": "18 rue des Archives", "city": "Paris", "zip": "75004"}
        cls.client = cls.client_fr
        cls.client.write({**address, "vat": VAT, "email": "client@example.com"})
        cls.contact = cls.contact_fr
        cls.siren = cls._create_identifier(cls.client, *SIREN, sequence=1)
        cls.eori = cls._create_identifier(cls.client, *EORI, sequence=2)
        cls.gln = cls._create_identifier(cls.client, *GLN, sequence=3)
        cls.biller = cls._create_user(
            "hub_biller",
            "account.group_account_invoice",
            email="biller@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.salesman = cls._create_user(
            "hub_salesman",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # ------------------------------------------------------------ documents

    @classmethod
    def invoice_vals(
        cls,
        partner: Any = None,
        move_type: str = "out_invoice",
        amount: float = 100.0,
        **vals: Any,
    ) -> dict[str, Any]:
        """Return the values of an invoice of one line without taxes.

        :param amount: total in the invoice's currency
        """
        line = {"name": "Work", "price_unit": amount, "tax_ids": [Command.clear()]}
        return {
            "move_type": move_type,
            "partner_id": (partner or cls.client).id,
            "invoice_date": "2024-05-06",
            "invoice_line_ids": [Command.create(line)],
            **vals,
        }

    @classmethod
    def make_invoice(cls, partner: Any = None, post: bool = True, **vals: Any) -> Any:
        """Create an invoice as :meth:`invoice_vals` describes it, and post it."""
        vals = cls.invoice_vals(partner, **vals)
        invoice = cls.env["account.move"].create(vals)
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def make_order(cls, partner: Any = None, **vals: Any) -> Any:
        """Create a quotation of one line without taxes."""
        line = {
            "product_id": cls.product_a.id,
            "price_unit": 100.0,
            "tax_ids": [Command.clear()],
        }
        orders = cls.env["sale.order"].with_user(cls.salesman)
        return orders.create(
            {
                "partner_id": (partner or cls.client).id,
                "order_line": [Command.create(line)],
                **vals,
            }
        )

    def reread(self, record: Any) -> Any:
        """Return the record as the next request finds it in the database."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record

    # ------------------------------------------------------------ printing

    def render(self, records: Any, report: str = INVOICE, user: Any = None) -> Any:
        """Return the printed page as a tree, printed by somebody of the lowest rank."""
        rank = self.salesman if records._name == "sale.order" else self.biller
        self.reread(records)
        reports = self.env["ir.actions.report"].with_user(user or rank)
        content, _kind = reports._render_qweb_html(report, records.ids)
        return html.fromstring(content.decode())

    def printed_rows(self, records: Any, report: str = INVOICE) -> list[str]:
        """Return the rows that the add-on prints, each as "label: number"."""
        return rows_of(self.render(records, report))

    def printed_text(self, records: Any, report: str = INVOICE) -> str:
        """Return all words on the page."""
        return text_of(self.render(records, report))

    def assert_printed_once(self, number: str, text: str) -> None:
        """Assert that ``text`` names the number exactly once."""
        self.assertEqual(text.count(number), 1, f"{number} in {text}")


class PdfCommon(DocumentCommon, HttpCase):
    """Prints with wkhtmltopdf, which fetches the style sheets from Odoo."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # Here, so that they are not made again in each test.
        for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
            cls.env["ir.qweb"]._get_asset_bundle(
                bundle, js=False, autoprefix=True
            ).css()

    def render_pdf(self, records: Any, report: str = INVOICE) -> list[str]:
        """Return the words of each page of the PDF."""
        reports = self.env["ir.actions.report"].with_user(self.biller)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(report, records.ids)
        self.assertEqual(kind, "pdf")
        return pdf_pages(content)


def rows_of(page: Any) -> list[str]:
    """Return the rows of the add-on on a page."""
    return [text_of(row) for row in page.find_class("o_client_hub_identifier")]


def text_of(node: Any) -> str:
    """Return the words of a node, separated by single spaces."""
    return " ".join(node.text_content().split())


def pdf_pages(content: bytes) -> list[str]:
    """Return the words of each page of a PDF, separated by single spaces."""
    pages = PdfReader(io.BytesIO(content)).pages
    return [plain(page.extract_text()) for page in pages]


def plain(text: str) -> str:
    """Return a text as the tests compare it with that of a PDF.

    In Chinese fonts one glyph serves several characters, and a PDF knows the glyph.
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())
