"""What the tests of the archives of invoices share."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

from odoo import Command
from odoo.http import Request

from .document_common import PdfCommon

PDF = b"%PDF-1.4 legal "


class InvoiceArchiveCommon(PdfCommon):
    """Two clients with portal users; invoices with and without a legal PDF."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.archives = cls.env["client.hub.invoice.archive"]
        # Threads would wait for the one cursor that all of a test share.
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("client_hub.archive_processes", 1)
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.portal_user = cls._create_user(
            "archive_portal",
            "base.group_portal",
            partner_id=cls.contact.id,
            **company,
        )
        cls.stranger = cls._create_user(
            "archive_stranger",
            "base.group_portal",
            partner_id=cls._create_partner(name="X", parent_id=cls.client_de.id).id,
            email="stranger@example.com",
            **company,
        )
        cls.sent = cls._create_sent() + cls._create_sent(invoice_date="2026-02-01")
        cls.never_sent = cls.make_invoice()
        cls.foreign = cls._create_sent(partner=cls.client_de)

    def setUp(self) -> None:
        super().setUp()
        # Else Odoo answers HTML instead of PDF in tests.
        reports = self.registry["ir.actions.report"]
        original = reports._pre_render_qweb_pdf

        def render(records: Any, *args: Any, **kwargs: Any) -> Any:
            records = records.with_context(force_report_rendering=True)
            return original(records, *args, **kwargs)

        self.patch(reports, "_pre_render_qweb_pdf", render)

    @classmethod
    def _create_sent(cls, **vals: Any) -> Any:
        invoice = cls.make_invoice(**vals)
        content = base64.b64encode(PDF + invoice.name.encode())
        invoice.invoice_pdf_report_file = content
        return invoice

    def _post(self, path: str, **data: Any) -> Any:
        token = Request.csrf_token(self)
        return self.url_open(path, data={"csrf_token": token, **data})

    def _download(self, *invoices: Any, **data: Any) -> Any:
        ids = [getattr(invoice, "id", invoice) for invoice in invoices]
        return self._post("/my/invoices/download", invoice_ids=ids, **data)

    def _open(self, response: Any) -> zipfile.ZipFile:
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        self.assertEqual(int(response.headers["Content-Length"]), len(response.content))
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        self.assertIsNone(archive.testzip())
        return archive

    def _read_notes(self, archive: zipfile.ZipFile) -> str:
        return archive.read("_notes.txt").decode("utf-8-sig")
