from __future__ import annotations

from typing import Any

from odoo import models


class ClientHubTicket(models.Model):
    """Where answers to mails about tickets go."""

    _inherit = "client.hub.ticket"

    def _notify_get_reply_to_batch(
        self, defaults: dict | None = None, author_ids: dict | None = None
    ) -> dict[int, Any]:
        """EXTENDS mail: to the support address of the company, if it has one."""
        found = super()._notify_get_reply_to_batch(
            defaults=defaults, author_ids=author_ids
        )
        # sudo: whoever answers does not see all companies' addresses.
        for ticket_sudo in self.sudo():
            address = ticket_sudo.company_id.client_hub_ticket_alias_id.alias_full_name
            if address and "@" in address:
                author_id = (author_ids or {}).get(ticket_sudo.id)
                found[ticket_sudo.id] = (
                    ticket_sudo._notify_get_reply_to_formatted_email(address, author_id)
                )
        return found
