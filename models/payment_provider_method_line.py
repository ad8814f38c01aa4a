from __future__ import annotations

from odoo import models
from odoo.tools import SQL


class PaymentProvider(models.Model):
    """Has one payment method in its journal, also if two payments arrive at once."""

    _inherit = "payment.provider"

    def _ensure_payment_method_line(self, allow_create: bool = True) -> None:
        """EXTENDS account_payment: two requests at once make one line, not two.

        Odoo makes the line when a payment first needs it, and can book none any more
        once there are two.
        """
        if self.code == "stripe" and isinstance(self.id, int):
            # The second one fails here, and Odoo tries its request again.
            self.env.cr.execute(
                SQL(
                    "UPDATE payment_provider SET write_date = write_date WHERE id = %s",
                    self.id,
                ),
                log_exceptions=False,
            )
        return super()._ensure_payment_method_line(allow_create)
