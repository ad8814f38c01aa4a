from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo import fields, models
from odoo.tools import SQL


class ClientHubRows(models.AbstractModel):
    """Rows about a client, each of which opens the document it tells of.

    Those of several queries are read by their ids without reading all of them.
    The id of a row is that of its record, times the number of queries, plus the
    number of its query.
    """

    _name = "client.hub.rows"
    _description = "Rows of Several Queries"

    client_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    def _search(self, domain: Any, *args: Any, **kwargs: Any) -> Any:
        """EXTENDS base: look for known ids in their queries alone."""
        rows = self
        if isinstance(domain, list) and len(domain) == 1 and domain[0] != ():
            name, operator, value = domain[0]
            if (name, operator) == ("id", "in"):
                rows = self.with_context(client_hub_rows=tuple(value))
        return super(ClientHubRows, rows)._search(domain, *args, **kwargs)

    def _union(self, queries: Iterable[SQL], columns: Iterable[str], count: int) -> SQL:
        """Return the rows of all queries, with ids that differ.

        :param queries: with a column ``id``, integer and unique in the query
        :param columns: names of the other columns
        :param count: highest number of queries there can be
        :raise ValueError: if there are more
        """
        numbered = list(enumerate(queries))
        if len(numbered) > count:
            message = f"{len(numbered)} queries, but only {count} have a number"
            raise ValueError(message)
        names = SQL(", ").join(SQL.identifier("part", name) for name in columns)
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT part.id::bigint * %s + %s AS id, %s FROM (%s) part WHERE %s",
                count,
                number,
                names,
                query,
                self._is_wanted(count, number),
            )
            for number, query in numbered
        )

    def _is_wanted(self, count: int, number: int) -> SQL:
        rows = self.env.context.get("client_hub_rows")
        if not isinstance(rows, tuple):  # a list can come by RPC
            return SQL("TRUE")
        ids = [row // count for row in rows if row % count == number]
        return SQL("part.id = ANY(%s)", ids) if ids else SQL("FALSE")

    def _get_document(self) -> models.BaseModel:
        """Return the record that a click opens; each model says which."""
        raise NotImplementedError

    def action_open_document(self) -> dict[str, Any]:
        """Open the document, or say that this user may not see it.

        Users of Client Hub see what clients owe and paid without accounting rights.
        """
        self.ensure_one()
        document = self._get_document()
        if document.has_access("read"):
            return document._get_records_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "You may see this amount, but not its document. Ask accounting"
                    " for it."
                ),
            },
        }
