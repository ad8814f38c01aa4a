from __future__ import annotations

from collections.abc import Iterator

from odoo import fields, models
from odoo.tools import SQL


class ClientHubEvent(models.Model):
    """Adds to the history when links were sent, and what clients did in the portal."""

    _inherit = "client.hub.event"
    _depends = {
        "client.hub.access.event": [
            "company_id",
            "date",
            "kind",
            "partner_id",
            "res_id",
            "res_model",
        ],
        "client.hub.access.link": ["client_id", "company_id", "res_id", "res_model"],
    }

    kind = fields.Selection(
        selection_add=[
            ("link", "Link Sent"),
            ("visit", "Portal Visit"),
            ("viewed", "Viewed"),
            ("revoked", "Link Revoked"),
        ]
    )

    def _get_event_queries(self) -> Iterator[SQL]:
        """EXTENDS client_hub"""
        yield from super()._get_event_queries()
        yield self._select_access(
            SQL(
                "SELECT link.id, link.client_id, link.company_id,"
                " link.create_date AS date, 'link' AS kind, link.partner_id,"
                " link.res_model, link.res_id FROM client_hub_access_link link"
            )
        )
        yield self._select_access(
            SQL(
                "SELECT seen.id, partner.commercial_partner_id AS client_id,"
                " seen.company_id, seen.date, seen.kind, seen.partner_id,"
                " seen.res_model, seen.res_id FROM client_hub_access_event seen"
                " JOIN res_partner partner ON partner.id = seen.partner_id"
                " WHERE seen.kind IN ('visit', 'viewed', 'revoked')"
            )
        )

    def _select_access(self, query: SQL) -> SQL:
        """Return the events of a query, with the names of their documents.

        What is about no document is about the contact.
        """
        return SQL(
            """
            SELECT access.id, access.client_id, access.company_id, access.date,
                   access.kind,
                   COALESCE(move.name, orders.name, ticket.name,
                            contact.complete_name) AS name,
                   access.partner_id AS author_id, NULL::numeric AS amount,
                   CASE WHEN access.res_id IS NULL THEN 'res.partner'
                   ELSE access.res_model END AS res_model,
                   COALESCE(access.res_id, access.partner_id) AS res_id,
                   NULL::integer AS message_id
              FROM (%s) access
              JOIN res_partner contact ON contact.id = access.partner_id
              LEFT JOIN account_move move
                ON move.id = access.res_id AND access.res_model = 'account.move'
              LEFT JOIN sale_order orders
                ON orders.id = access.res_id AND access.res_model = 'sale.order'
              LEFT JOIN client_hub_ticket ticket
                ON ticket.id = access.res_id
               AND access.res_model = 'client.hub.ticket'
            """,
            query,
        )
