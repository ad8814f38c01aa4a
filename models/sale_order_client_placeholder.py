from __future__ import annotations

from markupsafe import Markup

from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "client.hub.placeholder"]

    @api.model
    def _get_client_placeholders(self) -> tuple[str, ...]:
        """EXTENDS client_hub: what estimates and orders have."""
        return (
            "number",
            "date",
            "expiry_date",
            "amount",
            "reference",
            *super()._get_client_placeholders(),
        )

    @api.depends(
        "name",
        "partner_id",
        "date_order",
        "validity_date",
        "amount_total",
        "currency_id",
        "client_order_ref",
        "user_id",
    )
    def _compute_client_placeholders(self) -> None:
        return super()._compute_client_placeholders()

    def _get_client_placeholder_values(self) -> dict[str, str | Markup]:
        """EXTENDS client_hub: the amount includes taxes."""
        return super()._get_client_placeholder_values() | {
            "number": self.name,
            "date": self._format_client_date(self.date_order),
            "expiry_date": self._format_client_date(self.validity_date),
            "amount": self._format_client_amount(self.amount_total, self.currency_id),
            "reference": self.client_order_ref,
            "salesperson": self.user_id.name,
        }
