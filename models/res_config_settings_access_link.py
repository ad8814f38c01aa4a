from __future__ import annotations

from odoo import fields, models

from .access_event import RETENTION_DAYS, RETENTION_PARAM


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_hub_link_days = fields.Integer(
        related="company_id.client_hub_link_days", readonly=False
    )
    client_hub_link_days_after_due = fields.Integer(
        related="company_id.client_hub_link_days_after_due", readonly=False
    )
    client_hub_link_mode = fields.Selection(
        related="company_id.client_hub_link_mode", readonly=False
    )
    client_hub_portal_visibility = fields.Selection(
        related="company_id.client_hub_portal_visibility", readonly=False
    )
    client_hub_access_retention_days = fields.Integer(
        string="Keep addresses and browsers",
        config_parameter=RETENTION_PARAM,
        default=RETENTION_DAYS,
    )
