from __future__ import annotations

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    client_hub_warn_overdue = fields.Boolean(
        string="Warn of overdue clients",
        default=True,
        groups="base.group_user",
        help="Warn on a new estimate or invoice of a client who owes overdue amounts.",
    )
