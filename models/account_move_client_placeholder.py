from __future__ import annotations

from markupsafe import Markup

from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "client.hub.placeholder"]

    @api.model
    def _get_client_placeholders(self) -> tuple[str, ...]:
        """EXTENDS client_hub: what invoices and credit notes have."""
        return (
            "number",
            "date",
            "due_date",
            "amount",
            "open_amount",
            "reference",
            *super()._get_client_placeholders(),
        )

    @api.depends(
        "name",
        "partner_id",
        "invoice_date",
        "invoice_date_due",
        "amount_total",
        "amount_residual",
        "currency_id",
        "ref",
        "invoice_user_id",
    )
    def _compute_client_placeholders(self) -> None:
        return super()._compute_client_placeholders()

    def _get_client_placeholder_values(self) -> dict[str, str | Markup]:
        """EXTENDS client_hub: amounts are those of the document, in its currency."""
        return super()._get_client_placeholder_values() | {
            "number": self.name,
            "date": self._format_client_date(self.invoice_date),
            "due_date": self._format_client_date(self.invoice_date_due),
            "amount": self._format_client_amount(self.amount_total, self.currency_id),
            "open_amount": self._format_client_amount(
                self.amount_residual, self.currency_id
            ),
            "reference": self.ref,
            "salesperson": self.invoice_user_id.name,
        }
