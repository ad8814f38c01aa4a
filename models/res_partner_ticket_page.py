from __future__ import annotations

from typing import Any

from odoo import models


class ResPartner(models.Model):
    """The tickets on the page of a client."""

    _inherit = "res.partner"

    def action_client_tickets(self) -> dict[str, Any]:
        """Open the tickets of the client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "client_hub.ticket_action"
        )
        client = self.commercial_partner_id
        return action | {
            "domain": [("commercial_partner_id", "=", client.id)],
            "context": {"default_partner_id": self.id},
            "view_mode": "list,kanban,form,activity,pivot,graph",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def action_client_new_ticket(self) -> dict[str, Any]:
        """Open a form for a ticket on the client's behalf."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Ticket"),
            "res_model": "client.hub.ticket",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id},
        }
