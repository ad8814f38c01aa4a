from __future__ import annotations

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    _client_access_links = True

    def _get_access_link_client(self) -> models.BaseModel:
        """EXTENDS client_hub: clients get links to the receipts of their payments."""
        self.ensure_one()
        if self.partner_type == "customer":
            return self.partner_id.commercial_partner_id
        return super()._get_access_link_client()
