from __future__ import annotations

from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    client_dispute_ids = fields.One2many(
        "client.hub.stripe.dispute",
        "transaction_id",
        string="Disputes",
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    def _get_disputed_amount(self) -> float:
        """Return what must not be refunded: it is being taken back, or was."""
        # Captures have none of their own.
        disputes = self._get_root().client_dispute_ids
        if disputes.filtered("is_open"):
            return self.amount
        lost = disputes.filtered(lambda one: one.status == "lost")
        return sum(lost.mapped("amount"))
