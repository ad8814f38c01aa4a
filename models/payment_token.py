from __future__ import annotations

from typing import Any

from odoo import models


class PaymentToken(models.Model):
    _inherit = "payment.token"

    def _get_available_tokens(self, *args: Any, **kwargs: Any) -> PaymentToken:
        """EXTENDS payment: whoever is not signed in is offered no saved card."""
        tokens = super()._get_available_tokens(*args, **kwargs)
        return tokens.browse() if self.env.user._is_public() else tokens
