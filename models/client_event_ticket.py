from __future__ import annotations

from collections.abc import Iterator

from odoo import api, models
from odoo.tools import SQL

TICKET = "client.hub.ticket"


class ClientHubEvent(models.Model):
    """Adds to the history what clients asked, and what was said about it."""

    _inherit = "client.hub.event"
    _depends = {  # noqa: RUF012
        TICKET: [
            "channel",
            "commercial_partner_id",
            "company_id",
            "name",
            "partner_id",
        ]
    }

    def _get_event_queries(self) -> Iterator[SQL]:
        """EXTENDS client_hub"""
        yield from super()._get_event_queries()
        yield self._select_tickets()
        yield self._select_messages(
            TICKET, "commercial_partner_id", SQL("NOT %s", self._is_question())
        )

    @api.model
    def _get_event_models(self) -> list[str]:
        """EXTENDS client_hub"""
        return [*super()._get_event_models(), TICKET]

    def _select_tickets(self) -> SQL:
        return SQL(
            """
            SELECT ticket.id, ticket.commercial_partner_id AS client_id,
                   ticket.company_id, ticket.create_date AS date, 'created' AS kind,
                   ticket.name,
                   CASE WHEN ticket.channel = 'staff' THEN author.partner_id
                   ELSE ticket.partner_id END AS author_id,
                   NULL::numeric AS amount, 'client.hub.ticket' AS res_model,
                   ticket.id AS res_id, NULL::integer AS message_id
              FROM client_hub_ticket ticket
              LEFT JOIN res_users author ON author.id = ticket.create_uid
             WHERE ticket.commercial_partner_id IS NOT NULL
            """
        )

    def _is_question(self) -> SQL:
        """Return the SQL that finds the message which a ticket was opened with.

        The ticket has a row of its own.
        """
        return SQL(
            """
            (message.create_date = record.create_date
             AND message.subtype_id IS NOT DISTINCT FROM %(comment)s
             AND message.id = (SELECT MIN(first.id) FROM mail_message first
                                WHERE first.model = message.model
                                  AND first.res_id = message.res_id
                                  AND first.subtype_id = %(comment)s))
            """,
            comment=self._get_subtype_id("mail.mt_comment"),
        )

    @api.depends("message_id", "res_model", "res_id", "kind")
    @api.depends_context("uid", "lang")
    def _compute_summary(self) -> None:
        """EXTENDS client_hub: a ticket says what it is about, a message what it says.

        Mails about a ticket all have its subject.
        """
        result = super()._compute_summary()
        events = self.filtered(lambda event: event.res_model == TICKET)
        if not events:
            # Who sees none of them may have no right to tickets at all.
            return result
        # Searched again as the user, like everything that events tell.
        tickets = self.env[TICKET].search([("id", "in", events.mapped("res_id"))])
        subjects = {ticket.id: ticket.subject for ticket in tickets}
        messages = self.env["mail.message"]
        messages = messages.search([("id", "in", events.message_id.ids)])
        for event in events:
            if event.kind == "created":
                event.summary = subjects.get(event.res_id)
            elif preview := (event.message_id & messages).preview:
                event.summary = preview
        return result
