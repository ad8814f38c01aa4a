from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL, Query, ormcache

from ..tools.client_360 import (
    AGEING,
    FIGURES,
    INVOICES,
    VALUE_BANDS,
    Figure,
    by_source,
)

SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")


class ClientHubFigure(models.AbstractModel):
    """The SQL behind the figures of clients: one definition for every use of them."""

    _name = "client.hub.figure"
    _description = "Figures of Clients"

    @api.model
    def _get_today(self) -> fields.Date:
        """Return the date of today in the time zone of the current company."""
        company = self.env.company.sudo()  # sudo: any user's company has a time zone
        return fields.Date.context_today(
            self.with_context(tz=company.partner_id.tz or "UTC")
        )

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

    @api.model
    def _read(self, client_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the figures of clients, with one query.

        :return: ``{client id: {field name: value}}``; without clients that have no
            document and no payment
        """
        clients = SQL("source.client_id = ANY(%s)", list(client_ids))
        totals = {
            SQL.identifier(source.replace(".", "_")): self._totals_sql(source, clients)
            for source in by_source()
        }
        query = SQL(
            "SELECT client.id, %s FROM unnest(%s::int[]) client (id) %s"
            " WHERE COALESCE(%s) IS NOT NULL",
            SQL(", ").join(SQL("COALESCE(%s, 0)", SQL.identifier(n)) for n in FIGURES),
            list(client_ids),
            SQL(" ").join(
                SQL("LEFT JOIN (%s) %s ON %s.client_id = client.id", total, name, name)
                for name, total in totals.items()
            ),
            SQL(", ").join(SQL("%s.client_id", name) for name in totals),
        )
        return {
            client_id: dict(zip(FIGURES, values, strict=True))
            for client_id, *values in self.env.execute_query(query)
        }

    @api.model
    def _totals_sql(self, source: str, clients: SQL) -> SQL:
        """Return a query of the figures of one source, with a row for each client.

        :param clients: condition on ``source.client_id``
        """
        return SQL(
            "SELECT source.client_id, %s FROM %s WHERE source.company_id = ANY(%s)"
            " AND %s GROUP BY source.client_id",
            SQL(", ").join(
                SQL("%s AS %s", self._sum(FIGURES[name]), SQL.identifier(name))
                for name in by_source()[source]
            ),
            self._source(source),
            self._get_company_ids(),
            clients,
        )

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
        totals = SQL("(%s)", self._totals_sql(source, SQL("TRUE")))
        query.add_join("LEFT JOIN", joined, totals, condition)
        # It looks costly enough to be compiled, which takes longer than to run it.
        self.env.cr.execute("SET LOCAL jit = off")
        return joined

    @api.model
    def _figure_sql(self, name: str, alias: str, query: Query) -> SQL:
        """Return the SQL of one figure of the client ``alias``.

        :param name: of a field in ``FIGURES``
        """
        joined = self._join(FIGURES[name].source, alias, query)
        return SQL("COALESCE(%s, 0)", SQL.identifier(joined, name))

    @api.model
    def _standing_sql(self, alias: str, query: Query) -> SQL:
        """Return the SQL of the band ``client_standing``."""
        return SQL(
            "CASE WHEN %(overdue)s > 0 THEN 'overdue'"
            " WHEN %(open)s > %(unapplied)s THEN 'open'"
            " WHEN %(open)s < %(unapplied)s THEN 'credit'"
            " WHEN %(known)s THEN 'settled' ELSE 'new' END",
            overdue=self._figure_sql("client_overdue", alias, query),
            open=self._figure_sql("client_outstanding", alias, query),
            unapplied=self._figure_sql("client_unapplied", alias, query),
            known=SQL(" OR ").join(
                SQL(
                    "%s IS NOT NULL",
                    SQL.identifier(self._join(source, alias, query), "client_id"),
                )
                for source in by_source()
            ),
        )

    @api.model
    def _get_standing(self, values: dict[str, float] | None) -> str:
        """Return the band ``client_standing`` of figures, as ``_standing_sql`` does.

        :param values: the figures of a client, None for one without documents
        """
        if values is None:
            return "new"
        compare = self.env.company.currency_id.compare_amounts
        if compare(values["client_overdue"], 0) > 0:
            return "overdue"
        owed = compare(values["client_outstanding"], values["client_unapplied"])
        return {1: "open", 0: "settled", -1: "credit"}[owed]

    @api.model
    def _value_band_sql(self, alias: str, query: Query) -> SQL:
        """Return the SQL of the band ``client_value_band``."""
        paid = self._figure_sql("client_total_paid", alias, query)
        whens = [SQL("WHEN %s >= %s THEN %s", paid, n, band) for band, n in VALUE_BANDS]
        return SQL("CASE %s ELSE 'none' END", SQL(" ").join(whens))

    @api.model
    def _get_value_band(self, values: dict[str, float] | None) -> str:
        """Return the band ``client_value_band``, as ``_value_band_sql`` does."""
        paid = (values or {}).get("client_total_paid", 0.0)
        return next((band for band, bound in VALUE_BANDS if paid >= bound), "none")

    @api.model
    def _ageing_band_sql(self, alias: str, query: Query) -> SQL:
        """Return the SQL of the band ``client_ageing_band``."""
        whens = [
            SQL("WHEN %s > 0 THEN %s", self._figure_sql(name, alias, query), name)
            for name in reversed(AGEING)
        ]
        return SQL("CASE %s ELSE 'none' END", SQL(" ").join(whens))

    @api.model
    def _get_ageing_band(self, values: dict[str, float] | None) -> str:
        """Return the band ``client_ageing_band``, as ``_ageing_band_sql`` does."""
        if not values:
            return "none"
        compare = self.env.company.currency_id.compare_amounts
        found = (name for name in reversed(AGEING) if compare(values[name], 0) > 0)
        return next(found, "none")

    @api.model
    def _sum(self, figure: Figure) -> SQL:
        earliest, latest = figure.due_dates(self._get_today())
        bounds = [
            SQL("source.date_maturity %s %s", SQL(operator), bound)
            for operator, bound in ((">=", earliest), ("<=", latest))
            if bound
        ]
        total = SQL("SUM(source.%s)", SQL.identifier(figure.column))
        if not bounds:
            return total
        return SQL("%s FILTER (WHERE %s)", total, SQL(" AND ").join(bounds))

    @api.model
    def _source(self, name: str) -> SQL:
        """Return what is summed, flushed, with columns client_id and company_id."""
        model = self.env[name]
        if name != INVOICES:
            for dependency, names in model._depends.items():
                self.env[dependency].flush_model(names)
            return SQL("(%s) source", model._table_query)
        model.flush_model(
            [
                "amount_total_in_currency_signed",
                "amount_total_signed",
                "commercial_partner_id",
                "company_id",
                "currency_id",
                "invoice_date",
                "move_type",
                "state",
            ]
        )
        return SQL(
            "(SELECT commercial_partner_id AS client_id, company_id,"
            " amount_total_signed AS amount, invoice_date, currency_id,"
            " amount_total_in_currency_signed AS amount_in_currency"
            " FROM account_move"
            " WHERE state = 'posted' AND move_type IN %s) source",
            SALE_TYPES,
        )
