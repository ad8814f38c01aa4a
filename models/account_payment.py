from __future__ import annotations

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # What was received from a client, by date.
    _client_hub_received_idx = models.Index(
        "(partner_id, date) INCLUDE (id, company_id, amount_company_currency_signed,"
        " move_id, is_reconciled, state)"
        " WHERE partner_type = 'customer' AND state IN ('in_process', 'paid')"
    )

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
