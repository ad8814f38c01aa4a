from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ClientHubTicketMerge(models.TransientModel):
    """Puts what a client wrote in several tickets into one."""

    _name = "client.hub.ticket.merge"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many("client.hub.ticket", readonly=True)
    target_id = fields.Many2one(
        "client.hub.ticket",
        string="Keep",
        required=True,
        domain="[('id', 'in', ticket_ids)]",
        help="The talk of the others moves into this ticket. They are closed.",
    )

    @api.model
    def default_get(self, fields_list: list[str]) -> dict[str, Any]:
        """EXTENDS base: merge what is selected, by default into the oldest.

        :raise UserError: if these cannot be merged
        """
        values = super().default_get(fields_list)
        ids = self.env.context.get("active_ids") or []
        chosen = self.env["client.hub.ticket"].browse(ids).exists()
        chosen.check_access("write")
        self._check(chosen)
        values["ticket_ids"] = [Command.set(chosen.ids)]
        values["target_id"] = min(chosen.ids)
        return values

    def action_merge(self) -> dict[str, Any]:
        """Merge, and open the ticket that is kept.

        :raise UserError: if these cannot be merged
        """
        self.ensure_one()
        # The browser names them anew, and somebody may have changed them since.
        tickets = self.ticket_ids | self.target_id
        tickets.check_access("write")
        self._check(tickets)
        for other in (tickets - self.target_id).sorted("id"):
            self.target_id._take_over(other)
        return self.target_id._get_records_action()

    @api.model
    def _check(self, tickets: models.BaseModel) -> None:
        if len(tickets) < 2:
            raise UserError(self.env._("Tickets: choose at least two to merge."))
        if not all(ticket.commercial_partner_id for ticket in tickets):
            raise UserError(
                self.env._("Client: choose whose tickets these are before merging.")
            )
        if len(tickets.company_id) > 1 or len(tickets.commercial_partner_id) > 1:
            raise UserError(
                self.env._(
                    "Tickets: only those of one client and one company can be merged."
                    " What one client wrote must not be shown to another."
                )
            )
