from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.statement import AGEING_DAYS, DOCUMENT_KINDS, KINDS, Period

# What the queries below read, so that it is flushed before.
_DEPENDS = {
    "account.account": ["account_type"],
    "account.bank.statement.line": ["payment_ref"],
    "account.move": [
        "invoice_date",
        "move_type",
        "name",
        "origin_payment_id",
        "partner_id",
        "ref",
        "statement_line_id",
    ],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "balance",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "display_type",
        "move_id",
        "parent_state",
        "partner_id",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
        "max_date",
    ],
    "account.payment": [
        "amount",
        "amount_company_currency_signed",
        "currency_id",
        "memo",
    ],
    "res.partner": ["commercial_partner_id"],
}


class ClientHubStatement(models.AbstractModel):
    """The SQL of statements: every figure and row of them comes from these entries."""

    _inherit = "client.hub.statement"

    @api.model
    def _flush(self) -> None:
        for model, names in _DEPENDS.items():
            self.env[model].flush_model(names)

    @api.model
    def _rows_sql(
        self, scope: Mapping[str, Any], period: Period, limit: int | None, offset: int
    ) -> SQL:
        """Return the query of the rows of a period, with running balances.

        :param scope: see :meth:`_entries_sql`
        """
        return SQL(
            """
            %(entries)s
            SELECT line.company_id, line.currency_id, line.kind, line.date,
                   line.amount, line.balance, line.move_id, line.payment_id,
                   move.name,
                   CASE WHEN line.kind IN %(documents)s THEN move.ref
                        WHEN line.kind IN ('payment', 'refund')
                        THEN COALESCE(payment.memo, bank.payment_ref) END AS memo,
                   move.move_type,
                   line.due
              FROM (%(lines)s) line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_company company ON company.id = line.company_id
              LEFT JOIN account_payment payment ON payment.id = line.payment_id
              LEFT JOIN account_bank_statement_line bank
                ON bank.id = move.statement_line_id
             ORDER BY company.sequence, company.name, line.company_id,
                      line.currency_id != company.currency_id, line.currency_id,
                      line.position
             LIMIT %(limit)s OFFSET %(offset)s
            """,
            entries=self._entries_sql(**scope),
            lines=self._lines_sql(period.first),
            documents=DOCUMENT_KINDS,
            limit=limit,
            offset=offset,
        )

    @api.model
    def _lines_sql(self, first: date | None) -> SQL:
        """Return the movements since ``first`` with the balance after each."""
        return SQL(
            """
            SELECT part.*, SUM(amount) OVER account AS balance,
                   ROW_NUMBER() OVER account AS position
              FROM (%(parts)s) part
            WINDOW account AS (
                   PARTITION BY company_id, currency_id
                   ORDER BY date NULLS FIRST,
                            array_position(%(kinds)s::text[], kind), move_id, amount
                   ROWS UNBOUNDED PRECEDING)
            """,
            parts=self._parts_sql(first),
            kinds=list(KINDS),
        )

    @api.model
    def _parts_sql(self, first: date | None) -> SQL:
        """Return the movements since ``first``, and one sum of those before.

        What changes nothing in this currency, as exchange differences do, is no row.
        """
        return SQL(
            """
            SELECT company_id, currency_id, kind, date, amount, move_id, payment_id, due
              FROM movement
             WHERE %(is_row)s AND date >= %(first)s
             UNION ALL
            SELECT company_id, currency_id, 'opening', NULL, SUM(amount),
                   NULL, NULL, NULL
              FROM movement WHERE date < %(first)s
             GROUP BY company_id, currency_id
            """,
            is_row=self._is_row_sql(),
            first=first or date.min,
        )

    @api.model
    def _is_row_sql(self) -> SQL:
        return SQL("(amount != 0 OR kind IN %s)", DOCUMENT_KINDS)

    @api.model
    def _summary_sql(self, scope: Mapping[str, Any], period: Period) -> SQL:
        """Return the query of the figures of each account."""
        return SQL(
            """
            %(entries)s
            SELECT moved.*, COALESCE(item.outstanding, 0) AS outstanding,
                   COALESCE(item.overdue, 0) AS overdue,
                   COALESCE(item.unapplied, 0) AS unapplied,
                   item.next_due, item.document_count, item.ageing
              FROM (SELECT company_id, currency_id,
                           COALESCE(SUM(amount) FILTER (WHERE date < %(first)s), 0)
                               AS opening,
                           SUM(amount) AS closing,
                           SUM(balance) AS ledger_closing,
                           COUNT(*) FILTER (WHERE date >= %(first)s AND %(is_row)s)
                               AS row_count
                      FROM movement GROUP BY company_id, currency_id) moved
              LEFT JOIN (%(open)s) item
                ON (item.company_id, item.currency_id)
                 = (moved.company_id, moved.currency_id)
              JOIN res_company company ON company.id = moved.company_id
              JOIN res_currency currency ON currency.id = moved.currency_id
             ORDER BY company.sequence, company.name, company.id,
                      moved.currency_id != company.currency_id, moved.currency_id
            """,
            entries=self._entries_sql(**scope),
            first=period.first or date.min,
            is_row=self._is_row_sql(),
            open=self._open_sql(period.last),
        )

    @api.model
    def _open_sql(self, last: date) -> SQL:
        """Return the query of what is open in each account on ``last``."""
        return SQL(
            """
            SELECT company_id, currency_id,
                   SUM(rest) FILTER (WHERE %(document)s) AS outstanding,
                   SUM(rest) FILTER (WHERE %(document)s AND due < %(last)s) AS overdue,
                   -SUM(rest) FILTER (WHERE kind = 'money') AS unapplied,
                   MIN(due) FILTER (WHERE %(document)s AND rest > 0
                                      AND due >= %(last)s) AS next_due,
                   COUNT(DISTINCT move_id) FILTER (WHERE %(document)s AND is_open)
                       AS document_count,
                   ARRAY[%(ageing)s] AS ageing
              FROM open_item
             GROUP BY company_id, currency_id
            """,
            document=SQL("kind IN %s", DOCUMENT_KINDS),
            last=last,
            ageing=self._ageing_sql(last),
        )

    @api.model
    def _ageing_sql(self, last: date) -> SQL:
        """Return the sums of open documents by their days past due on ``last``."""
        bands = []
        for low, high in AGEING_DAYS:
            bounds = [SQL("kind IN %s", DOCUMENT_KINDS)]
            bounds += [SQL("%s - due >= %s", last, low)] if low is not None else []
            bounds += [SQL("%s - due <= %s", last, high)] if high is not None else []
            condition = SQL(" AND ").join(bounds)
            bands.append(SQL("COALESCE(SUM(rest) FILTER (WHERE %s), 0)", condition))
        return SQL(", ").join(bands)

    @api.model
    def _documents_sql(
        self, scope: Mapping[str, Any], last: date, limit: int | None, offset: int
    ) -> SQL:
        """Return the query of the open documents, the longest due first."""
        return SQL(
            """
            %(entries)s
            SELECT item.company_id, item.currency_id, item.move_id, move.move_type,
                   move.name, COALESCE(move.invoice_date, move.date) AS date,
                   MIN(item.due) FILTER (WHERE item.is_open) AS due,
                   SUM(item.amount) AS amount, SUM(item.rest) AS remaining,
                   COALESCE(SUM(item.rest) FILTER (WHERE item.due < %(last)s), 0)
                       AS overdue
              FROM open_item item
              JOIN account_move move ON move.id = item.move_id
             WHERE item.kind IN %(documents)s
             GROUP BY item.company_id, item.currency_id, item.move_id, move.id
            HAVING BOOL_OR(item.is_open)
             ORDER BY due, item.move_id
             LIMIT %(limit)s OFFSET %(offset)s
            """,
            entries=self._entries_sql(**scope),
            last=last,
            documents=DOCUMENT_KINDS,
            limit=limit,
            offset=offset,
        )
