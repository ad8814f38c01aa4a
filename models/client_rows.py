from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo import models
from odoo.tools import SQL


class ClientHubRows(models.AbstractModel):
    """Rows of several queries, read by their ids without reading all of them.

    The id of a row is that of its record, times the number of queries, plus the
    number of its query.
    """

    _name = "client.hub.rows"
    _description = "Rows of Several Queries"

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
        """
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
            for number, query in enumerate(queries)
        )

    def _is_wanted(self, count: int, number: int) -> SQL:
        rows = self.env.context.get("client_hub_rows")
        if not isinstance(rows, tuple):  # a list can come by RPC
            return SQL("TRUE")
        ids = [row // count for row in rows if row % count == number]
        return SQL("part.id = ANY(%s)", ids) if ids else SQL("FALSE")
