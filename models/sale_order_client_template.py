from __future__ import annotations

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _send_order_notification_mail(
        self, mail_template: models.BaseModel, allow_deferred_sending: bool = True
    ) -> None:
        """EXTENDS sale: a mail that fails undoes neither confirmation nor payment."""
        with self.env["client.hub.unsent.mail"]._contained(self):
            return super()._send_order_notification_mail(
                mail_template, allow_deferred_sending=allow_deferred_sending
            )
