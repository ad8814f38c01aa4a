from __future__ import annotations

from typing import Any

from odoo import fields, models

from .statement_run import INTERVALS


class ResCompany(models.Model):
    _inherit = "res.company"

    client_hub_statement_interval = fields.Selection(
        INTERVALS,
        string="Send account statements",
        default="none",
        required=True,
        groups="base.group_user",
        help="To each client with entries in the last month or quarter, or a balance.",
    )
    client_hub_statement_since = fields.Date(
        groups="base.group_user",
        help="Periods that ended before are not sent automatically.",
    )

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS base: who chooses automatic statements wants none of the past."""
        interval = vals.get("client_hub_statement_interval")
        if interval and "client_hub_statement_since" not in vals:
            changed = self.filtered(
                lambda company: company.client_hub_statement_interval != interval
            )
            for company in changed:
                figures = self.env["client.hub.figure"].with_company(company)
                company.client_hub_statement_since = figures._get_today()
        return super().write(vals)
