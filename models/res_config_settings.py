from __future__ import annotations

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_hub_warn_overdue = fields.Boolean(
        related="company_id.client_hub_warn_overdue", readonly=False
    )
    client_hub_mail_receipts = fields.Boolean(
        related="company_id.client_hub_mail_receipts", readonly=False
    )
    client_hub_archive_legal_pdf = fields.Boolean(
        related="company_id.client_hub_archive_legal_pdf", readonly=False
    )
    client_hub_takeover_available = fields.Boolean(
        compute="_compute_client_hub_takeover_available"
    )

    def _compute_client_hub_takeover_available(self) -> None:
        self.client_hub_takeover_available = "res.partner.id_number" in self.env
