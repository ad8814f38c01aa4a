from __future__ import annotations

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_hub_pay_partial = fields.Boolean(
        related="company_id.client_hub_pay_partial", readonly=False
    )
    client_hub_pay_qr = fields.Boolean(
        related="company_id.client_hub_pay_qr", readonly=False
    )
    client_hub_pay_minutes = fields.Selection(
        related="company_id.client_hub_pay_minutes", readonly=False
    )
