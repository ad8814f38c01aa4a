from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from odoo import api, models
from odoo.tools import SQL, ormcache

from ..tools.client_360 import NAMES, SOURCES
from .client_clearing_known import PREPARED, Known
from .client_figure import Scope

_PARAMETERS = Scope(
    clients=SQL("source.client_id = ANY($1)"), companies=SQL("$2"), today=SQL("$3")
)


class ClientHubFigure(models.AbstractModel):
    """The figures of some clients: those of a page of a list, or of a form.

    The database would think longer about this query than it takes to add up the rows
    of a few clients. So each connection prepares it once, and keeps the plan.
    """

    _inherit = "client.hub.figure"

    @api.model
    def _read(self, client_ids: Sequence[int]) -> dict[int, tuple[float | str, ...]]:
        """Return the figures and bands of clients, with one query.

        :return: values in the order of ``NAMES`` by id of the client
        """
        if not client_ids:
            return {}
        known = self.env["client.hub.clearing"]._look()
        for source in SOURCES:
            self._flush_source(source)
        name, prepare = self._get_statement(known.clears, known.frees)
        # One plan for whatever clients: it goes by their indexes. Compiling it would
        # take longer than to run it.
        query = SQL(
            "SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan;"
            " %s EXECUTE %s(%s, %s, %s)",
            SQL() if name in known.prepared else SQL(prepare),
            SQL.identifier(name),
            list(client_ids),
            self._get_company_ids(),
            self._get_today(),
        )
        rows = self.env.execute_query(query)
        return {client_id: tuple(values) for client_id, *values in rows}

    @api.model
    @ormcache("clears", "frees", "self.env.company.currency_id.decimal_places")
    def _get_statement(self, clears: bool, frees: bool) -> tuple[str, str]:
        """Return the name of the statement, and the SQL that prepares it.

        The name tells the text, so that another version of the add-on, or a module
        that extends the queries, never meets a statement of before. They must not
        depend on user or date, and of the company on its decimal places only.

        :param clears: see :class:`Known`
        :param frees: see :class:`Known`
        """
        known = Known(clears, frees)
        query = self.with_context(client_hub_known=known)._get_read_query()
        text = self.env.cr.mogrify(query).decode()
        name = PREPARED + sha256(text.encode()).hexdigest()[:16]
        # Per cents of the text would be taken for places of values.
        escaped = text.replace("%", "%%")
        return name, f"PREPARE {name} (int[], int[], date) AS {escaped};"

    @api.model
    def _get_read_query(self) -> SQL:
        aliases = {source: source.replace(".", "_") for source in SOURCES}
        return SQL(
            "SELECT client.id, %s FROM unnest($1) client (id) %s",
            SQL(", ").join(self._value_sql(name, aliases) for name in NAMES),
            SQL(" ").join(
                SQL(
                    "LEFT JOIN (%s) %s ON %s = client.id",
                    self._totals_sql(source, _PARAMETERS),
                    SQL.identifier(alias),
                    SQL.identifier(alias, "client_id"),
                )
                for source, alias in aliases.items()
            ),
        )
