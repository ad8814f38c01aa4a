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
    client_hub_archive_legal_pdf = fields.Boolean(
        string="Legal PDF in archives",
        groups="base.group_user",
        help="Make the legal PDF of invoices that were never sent, when a client"
        " downloads them; else a pro-forma is put in.",
    )
