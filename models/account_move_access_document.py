from __future__ import annotations

from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "client.hub.access.document"]
