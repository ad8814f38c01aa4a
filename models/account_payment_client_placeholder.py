from __future__ import annotations

from markupsafe import Markup

from odoo import api, models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "client.hub.placeholder"]

    @api.model
    def _get_client_placeholders(self) -> tuple[str, ...]:
        """EXTENDS client_hub: what payments have."""
        return (
            "number",
            "date",
            "amount",
            "invoices",
            "reference",
            *super()._get_client_placeholders(),
        )

    @api.depends(
        "name",
        "partner_id",
        "date",
        "amount",
        "currency_id",
        "memo",
        "reconciled_invoice_ids",
    )
    def _compute_client_placeholders(self) -> None:
        return super()._compute_client_placeholders()

    def _get_client_placeholder_values(self) -> dict[str, str | Markup]:
        """EXTENDS client_hub: name the invoices that the payment is matched with."""
        invoices = self.reconciled_invoice_ids | self.invoice_ids
        return super()._get_client_placeholder_values() | {
            "number": self.name,
            "date": self._format_client_date(self.date),
            "amount": self._format_client_amount(self.amount, self.currency_id),
            "invoices": ", ".join(
                invoice.name for invoice in invoices.sorted("id") if invoice.name
            ),
            "reference": self.memo,
            "salesperson": self.partner_id.user_id.name,
        }
