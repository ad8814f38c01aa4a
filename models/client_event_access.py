from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.tools import SQL, Query


class ClientHubEvent(models.Model):
    """Who sees which event: it has the rights of the document it is about."""

    _inherit = "client.hub.event"

    @api.model
    def _get_event_models(self) -> list[str]:
        """Return the models whose records events are about.

        Extend it along with :meth:`_get_event_queries`; events about records of other
        models are shown to nobody.
        """
        return ["account.move", "account.payment", "res.partner", "sale.order"]

    @api.model
    def _search(
        self,
        domain: Any,
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
        *,
        bypass_access: bool = False,
        **kwargs: Any,
    ) -> Query:
        """EXTENDS base: leave out the events of documents that the user may not read.

        Every way to read events comes through here, grouping and reading by id as well.
        """
        query = super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )
        if not (self.env.su or bypass_access):
            query.add_where(self._readable_sql(query.table))
        return query

    @api.model
    def _readable_sql(self, alias: str) -> SQL:
        """Return the condition that the user may read what an event is about.

        Asked for each event by the key of its document: a client has few of them, and
        the database many documents.
        """
        conditions = [
            SQL(
                "(%s = %s AND %s)",
                SQL.identifier(alias, "res_model"),
                name,
                self._readable_record_sql(
                    self.env[name], SQL.identifier(alias, "res_id")
                ),
            )
            for name in self._get_event_models()
            if self.env[name].has_access("read")
        ]
        return SQL("(%s)", SQL(" OR ").join(conditions or [SQL("FALSE")]))

    @api.model
    def _readable_record_sql(self, records: models.BaseModel, res_id: SQL) -> SQL:
        readable = records.with_context(active_test=False)._search([])
        readable.add_where(SQL("%s = %s", SQL.identifier(readable.table, "id"), res_id))
        return SQL("EXISTS (%s)", readable.select(SQL("1")))
