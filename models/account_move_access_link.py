from __future__ import annotations

from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "client.hub.view.mixin"]

    _client_access_links = True

    def _get_access_link_client(self) -> models.BaseModel:
        """EXTENDS client_hub: clients get links to what they were invoiced."""
        self.ensure_one()
        if self.is_sale_document(include_receipts=True):
            return self.commercial_partner_id
        return super()._get_access_link_client()

    def _get_model_description(self, model_name: str) -> str:
        """EXTENDS mail: no client knows what a journal entry is."""
        if len(self) == 1 and self.is_sale_document(include_receipts=True):
            return self.type_name
        return super()._get_model_description(model_name)
