from __future__ import annotations

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_client_identifier_lines(self) -> list[dict[str, str]]:
        """Return the ``{"label", "number"}`` rows printed below the client's address.

        Core prints the VAT number there itself.
        """
        self.ensure_one()
        snapshot = self.partner_id._get_client_identifier_snapshot()
        return self.env["client.hub.identifier"]._from_snapshot(snapshot["lines"])
