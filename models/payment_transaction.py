from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> PaymentTransaction:
        """EXTENDS payment: a saved card pays only with a code.

        :raise UserError: for a client who came by a link and typed none, and for
            whoever is not signed in, lest it be enough to leave the link's session
        """
        if any(vals.get("token_id") for vals in vals_list):
            self.env["client.hub.access.session"]._require_code()
        # Not so what providers report, which is nobody's session either.
        by_hand = any(vals.get("operation") == "online_token" for vals in vals_list)
        if by_hand and request and self.env.user._is_public():
            raise UserError(
                self.env._("Please sign in to pay with a saved card, or use another.")
            )
        return super().create(vals_list)
