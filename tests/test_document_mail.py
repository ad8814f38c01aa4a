from __future__ import annotations

import io
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config
from odoo.tools.pdf import OdooPdfFileReader

from .document_common import EORI, GLN, NEW_VAT, SIREN, VAT, PdfCommon, pdf_pages, plain
from .mail_common import InboxMixin

CLIENT = "client@example.com"
NUMBERS = (VAT, SIREN[1], EORI[1], GLN[1])


@tagged("post_install", "-at_install")
class TestDocumentMail(InboxMixin, PdfCommon):
    """Invoices sent with the wizard, through SMTP, to a server that receives them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company.display_invoice_amount_total_words = True
        cls.client.invoice_sending_method = "email"

    def send(self, invoice: Any) -> None:
        """Send an invoice with the wizard, as somebody who may only invoice."""
        self.reread(invoice)
        wizards = self.env["account.move.send.wizard"].with_user(self.biller)
        wizard = wizards.with_context(
            active_model="account.move",
            active_ids=invoice.ids,
            force_report_rendering=True,
        ).create({})
        wizard.action_send_and_print()

    def received(self) -> tuple[EmailMessage, bytes]:
        """Return the only mail that came, and the PDF in it."""
        ((recipients, mail),) = self.inbox.mails
        self.assertEqual(recipients, [CLIENT])
        (pdf,) = (
            part.get_content()
            for part in mail.iter_attachments()
            if part.get_content_type() == "application/pdf"
        )
        return mail, pdf

    def test_client_receives_the_invoice_with_all_numbers(self) -> None:
        invoice = self.make_invoice()
        self.send(invoice)
        mail, pdf = self.received()
        self.assertIn(CLIENT, mail["To"])
        self.assertIn(invoice.name, mail["Subject"])
        (page,) = pdf_pages(pdf)
        for text in (*NUMBERS, invoice.name, "Page 1 / 1", "One Hundred Dollars"):
            with self.subTest(text=text):
                self.assertIn(text, page)

    def test_french_client_receives_the_amount_in_french_words(self) -> None:
        self.client.lang = "fr_FR"
        self.send(self.make_invoice(amount=1234.56))
        (page,) = pdf_pages(self.received()[1])
        for text in (*NUMBERS, "Mille Deux Cent Trente-Quatre", "Page 1 / 1"):
            with self.subTest(text=text):
                self.assertIn(text, page)

    def test_chinese_client_receives_the_amount_in_capitals(self) -> None:
        self.client.lang = "zh_CN"
        self.send(self.make_invoice(amount=1234.56))
        (page,) = pdf_pages(self.received()[1])
        for text in (*NUMBERS, plain("美元壹仟贰佰叁拾肆元伍角陆分")):
            with self.subTest(text=text):
                self.assertIn(text, page)

    def test_changed_vat_number_reaches_nobody_before_the_decision(self) -> None:
        invoice = self.make_invoice()
        self.client.vat = NEW_VAT
        with self.assertRaisesRegex(UserError, NEW_VAT):
            self.send(invoice)
        self.assertFalse(self.inbox.mails)

    def test_kept_vat_number_is_the_one_in_the_file_inside_the_pdf(self) -> None:
        invoice = self.make_invoice()
        self.client.vat = NEW_VAT
        question = self.env["client.hub.vat.change"].with_user(self.biller)
        question.create({"move_id": invoice.id}).action_keep()
        # Core embeds no file in tests otherwise.
        with patch.dict(config.options, test_enable=False):
            self.send(invoice)
        _mail, pdf = self.received()
        files = dict(OdooPdfFileReader(io.BytesIO(pdf)).getAttachments())
        for content in (files["factur-x.xml"].decode(), pdf_pages(pdf)[0]):
            self.assert_printed_once(VAT, content)
            self.assertNotIn(NEW_VAT, content)
