from __future__ import annotations

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_hub_links_by_company_servers = fields.Boolean(
        related="company_id.client_hub_links_by_company_servers", readonly=False
    )
    client_hub_links_are_kept = fields.Boolean(
        compute="_compute_client_hub_links_are_kept"
    )

    @api.depends("company_id")
    def _compute_client_hub_links_are_kept(self) -> None:
        for settings in self:
            servers = self.env["ir.mail_server"].with_company(settings.company_id)
            settings.client_hub_links_are_kept = servers._client_hub_links_are_kept()

    def action_client_hub_revoke_all(self) -> None:
        """Kill all links of the user's companies.

        :raise AccessError: for all but managers of Client Hub
        """
        self.env["client.hub.access.link"].action_revoke_all()
