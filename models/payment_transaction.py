from __future__ import annotations

from typing import Any

from odoo import api, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> PaymentTransaction:
        """EXTENDS payment: a saved card pays only with a code."""
        if any(vals.get("token_id") for vals in vals_list):
            self.env["client.hub.access.session"]._require_code()
        return super().create(vals_list)
