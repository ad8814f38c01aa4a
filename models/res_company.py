from __future__ import annotations

from odoo import api, fields, models


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
    client_hub_receipts_since = fields.Datetime(
        string="Payment receipts by e-mail since",
        groups="base.group_user",
        help="Payments created from then on are acknowledged; empty means none.",
    )
    client_hub_mail_receipts = fields.Boolean(
        string="Payment receipts by e-mail",
        compute="_compute_client_hub_mail_receipts",
        inverse="_inverse_client_hub_mail_receipts",
        groups="base.group_user",
    )

    @api.depends("client_hub_receipts_since")
    def _compute_client_hub_mail_receipts(self) -> None:
        for company in self:
            company.client_hub_mail_receipts = bool(company.client_hub_receipts_since)

    def _inverse_client_hub_mail_receipts(self) -> None:
        """Remember the moment, so that no earlier payment is acknowledged."""
        for company in self:
            wanted = company.client_hub_mail_receipts
            if wanted != bool(company.client_hub_receipts_since):
                company.client_hub_receipts_since = wanted and fields.Datetime.now()
