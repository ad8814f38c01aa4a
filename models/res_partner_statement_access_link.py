from __future__ import annotations

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_client_statement_url(self) -> str:
        """EXTENDS: the neutral address, which mails turn into the recipient's link."""
        self.ensure_one()
        client = self.commercial_partner_id
        path = self.env["client.hub.access.link"]._get_document_path(client)
        return f"{self.get_base_url()}{path}"
