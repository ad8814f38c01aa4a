from __future__ import annotations

from typing import TYPE_CHECKING

from odoo import api, fields, models

from .ticket import PRIORITIES

if TYPE_CHECKING:
    from typing import Self


class ClientHubTicketTarget(models.Model):
    """Within how many working hours tickets of a priority are answered and solved."""

    _name = "client.hub.ticket.target"
    _description = "Time to Answer Tickets"
    _order = "company_id, priority desc"
    _rec_name = "priority"

    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        help="Empty for all companies that have no times of their own.",
    )
    priority = fields.Selection(PRIORITIES, required=True, default="1")
    response_hours = fields.Float(
        string="First Answer Within",
        help="Working hours; 0 for no target.",
    )
    resolution_hours = fields.Float(
        string="Solved Within",
        help="Working hours, without those during which the client is to answer;"
        " 0 for no target.",
    )

    _priority_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), priority)",
        "Priority: there is a target for this priority and company already.",
    )
    _hours_check = models.Constraint(
        "CHECK (response_hours >= 0 AND resolution_hours >= 0)",
        "First Answer, Solved: enter a number of hours, or 0 for no target.",
    )

    @api.model
    def _get_by_priority(
        self, companies: models.BaseModel
    ) -> dict[tuple[int, str], Self]:
        """Return the targets by company and priority, in sudo.

        Those of a company come before those for all companies.
        """
        # sudo: deadlines also follow from what clients do, who see no targets.
        targets_sudo = self.sudo().search(
            [("company_id", "in", [False, *companies.ids])]
        )
        common = targets_sudo.filtered(lambda target: not target.company_id)
        found = {
            (company_id, target.priority): target
            for company_id in companies.ids
            for target in common
        }
        own = targets_sudo - common
        return found | {(one.company_id.id, one.priority): one for one in own}
