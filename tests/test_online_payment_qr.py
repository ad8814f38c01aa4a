from __future__ import annotations

import io
from typing import Any

import qrcode
from PIL import Image
from PyPDF2 import PdfReader

from odoo.tests import tagged

from .document_common import PdfCommon
from .stripe_standin import StripeStandin

NAME = "client_hub_pay"
_BORDER = 4


@tagged("post_install", "-at_install")
class TestOnlinePaymentQr(PdfCommon):
    """The code on the paper that opens the page on which an invoice is paid."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", "True"
        )
        standin = StripeStandin()
        template = cls.env.ref("payment.payment_provider_stripe").sudo()
        cls.provider = template.copy({"company_id": cls.company.id})
        cls.provider.write(
            {
                "stripe_secret_key": standin.secret_key,
                "stripe_publishable_key": standin.publishable_key,
                "state": "test",
                "is_published": True,
            }
        )
        cls.company.client_hub_pay_qr = True
        cls.invoice = cls.make_invoice()

    def _codes(self, invoice: Any) -> list[Any]:
        return self.render(invoice).xpath(f"//*[@name='{NAME}']")

    def test_open_invoice_has_the_code(self) -> None:
        [block] = self._codes(self.invoice)
        [image] = block.xpath(".//img")
        self.assertTrue(image.get("src").startswith("data:image/png;base64,"))
        self.assertIn("what is left to pay", block.text_content())

    def test_code_in_the_pdf_is_the_link(self) -> None:
        url = f"{self.base_url()}{self.invoice._get_client_pay_path()}"
        self.assertEqual(self.invoice.get_base_url(), self.base_url())
        reports = self.env["ir.actions.report"].with_user(self.biller)
        content, _kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("account.account_invoices", self.invoice.ids)
        [page] = PdfReader(io.BytesIO(content)).pages
        code = qrcode.QRCode(border=_BORDER)
        code.add_data(url)
        expected = code.get_matrix()
        pictures = [Image.open(io.BytesIO(image.data)) for image in page.images]
        found = [self._read(picture, len(expected)) for picture in pictures]
        self.assertIn(expected, found)

    def _read(self, picture: Any, size: int) -> list[list[bool]]:
        """Return which modules of a picture of so many are dark."""
        grey = picture.convert("L").resize((size, size), Image.Resampling.BOX)
        return [
            [grey.getpixel((column, row)) < 128 for column in range(size)]
            for row in range(size)
        ]

    def test_code_stays_the_same_after_a_part_payment(self) -> None:
        before = self.invoice._get_client_pay_qr()
        self._register_payment(self.invoice, amount=40.0)
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertEqual(self.invoice._get_client_pay_qr(), before)

    def test_never_on_what_is_not_to_be_paid(self) -> None:
        paid, cancelled = self.make_invoice(), self.make_invoice()
        self._register_payment(paid)
        cancelled.button_cancel()
        blocked = self.make_invoice()
        blocked.action_toggle_block_payment()
        moves = [
            paid,
            cancelled,
            blocked,
            self.make_invoice(post=False),
            self.make_invoice(move_type="out_refund"),
            self.make_invoice(move_type="in_invoice"),
            self.make_invoice(move_type="out_receipt"),
        ]
        for move in moves:
            with self.subTest(move.move_type, state=move.payment_state):
                self.assertEqual(move._get_client_pay_qr(), "")
                self.assertFalse(self._codes(move))

    def test_never_unless_the_company_wants_it(self) -> None:
        self.company.client_hub_pay_qr = False
        self.assertFalse(self._codes(self.invoice))

    def test_never_where_it_leads_to_nothing(self) -> None:
        self.provider.is_published = False
        self.assertFalse(self._codes(self.invoice))

    def test_core_s_code_is_left_out_where_ours_is(self) -> None:
        self.company.link_qr_code = True
        core = "//div[@id='payment_link_qrcode']"
        self.assertFalse(self.render(self.invoice).xpath(core))
        self.company.client_hub_pay_qr = False
        self.assertTrue(self.render(self.invoice).xpath(core))
