"""What the tests of a VAT number that changed after posting share."""

from __future__ import annotations

from typing import Any

from lxml import html

from odoo import Command
from odoo.tests import Form

from odoo.addons.client_hub.models.account_move_send import VAT_QUESTION

from .document_common import NEW_VAT, VAT, DocumentCommon, text_of

OTHER_VAT = "FR61954506077"
SEND = "account.move.send"
ALL_FILES = {"pdf", "ubl", "factur-x"}


class VatChangeCommon(DocumentCommon):
    """An invoice fit for UBL, whose client gets another VAT number after posting."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company.write(
            {
                "vat": "BE0477472701",
                "country_id": cls.env.ref("base.be").id,
                "street": "Rue du Pont 1",
                "city": "Namur",
                "zip": "5000",
                "email": "company@example.com",
                "phone": "+32 81 00 00 00",
            }
        )
        # Factur-X asks for an account to pay to.
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "BE15001559627230",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.set_format("ubl_bis3")
        cls.invoice = cls.make_taxed_invoice()

    @classmethod
    def set_format(cls, edi_format: str | None) -> None:
        clients = cls.client | cls.client_de
        clients.write(
            {"invoice_edi_format": edi_format, "invoice_sending_method": "email"}
        )

    @classmethod
    def make_taxed_invoice(cls, partner: Any = None, **vals: Any) -> Any:
        """UBL refuses lines without a tax."""
        line = {
            "name": "Work",
            "price_unit": 100.0,
            "tax_ids": [Command.set(cls.tax_sale_a.ids)],
        }
        return cls.make_invoice(
            partner, invoice_line_ids=[Command.create(line)], **vals
        )

    def wizard_of(self, invoices: Any) -> Any:
        """Open the wizard that sends invoices, as somebody who may only invoice."""
        self.reread(invoices)
        model = f"{SEND}.batch.wizard" if len(invoices) > 1 else f"{SEND}.wizard"
        wizards = self.env[model].with_user(self.biller)
        return wizards.with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({})

    def send(self, invoice: Any) -> None:
        """Send an invoice, after asserting that nothing is asked."""
        wizard = self.wizard_of(invoice)
        self.assertNotIn(VAT_QUESTION, wizard.alerts or {})
        wizard.action_send_and_print()
        self.reread(invoice)
        self.assertTrue(invoice.is_move_sent)

    def asks(self, invoice: Any) -> bool:
        """Tell whether the wizard asks which number is right."""
        return VAT_QUESTION in (self.wizard_of(invoice).alerts or {})

    def question_of(self, invoice: Any) -> Any:
        """Follow the alert to the dialog that asks."""
        alert = self.wizard_of(invoice).alerts[VAT_QUESTION]
        action = alert["action"]
        questions = self.env[action["res_model"]].with_user(self.biller)
        return Form(questions.with_context(**action["context"])).save()

    def keep(self, invoice: Any) -> None:
        """Decide to keep the number of the document."""
        action = self.question_of(invoice).action_keep()
        self.assertEqual(action["res_model"], f"{SEND}.wizard")

    def files_of(self, invoice: Any) -> dict[str, str]:
        """Return the text of each file generated for the invoice, by its kind."""
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        )
        cii = attachments.filtered(lambda file: file.name == "factur-x.xml")
        files = {
            "pdf": invoice.invoice_pdf_report_id,
            "ubl": invoice.ubl_cii_xml_id,
            "factur-x": cii,
        }
        return {kind: file.raw.decode() for kind, file in files.items() if file}

    def assert_files_name(self, invoice: Any, vat: str, kinds: set[str]) -> None:
        """Assert that these files exist, and name this VAT number and no other."""
        files = self.files_of(invoice)
        self.assertEqual(set(files), kinds)
        for kind, text in files.items():
            with self.subTest(kind=kind):
                self.assertIn(vat, text)
                for other in {VAT, NEW_VAT, OTHER_VAT} - {vat}:
                    self.assertNotIn(other, text)
        self.assert_printed_once(vat, text_of(html.fromstring(files["pdf"])))

    def assert_nothing_went_out(self, invoice: Any) -> None:
        self.reread(invoice)
        self.assertFalse(invoice.is_move_sent)
        self.assertEqual(self.files_of(invoice), {})
        self.assertFalse(invoice.message_ids.partner_ids)
        self.assertFalse(invoice.message_ids.attachment_ids)
