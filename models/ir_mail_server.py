from __future__ import annotations

from odoo import api, fields, models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    client_hub_keeps_links = fields.Boolean(
        compute="_compute_client_hub_keeps_links",
        help="Whether copies of mails with working links stay behind in a mailbox.",
    )

    @api.depends("owner_user_id")
    @api.depends_context("company")
    def _compute_client_hub_keeps_links(self) -> None:
        allowed = not self.env.company.client_hub_links_by_company_servers
        for server in self:
            server.client_hub_keeps_links = allowed and bool(server.owner_user_id)

    @api.model
    def _client_hub_links_are_kept(self) -> bool:
        """Tell whether any member of staff sends through a mailbox of their own."""
        # sudo: only administrators may read mail servers.
        servers_sudo = self.sudo().search([("owner_user_id", "!=", False)], limit=1)
        return servers_sudo.client_hub_keeps_links
