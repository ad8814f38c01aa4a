from __future__ import annotations

from odoo import fields, models


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
