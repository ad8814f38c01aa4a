from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ClientTemplateCopy(models.TransientModel):
    """Give own texts of one client to others, as the user."""

    _name = "client.hub.template.copy"
    _description = "Copy Own Texts to Other Clients"

    partner_id = fields.Many2one("res.partner", string="From", required=True)
    template_ids = fields.Many2many(
        "mail.template", string="Texts", context={"active_test": False}
    )
    client_ids = fields.Many2many("res.partner", string="To")
    overwritten = fields.Text(compute="_compute_overwritten")

    @api.model
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """EXTENDS base: copy all texts, unless some are taken out."""
        values = super().default_get(fields)
        partner = self.env["res.partner"]
        templates = partner._search_client_templates(
            Domain("client_partner_id", "=", values.get("partner_id"))
            & Domain("client_partner_id", "!=", False)
        )
        return {**values, "template_ids": [(6, 0, templates.ids)]}

    @api.depends("template_ids", "client_ids")
    def _compute_overwritten(self) -> None:
        for wizard in self:
            lost = wizard._get_overwritten()
            wizard.overwritten = "\n".join(lost.sorted("name").mapped("name")) or False

    def _get_overwritten(self) -> models.BaseModel:
        """Return the texts of the other clients that copying replaces."""
        kinds = self._get_texts().mapped("client_document_type")
        return self.client_ids._search_client_templates(
            Domain("client_partner_id", "in", self._get_clients().ids)
            & Domain("client_document_type", "in", kinds)
        )

    def _get_texts(self) -> models.BaseModel:
        """Return the chosen texts, as far as they are texts of this client."""
        partner = self.partner_id._origin
        return self.template_ids._origin.filtered(
            lambda text: text.client_partner_id == partner
        )

    def _get_clients(self) -> models.BaseModel:
        return self.client_ids._origin - self.partner_id._origin

    def action_copy(self) -> None:
        """Copy each text, in all its languages, over that of each client.

        :raise UserError: if there is nothing to copy, or nobody to copy it to
        """
        self.ensure_one()
        texts, clients = self._get_texts(), self._get_clients()
        if not texts or not clients:
            raise UserError(
                self.env._("Texts, To: choose at least one text and another client.")
            )
        found = {
            (text.client_partner_id, text.client_document_type): text
            for text in self._get_overwritten()
        }
        for text in texts:
            kind = text.client_document_type
            copies = text.browse().union(
                *(found[client, kind] for client in clients if (client, kind) in found)
            )
            missing = clients - copies.client_partner_id
            text._copy_client_text(copies, missing)
