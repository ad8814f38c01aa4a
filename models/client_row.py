from __future__ import annotations

from typing import Any

from odoo import fields, models


class ClientHubRow(models.AbstractModel):
    """A row of an SQL model about a client, which opens the document it tells of."""

    _name = "client.hub.row"
    _description = "Row about a Client"

    client_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    def _get_document(self) -> models.BaseModel:
        """Return the record that a click opens; each model says which."""
        raise NotImplementedError

    def action_open_document(self) -> dict[str, Any]:
        """Open the document, or say that this user may not see it.

        Users of Client Hub see what clients owe and paid without accounting rights.
        """
        self.ensure_one()
        document = self._get_document()
        if document.has_access("read"):
            return document._get_records_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "You may see this amount, but not its document. Ask accounting"
                    " for it."
                ),
            },
        }
