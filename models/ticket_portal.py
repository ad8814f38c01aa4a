from __future__ import annotations

from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

#: lines of an invoice that a form offers
MAX_LINES = 200


class ClientMessage(NamedTuple):
    """A message as the page of a ticket shows it.

    :param own: whether the user wrote it
    :param answer: whether staff did
    :param files: attachments in sudo, for their names and sizes
    """

    id: int
    author: str
    date: fields.Datetime
    body: Any
    own: bool
    answer: bool
    files: models.BaseModel


class ClientHubTicket(models.Model):
    """What the pages of the portal show of tickets."""

    _inherit = "client.hub.ticket"
    # What a search in everything looks into.
    _SEARCHED = ("name", "subject", "description")

    @api.model
    def _get_client_states(self) -> dict[str, str]:
        """Return what the states are called as the client sees them."""
        return {
            "new": self.env._("Not answered yet"),
            "open": self.env._("In progress"),
            "waiting": self.env._("Waiting for you"),
            "closed": self.env._("Closed"),
        }

    @api.model
    def _get_client_search_domain(self, search: str, search_in: str) -> Domain:
        """Return the tickets that hold a text.

        :param search_in: one of the fields searched, else all of them
        """
        if not search:
            return Domain.TRUE
        names = [search_in] if search_in in self._SEARCHED else self._SEARCHED
        return Domain.OR(Domain(name, "ilike", search) for name in names)

    def _get_client_messages(self, thread: models.BaseModel) -> list[ClientMessage]:
        """Return messages of the ticket as its page shows them.

        :param thread: messages that the user may read
        """
        # sudo: clients read neither staff nor attachments; names are shown, no more.
        return [
            ClientMessage(
                message_sudo.id,
                message_sudo.author_id.name or message_sudo.email_from or "",
                message_sudo.date,
                message_sudo.body,
                message_sudo.author_id == self.env.user.partner_id,
                not self._is_from_client(message_sudo),
                message_sudo.attachment_ids.sorted("id").filtered(
                    lambda file: file.type == "binary"
                ),
            )
            for message_sudo in thread.sudo()
        ]

    # --------------------------------------------------------------- documents

    def _get_documents(self) -> dict[str, str]:
        """Return the documents of the ticket as a form would name them."""
        self.ensure_one()
        names = ("invoice_id", "invoice_line_id", "sale_order_id")
        return {name: str(self[name].id or "") for name in names}

    @api.model
    def _get_client_documents(self, named: dict[str, Any]) -> dict[str, Any]:
        """Return the records that a page of the portal links to, as the user.

        :param named: documents as a form names them, or as found before
        """
        found = self._client_find_documents(
            {name: str(res_id) for name, res_id in named.items()}
        )
        return {
            name: self.env[self._fields[name].comodel_name].browse(res_id)
            for name, res_id in found.items()
        }

    @api.model
    def _get_document_values(self, document: models.BaseModel) -> dict[str, Any]:
        """Return what the portal's page of a document needs to offer tickets.

        Nothing, unless it is one of the user's own client. What was asked is shown in a
        session that somebody has touched; to ask is offered at once, as the click on it
        is such a touch.
        """
        name = {"account.move": "invoice_id", "sale.order": "sale_order_id"}.get(
            document._name
        )
        ask = {"client_hub_ask": f"/my/support/new?{name}={document.id}"}
        if name and self.env.context.get("client_hub_provisional"):
            return ask
        if not name or not self._client_find_documents({name: str(document.id)}):
            return {}
        about = [(name, "=", document.id)]
        return ask | {
            "client_hub_tickets": self.search(about, limit=10),
            "client_hub_ticket_states": self._get_client_states(),
        }

    @api.model
    def _get_client_lines(self, invoice_id: int | None) -> models.BaseModel:
        """Return the lines of an invoice that a client can ask about, as the user."""
        lines = self.env["account.move.line"]
        if not invoice_id:
            return lines
        domain = [("move_id", "=", invoice_id), ("display_type", "=", "product")]
        return lines.search(domain, limit=MAX_LINES)
