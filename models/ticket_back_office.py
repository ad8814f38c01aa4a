from __future__ import annotations

from odoo import fields, models

from .ticket import STAFF


class ClientHubTicket(models.Model):
    """What staff see of the client beside a ticket, and do with one click."""

    _inherit = "client.hub.ticket"

    client_verdict = fields.Char(
        related="commercial_partner_id.client_verdict",
        string="Standing",
        related_sudo=False,
        groups=STAFF,
    )

    def action_assign_to_me(self) -> None:
        """Make the user responsible."""
        self.user_id = self.env.user
