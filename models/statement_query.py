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
        "date",
        "invoice_date",
        "move_type",
        "name",
        "partner_id",
        "ref",
        "statement_line_id",
    ],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "amount_residual_currency",
        "balance",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "display_type",
        "invoice_date",
        "matching_number",
        "move_id",
        "parent_state",
        "partner_id",
        "payment_id",
        "statement_line_id",
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
        "currency_id",
        "memo",
    ],
    "res.partner": ["commercial_partner_id"],
}


class ClientHubStatement(models.AbstractModel):
    """The query of statements: one for all figures and rows, from the same entries."""

    _inherit = "client.hub.statement"

    @api.model
    def _flush(self) -> None:
        for model, names in _DEPENDS.items():
            self.env[model].flush_model(names)

    @api.model
    def _accounts_sql(
        self, scope: Mapping[str, Any], period: Period, rows: slice, documents: slice
    ) -> SQL:
        """Return the query of the accounts: what a ``Block`` holds, by name.

        :param scope: see :meth:`_entries_sql`
        :param rows: which rows, and which open ``documents``; see :meth:`_get`
        """
        first = period.first or date.min
        return SQL(
            """
            %(entries)s,
                 account AS MATERIALIZED (%(balances)s),
                 document AS MATERIALIZED (%(documents)s)
            SELECT account.company_id, account.currency_id, account.opening,
                   account.closing, account.ledger_closing,
                   open.outstanding, open.overdue, open.unapplied, open.next_due,
                   open.ageing, counted.row_count, listed.document_count,
                   page.rows, listed.documents
              FROM account
              LEFT JOIN (%(open)s) open USING (company_id, currency_id)
              LEFT JOIN (SELECT company_id, currency_id, COUNT(*) AS row_count
                           FROM movement GROUP BY 1, 2
                        ) counted USING (company_id, currency_id)
              LEFT JOIN (%(page)s) page USING (place)
              LEFT JOIN (%(listed)s) listed USING (company_id, currency_id)
             ORDER BY account.place
            """,
            entries=self._entries_sql(**scope, first=first),
            balances=self._balances_sql(first),
            documents=self._documents_sql(period.last),
            open=self._open_sql(period.last),
            page=self._page_sql(rows),
            listed=self._listed_sql(documents),
        )

    @api.model
    def _balances_sql(self, first: date) -> SQL:
        """Return each account with its balances and its place among the others."""
        return SQL(
            """
            SELECT booked.*,
                   ROW_NUMBER() OVER (
                       ORDER BY company.sequence, company.name, company.id,
                                booked.currency_id != company.currency_id,
                                booked.currency_id) AS place
              FROM (SELECT company_id, currency_id,
                           COALESCE(SUM(amount) FILTER (WHERE date < %s), 0)
                               AS opening,
                           SUM(amount) AS closing, SUM(balance) AS ledger_closing
                      FROM booked GROUP BY company_id, currency_id) booked
              JOIN res_company company ON company.id = booked.company_id
            """,
            first,
        )

    # ------------------------------------------------------------------- the rows

    @api.model
    def _page_sql(self, part: slice) -> SQL:
        """Return the rows of a page, in order, as one list for each account."""
        return SQL(
            """
            SELECT line.place,
                   json_agg(json_build_array(
                       CASE WHEN line.kind = 'invoice' AND move.move_type = 'out_refund'
                            THEN 'credit_note' ELSE line.kind END,
                       line.date, line.amount, line.balance, line.move_id,
                       line.payment_id, move.name,
                       CASE WHEN line.kind IN %(documents)s THEN move.ref
                            WHEN line.kind IN ('payment', 'refund')
                            THEN COALESCE(payment.memo, bank.payment_ref) END,
                       move.move_type, line.due) ORDER BY line.position) AS rows
              FROM (%(lines)s ORDER BY place, position %(limit)s) line
              JOIN account_move move ON move.id = line.move_id
              LEFT JOIN account_payment payment ON payment.id = line.payment_id
              LEFT JOIN account_bank_statement_line bank
                ON bank.id = move.statement_line_id
             GROUP BY line.place
            """,
            documents=DOCUMENT_KINDS,
            lines=self._lines_sql(),
            limit=_limit(part),
        )

    @api.model
    def _lines_sql(self) -> SQL:
        """Return the movements of the period with the balance after each."""
        return SQL(
            """
            SELECT account.place, movement.*,
                   account.opening + SUM(movement.amount) OVER so_far AS balance,
                   ROW_NUMBER() OVER so_far AS position
              FROM movement
              JOIN account USING (company_id, currency_id)
            WINDOW so_far AS (
                   PARTITION BY account.place
                   ORDER BY movement.date,
                            array_position(%s::text[], movement.kind),
                            movement.move_id, movement.amount
                   ROWS UNBOUNDED PRECEDING)
            """,
            list(KINDS),
        )

    # -------------------------------------------------------------- what is open

    @api.model
    def _open_sql(self, last: date) -> SQL:
        """Return the figures of what is open in each account on ``last``."""
        return SQL(
            """
            SELECT company_id, currency_id,
                   SUM(rest) FILTER (WHERE kind = 'document') AS outstanding,
                   SUM(rest) FILTER (WHERE kind = 'document' AND due < %(last)s)
                       AS overdue,
                   -SUM(rest) FILTER (WHERE kind = 'money') AS unapplied,
                   MIN(due) FILTER (WHERE kind = 'document' AND rest > 0
                                      AND due >= %(last)s) AS next_due,
                   ARRAY[%(ageing)s] AS ageing
              FROM open_item WHERE rest != 0
             GROUP BY company_id, currency_id
            """,
            last=last,
            ageing=self._ageing_sql(last),
        )

    @api.model
    def _ageing_sql(self, last: date) -> SQL:
        """Return the sums of open documents by their days past due on ``last``."""
        bands = []
        for low, high in AGEING_DAYS:
            bounds = [SQL("kind = 'document'")]
            bounds += [SQL("%s - due >= %s", last, low)] if low is not None else []
            bounds += [SQL("%s - due <= %s", last, high)] if high is not None else []
            condition = SQL(" AND ").join(bounds)
            bands.append(SQL("COALESCE(SUM(rest) FILTER (WHERE %s), 0)", condition))
        return SQL(", ").join(bands)

    @api.model
    def _documents_sql(self, last: date) -> SQL:
        """Return the open documents, whose instalments are one."""
        return SQL(
            """
            SELECT company_id, currency_id, move_id,
                   MIN(due) FILTER (WHERE ABS(rest) >= least) AS due,
                   SUM(amount) AS amount, SUM(rest) AS remaining,
                   COALESCE(SUM(rest) FILTER (WHERE due < %s), 0) AS overdue
              FROM open_item WHERE kind = 'document'
             GROUP BY company_id, currency_id, move_id
            HAVING BOOL_OR(ABS(rest) >= least)
            """,
            last,
        )

    @api.model
    def _listed_sql(self, part: slice) -> SQL:
        """Return the open documents of a page, the longest due first, and their number.

        As one list for each account.
        """
        return SQL(
            """
            SELECT company_id, currency_id, counted.document_count, page.documents
              FROM (SELECT company_id, currency_id, COUNT(*) AS document_count
                      FROM document GROUP BY company_id, currency_id) counted
              LEFT JOIN (
                   SELECT document.company_id, document.currency_id,
                          json_agg(json_build_array(
                              document.move_id, move.move_type, move.name,
                              COALESCE(move.invoice_date, move.date), document.due,
                              document.amount, document.remaining, document.overdue
                          ) ORDER BY document.due, document.move_id) AS documents
                     FROM (SELECT * FROM document ORDER BY due, move_id %s) document
                     JOIN account_move move ON move.id = document.move_id
                    GROUP BY document.company_id, document.currency_id
                   ) page USING (company_id, currency_id)
            """,
            _limit(part),
        )


def _limit(part: slice) -> SQL:
    """Return the clause that cuts a page out of many rows."""
    start = part.start or 0
    count = None if part.stop is None else part.stop - start
    return SQL("LIMIT %s OFFSET %s", count, start)
