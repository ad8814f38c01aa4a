from __future__ import annotations

from odoo import fields, models

from .ticket_member import USER_GROUP


class ResCompany(models.Model):
    """How a company shares out its tickets."""

    _inherit = "res.company"

    client_hub_ticket_assignment = fields.Selection(
        [
            ("none", "By hand"),
            ("turn", "To the team, in turn"),
            ("salesperson", "To the client's salesperson, else in turn"),
        ],
        string="Assign New Tickets",
        required=True,
        default="none",
        groups="base.group_user",
    )
    client_hub_ticket_member_ids = fields.One2many(
        "client.hub.ticket.member",
        "company_id",
        string="Support Team",
        groups="client_hub.group_user",
    )

    def _get_ticket_users(self) -> models.BaseModel:
        """Return the active users of these companies who work with tickets."""
        users = self.env["res.users"]
        if not self:
            return users
        group = self.env.ref(USER_GROUP)
        return users.search(
            [("all_group_ids", "in", group.ids), ("company_ids", "in", self.ids)]
        )

    def _get_ticket_team(self) -> models.BaseModel:
        """Return who is told of tickets nobody is responsible for: else everybody."""
        members = self.client_hub_ticket_member_ids.user_id.filtered("active")
        return members or self._get_ticket_users()
