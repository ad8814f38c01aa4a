from __future__ import annotations

import base64
import io

import qrcode

from odoo import api, fields, models
from odoo.tools.image import image_data_uri
from odoo.tools.urls import urljoin

from .res_partner_client_360 import GROUPS

# Pixels of a module, and modules of white around: what scanners ask for.
_QR_BOX = 6
_QR_BORDER = 4
_OPEN_STATES = ("not_paid", "partial")


class AccountMove(models.Model):
    """Invoices that are paid online, and the code on paper that opens the page."""

    _inherit = "account.move"

    client_pay_state = fields.Selection(
        [
            ("processing", "Being Processed"),
            ("authorized", "Authorised"),
            ("disputed", "Disputed"),
        ],
        string="Online Payment",
        compute="_compute_client_pay_state",
        groups=GROUPS,
        help="An online payment that has not ended yet; its transactions say more.",
    )

    @api.depends("transaction_ids.state", "transaction_ids.is_post_processed")
    def _compute_client_pay_state(self) -> None:
        payments = self.env["client.hub.online.payment"]
        # sudo: whoever sees documents may know whether they are being paid.
        moves_sudo = self.sudo()
        busy, held = payments._get_busy(moves_sudo), moves_sudo._get_client_held()
        disputed = moves_sudo._get_client_disputed()
        for move, move_sudo in zip(self, moves_sudo, strict=True):
            move.client_pay_state = (
                (move_sudo in disputed and "disputed")
                or (move_sudo in held and "authorized")
                or (move_sudo in busy and "processing")
            )

    def _get_client_held(self) -> models.BaseModel:
        """Return those of these documents for which money is held at the bank."""
        return self.filtered(
            lambda move: "authorized" in move.transaction_ids.mapped("state")
        )

    def _get_client_pay_path(self) -> str:
        """Return the path of the page that takes money for this invoice, from anybody.

        It shows number, due date and what is left to pay, and nothing else.
        """
        self.ensure_one()
        token = self.env["client.hub.online.payment"]._sign("invoice", self.id)
        return f"/my/pay/{self.id}?access_token={token}"

    def _get_client_pay_qr(self) -> str:
        """Return the QR code to print on the invoice as an image, "" for none."""
        self.ensure_one()
        if not self._wants_client_pay_qr():
            return ""
        url = urljoin(self.get_base_url(), self._get_client_pay_path())
        return image_data_uri(base64.b64encode(_make_qr(url)))

    def _wants_client_pay_qr(self) -> bool:
        """Tell whether to print the code: the company wants it, and it leads to a page
        on which the invoice can be paid today."""
        # sudo: whoever prints, the settings and rights of the company decide.
        move_sudo = self.sudo()
        if (
            not move_sudo.company_id.client_hub_pay_qr
            or move_sudo.move_type != "out_invoice"
            or move_sudo.state != "posted"
            or move_sudo.payment_state not in _OPEN_STATES
        ):
            return False
        provider_sudo = self.env["client.hub.online.payment"]._get_provider(
            move_sudo.company_id, move_sudo.currency_id, move_sudo.partner_id
        )
        return provider_sudo.is_published


def _make_qr(text: str) -> bytes:
    """Return a QR code as PNG."""
    code = qrcode.QRCode(box_size=_QR_BOX, border=_QR_BORDER)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image().save(out, format="PNG")
    return out.getvalue()
