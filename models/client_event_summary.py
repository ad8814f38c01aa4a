from __future__ import annotations

from odoo import api, fields, models


class ClientHubEvent(models.Model):
    """What an event says, in the words of its message or of its document."""

    _inherit = "client.hub.event"

    summary = fields.Char(compute="_compute_summary")

    @api.depends("message_id", "res_model", "res_id", "kind")
    @api.depends_context("uid", "lang")
    def _compute_summary(self) -> None:
        # Searched again as the user: who may not read a message sees no word of it.
        readable = self.env["mail.message"].search([("id", "in", self.message_id.ids)])
        signatures = self._get_signatures()
        for event in self:
            message = event.message_id & readable
            event.summary = (
                message.subject
                or message.preview
                or self._describe_changes(message)
                or signatures.get(event)
            )

    @api.model
    def _describe_changes(self, message: models.BaseModel) -> str:
        """Return the tracked changes of a message that the user may see."""
        # sudo: values of tracked fields are kept for administrators; the filter
        # leaves those of fields that the user may read.
        values_sudo = message.sudo().tracking_value_ids
        values_sudo = values_sudo._filter_has_field_access(self.env)
        return ", ".join(
            f"{change['fieldInfo']['changedField']}: {change['newValue'] or '–'}"
            for change in values_sudo._tracking_value_format()
        )

    def _get_signatures(self) -> dict[models.BaseModel, str]:
        """Return who signed an estimate, as they wrote their name."""
        accepted = self.filtered(
            lambda event: event.kind == "accepted" and event.res_model == "sale.order"
        )
        orders = self.env["sale.order"].browse(accepted.mapped("res_id"))
        return {
            event: self.env._("Signed by %s", order.signed_by)
            for event, order in zip(accepted, orders, strict=True)
            if order.signed_by
        }
