from __future__ import annotations

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_hub_ticket_alias_name = fields.Char(
        related="company_id.client_hub_ticket_alias_name", readonly=False
    )
    client_hub_ticket_alias_domain = fields.Char(
        related="company_id.alias_domain_id.name",
        string="Domain of the Support Address",
    )
