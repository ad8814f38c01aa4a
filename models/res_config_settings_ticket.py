from __future__ import annotations

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_hub_ticket_assignment = fields.Selection(
        related="company_id.client_hub_ticket_assignment", readonly=False, required=True
    )
