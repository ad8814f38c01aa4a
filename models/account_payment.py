from __future__ import annotations

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _get_client_identifier_lines(self) -> list[dict[str, str]]:
        """Return the ``{"label", "number"}`` rows of the payment receipt.

        Core's receipt prints no VAT number, so it is the first row here.
        """
        self.ensure_one()
        if self.partner_type != "customer" or not self.partner_id:
            return []
        snapshot = self.partner_id._get_client_identifier_snapshot()
        identifiers = self.env["client.hub.identifier"]
        rows = identifiers._from_snapshot(snapshot["lines"])
        if snapshot["vat"]:
            rows.insert(0, identifiers._get_vat_row(snapshot["vat"], self.company_id))
        return rows
