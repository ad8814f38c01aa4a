from __future__ import annotations

from typing import Any

from odoo import fields, models
from odoo.fields import Domain

from .res_partner_access_page import USER

# Fields that decide to which client a contact belongs.
_MOVES = {"parent_id", "is_company"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    client_ticket_ids = fields.One2many(
        "client.hub.ticket",
        "commercial_partner_id",
        string="Tickets",
        groups=USER,
        help="Those of the client and of all its contacts.",
    )
    client_ticket_count = fields.Integer(
        string="Number of Tickets", compute="_compute_client_ticket_count", groups=USER
    )

    def _compute_client_ticket_count(self) -> None:
        """Count the tickets of the client, for its contacts as well."""
        clients = self.commercial_partner_id._origin
        counts = dict(
            self.env["client.hub.ticket"]._read_group(
                [("commercial_partner_id", "in", clients.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            client = partner.commercial_partner_id._origin
            partner.client_ticket_count = counts.get(client, 0)

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS base: a contact who moves leaves the tickets with the client."""
        # Core takes values out of the dictionary.
        moves = _MOVES & vals.keys()
        result = super().write(vals)
        if moves:
            self._leave_client_tickets()
        return result

    def _leave_client_tickets(self) -> None:
        # sudo: whoever moves contacts may not read the tickets of all companies.
        tickets_sudo = self.env["client.hub.ticket"].sudo()
        moved_sudo = self.sudo().search(
            [("id", "child_of", self.ids), ("active", "in", (True, False))]
        )
        tickets_sudo.search(
            Domain("partner_id", "in", moved_sudo.ids)
            | Domain("commercial_partner_id", "in", moved_sudo.ids)
            | Domain("message_partner_ids", "in", moved_sudo.ids)
        )._keep_with_client(moved_sudo)
