from __future__ import annotations

from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "client.hub.access.document"]
