from __future__ import annotations

from typing import Any

from odoo import api, models

TICKET = "client.hub.ticket"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message: Any, message_dict: dict[str, Any], *args: Any, **kwargs: Any
    ) -> list[tuple]:
        """EXTENDS mail: only those who belong to a ticket write into it by mail."""
        routes = super().message_route(message, message_dict, *args, **kwargs)
        tickets = self.env[TICKET]
        checked = [
            tickets._check_mail_route(message, message_dict, route)
            if route[0] == TICKET
            else route
            for route in routes
        ]
        return [route for route in checked if route]

    @api.model
    def _message_parse_post_process(
        self, message: Any, message_dict: dict[str, Any], routes: list[tuple]
    ) -> dict[str, Any]:
        """EXTENDS mail: who wrote to a ticket is settled, also that nobody knows it.

        Core would take anybody who has the address for the author.
        """
        values = super()._message_parse_post_process(message, message_dict, routes)
        if any(route[0] == TICKET for route in routes or ()):
            values["author_id"] = message_dict.get("author_id")
        return values
