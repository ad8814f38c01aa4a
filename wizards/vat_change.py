from __future__ import annotations

from typing import Any

from odoo import api, fields, models


class ClientHubVatChange(models.TransientModel):
    """The question which VAT number a posted document goes out with."""

    _name = "client.hub.vat.change"
    _description = "VAT Number Changed After Posting"

    move_id = fields.Many2one(
        "account.move", string="Document", required=True, readonly=True
    )
    client_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Client"
    )
    printed_vat = fields.Char(string="On the Document", compute="_compute_vat")
    current_vat = fields.Char(string="Today", compute="_compute_vat")

    @api.depends("move_id")
    def _compute_vat(self) -> None:
        for question in self:
            snapshot = question.move_id._get_client_identifier_snapshot() or {}
            question.printed_vat = snapshot.get("vat") or "/"
            question.current_vat = question.move_id._get_client_vat_seen()

    @api.model
    def _get_action(self, move: models.BaseModel) -> dict[str, Any]:
        """Return the action that asks the question for one document."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("VAT number changed"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": move.id},
        }

    def action_keep(self) -> dict[str, Any]:
        """Keep the number of the document, and go on sending it."""
        self.ensure_one()
        self.move_id.check_access("write")
        # The number that was seen is stored: another change asks again.
        self.move_id.client_vat_kept = self.current_vat
        return self.move_id.action_invoice_sent()

    def action_reset(self) -> dict[str, Any]:
        """Reset the document to draft, where it prints the new number."""
        self.ensure_one()
        self.move_id.button_draft()
        return self.move_id._get_records_action()
