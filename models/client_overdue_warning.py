from __future__ import annotations

from odoo import api, fields, models

from .res_partner_client_360 import GROUPS


class ClientHubOverdueWarning(models.AbstractModel):
    """Warns on a document being written that its client owes overdue amounts."""

    _name = "client.hub.overdue.warning"
    _description = "Warning of Overdue Clients"

    client_overdue_warning = fields.Char(
        compute="_compute_client_overdue_warning", groups=GROUPS
    )

    @api.depends("partner_id", "company_id", "state")
    @api.depends_context("lang", "uid")
    def _compute_client_overdue_warning(self) -> None:
        for document in self:
            company = document.company_id
            client = document.partner_id.with_company(company)
            document.client_overdue_warning = (
                company.client_hub_warn_overdue
                and document._is_new_client_work()
                and client.client_overdue > 0
                and client.client_verdict
            )

    def _is_new_client_work(self) -> bool:
        """Tell whether this document is work for a client, not yet agreed on."""
        self.ensure_one()
        return self.state in ("draft", "sent")
