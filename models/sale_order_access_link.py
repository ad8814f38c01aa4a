from __future__ import annotations

from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "client.hub.view.mixin"]

    _client_access_links = True

    def _get_access_link_client(self) -> models.BaseModel:
        """EXTENDS client_hub: clients get links to their quotations and orders."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id
