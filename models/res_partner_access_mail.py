from __future__ import annotations

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_access_link_client(self) -> models.BaseModel:
        """EXTENDS client_hub: a neutral link to a contact leads to the portal."""
        self.ensure_one()
        return self.commercial_partner_id
