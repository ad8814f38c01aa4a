from __future__ import annotations

from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, Query, ormcache

from ..tools.client_360 import (
    AGEING,
    FIGURES,
    INVOICES,
    VALUE_BANDS,
    Figure,
    sources_of,
)

SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")
#: fields of documents that Total Invoiced depends on
INVOICED = (
    "amount_total_in_currency_signed",
    "amount_total_signed",
    "commercial_partner_id",
    "company_id",
    "currency_id",
    "invoice_date",
    "move_type",
    "state",
)
_COLUMNS = {name: SQL.identifier(name) for name in FIGURES}


class Scope(NamedTuple):
    """Whose figures are wanted, and when.

    :param clients: condition on ``source.client_id``
    :param companies: array of the ids of companies
    :param today: date
    """

    clients: SQL
    companies: SQL
    today: SQL


class ClientHubFigure(models.AbstractModel):
    """The SQL behind the figures of clients: one definition for every use of them."""

    _name = "client.hub.figure"
    _description = "Figures of Clients"

    @api.model
    def _get_today(self) -> fields.Date:
        """Return the date of today in the time zone of the current company."""
        # sudo: any user's company has a time zone. Only that is wanted, not all
        # that is stored of the company's contact.
        partner_sudo = self.env.company.sudo().partner_id
        tz = partner_sudo.with_context(prefetch_fields=False).tz
        return fields.Date.context_today(self.with_context(tz=tz or "UTC"))

    @api.model
    def _get_company_ids(self) -> list[int]:
        """Return the current company with its branches: they share one ledger.

        Without the branches that the user has no access to, so that each figure is
        the sum of the documents that this user may see.
        """
        company_ids = self._get_branch_ids(self.env.company.id)
        if self.env.su or len(company_ids) == 1:
            return list(company_ids)
        allowed = {self.env.company.id, *self.env.user._get_company_ids()}
        return [company_id for company_id in company_ids if company_id in allowed]

    @api.model
    @ormcache("company_id")
    def _get_branch_ids(self, company_id: int) -> tuple[int, ...]:
        # sudo: a branch counts for its company, whoever looks.
        companies_sudo = self.env["res.company"].sudo()
        return companies_sudo.search([("id", "child_of", company_id)])._ids

    # ------------------------------------------------------------- of all clients

    @api.model
    def _field_sql(self, name: str, alias: str, query: Query) -> SQL:
        """Return the SQL of a figure or band of the client ``alias``.

        :param name: one of ``NAMES``
        :param query: of clients; the figures are joined to it
        """
        # It looks costly enough to be compiled, which takes longer than to run it.
        self.env.cr.execute("SET LOCAL jit = off")
        known = self._with_known()
        joined = {
            source: known._join(source, alias, query) for source in sources_of(name)
        }
        return known._value_sql(name, joined)

    @api.model
    def _with_known(self) -> ClientHubFigure:
        return self.with_env(self.env["client.hub.clearing"]._with_known().env)

    @api.model
    def _join(self, source: str, alias: str, query: Query) -> str:
        """Join the figures of one source to a query of clients.

        Grouped once for all clients: for thousands of them this is many times
        faster than a sub-query for each.

        :return: alias of the joined figures
        """
        joined = query.make_alias(alias, source.replace(".", "_"))
        condition = SQL(
            "%s = %s", SQL.identifier(joined, "client_id"), SQL.identifier(alias, "id")
        )
        totals = SQL("(%s)", self._totals_sql(source, self._get_scope()))
        query.add_join("LEFT JOIN", joined, totals, condition)
        return joined

    @api.model
    def _get_scope(self) -> Scope:
        """Return the scope of all clients, in the current company today."""
        return Scope(
            clients=SQL("TRUE"),
            companies=SQL("%s", self._get_company_ids()),
            today=SQL("%s::date", self._get_today()),
        )

    @api.model
    def _totals_sql(self, source: str, scope: Scope) -> SQL:
        """Return a query of the figures of one source, with a row for each client."""
        return SQL(
            "SELECT source.client_id, %s FROM %s WHERE source.company_id = ANY(%s)"
            " AND %s GROUP BY source.client_id",
            SQL(", ").join(
                SQL("%s AS %s", self._sum(figure, scope.today), _COLUMNS[name])
                for name, figure in FIGURES.items()
                if figure.source == source
            ),
            self._source(source),
            scope.companies,
            scope.clients,
        )

    # ----------------------------------------------------------- figures and bands

    @api.model
    def _value_sql(self, name: str, joined: dict[str, str]) -> SQL:
        """Return the SQL of a figure or band.

        :param joined: aliases of the figures' sources
        """
        bands = {
            "client_standing": self._standing_sql,
            "client_value_band": self._value_band_sql,
            "client_ageing_band": self._ageing_band_sql,
        }
        if name in bands:
            return bands[name](joined)
        table = SQL.identifier(joined[FIGURES[name].source])
        return SQL("COALESCE(%s.%s, 0)", table, _COLUMNS[name])

    @api.model
    def _standing_sql(self, joined: dict[str, str]) -> SQL:
        return SQL(
            "CASE WHEN %(overdue)s > 0 THEN 'overdue'"
            " WHEN %(open)s > %(unapplied)s THEN 'open'"
            " WHEN %(open)s < %(unapplied)s THEN 'credit'"
            " WHEN %(known)s THEN 'settled' ELSE 'new' END",
            overdue=self._value_sql("client_overdue", joined),
            open=self._value_sql("client_outstanding", joined),
            unapplied=self._value_sql("client_unapplied", joined),
            known=SQL(" OR ").join(
                SQL("%s IS NOT NULL", SQL.identifier(alias, "client_id"))
                for alias in joined.values()
            ),
        )

    @api.model
    def _value_band_sql(self, joined: dict[str, str]) -> SQL:
        paid = self._value_sql("client_total_paid", joined)
        whens = [SQL("WHEN %s >= %s THEN %s", paid, n, band) for band, n in VALUE_BANDS]
        return SQL("CASE %s ELSE 'none' END", SQL(" ").join(whens))

    @api.model
    def _ageing_band_sql(self, joined: dict[str, str]) -> SQL:
        whens = [
            SQL("WHEN %s > 0 THEN %s", self._value_sql(name, joined), name)
            for name in reversed(AGEING)
        ]
        return SQL("CASE %s ELSE 'none' END", SQL(" ").join(whens))

    @api.model
    def _sum(self, figure: Figure, today: SQL) -> SQL:
        bounds = [
            SQL("source.date_maturity %s %s - %s", SQL(operator), today, days)
            for operator, days in figure.due_bounds()
        ]
        total = SQL("SUM(source.%s)", SQL.identifier(figure.column))
        if bounds:
            total = SQL("%s FILTER (WHERE %s)", total, SQL(" AND ").join(bounds))
        # Parts of a payment may have more digits than its currency.
        return SQL("ROUND(%s, %s)", total, self.env.company.currency_id.decimal_places)

    @api.model
    def _source(self, name: str) -> SQL:
        """Return what is summed, flushed, with columns client_id and company_id."""
        self._flush_source(name)
        if name != INVOICES:
            return SQL("(%s) source", self.env[name]._table_query)
        return SQL(
            "(SELECT commercial_partner_id AS client_id, company_id,"
            " amount_total_signed AS amount, invoice_date, currency_id,"
            " amount_total_in_currency_signed AS amount_in_currency"
            " FROM account_move"
            " WHERE state = 'posted' AND move_type IN %s) source",
            SALE_TYPES,
        )

    @api.model
    def _flush_source(self, name: str) -> None:
        depends = {name: INVOICED} if name == INVOICES else self.env[name]._depends
        for model, names in depends.items():
            self.env[model].flush_model(names)
