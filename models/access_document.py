from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ClientHubAccessDocument(models.AbstractModel):
    """A document that links lead to."""

    _name = "client.hub.access.document"
    _description = "Document With Portal Links"

    client_link_partner_ids = fields.Many2many(
        "res.partner",
        string="Contacts With a Link",
        compute="_compute_client_link_partner_ids",
        search="_search_client_link_partner_ids",
        groups="base.group_user",
    )

    def _compute_client_link_partner_ids(self) -> None:
        # sudo: only some of the staff may see who got which link.
        groups = (
            self.env["client.hub.access.link"]
            .sudo()
            ._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["partner_id:recordset"],
            )
        )
        partners = {res_id: partner.ids for res_id, partner in groups}
        for record in self:
            record.client_link_partner_ids = partners.get(record.id, [])

    @api.model
    def _search_client_link_partner_ids(self, operator: str, value: Any) -> Domain:
        if operator != "in":
            return NotImplemented
        ids = tuple(value) or (None,)
        # Read anew with each query, because domains of rules are cached.
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT res_id FROM client_hub_access_link"
                " WHERE res_model = %s AND partner_id IN %s)",
                SQL.identifier(alias, "id"),
                model._name,
                ids,
            )
        )
