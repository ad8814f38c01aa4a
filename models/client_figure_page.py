from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.client_360 import INVOICES, MONEY, OPEN_ITEMS

#: how many paid invoices of a client are looked at, the latest ones
LATEST_PAID = 50


class ClientHubFigure(models.AbstractModel):
    """What the page of a client shows beside the figures."""

    _inherit = "client.hub.figure"

    @api.model
    def _read_months(
        self, client_id: int, first: date
    ) -> tuple[dict[date, float], dict[date, float]]:
        """Return what was invoiced and received, by first day of the month.

        :param first: day from which on
        """
        return (
            self._read_month(INVOICES, "invoice_date", client_id, first),
            self._read_month(MONEY, "date", client_id, first),
        )

    @api.model
    def _read_month(
        self, source: str, column: str, client_id: int, first: date
    ) -> dict[date, float]:
        column_sql = SQL.identifier("source", column)
        query = SQL(
            "SELECT date_trunc('month', %s)::date, SUM(source.amount) FROM %s"
            " WHERE source.client_id = %s AND source.company_id = ANY(%s) AND %s >= %s"
            " GROUP BY 1",
            column_sql,
            self._source(source),
            client_id,
            self._get_company_ids(),
            column_sql,
            first,
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _read_currencies(
        self, client_ids: Sequence[int]
    ) -> dict[int, list[dict[str, Any]]]:
        """Return invoiced and outstanding by client and currency of the documents.

        :return: of clients with documents in foreign currency; the others' are not
            read
        """
        invoiced = self._read_by_currency(INVOICES, client_ids)
        own = self.env.company.currency_id.id
        foreign = {client for client, currency in invoiced if currency != own}
        outstanding = self._read_by_currency(OPEN_ITEMS, foreign) if foreign else {}
        rows: dict[int, list[dict[str, Any]]] = {client: [] for client in foreign}
        for (client, currency), amount in invoiced.items():
            if client in foreign:
                rows[client].append(
                    {
                        "currency_id": currency,
                        "invoiced": amount,
                        "outstanding": outstanding.get((client, currency), 0.0),
                    }
                )
        return rows

    @api.model
    def _read_by_currency(
        self, source: str, client_ids: Collection[int]
    ) -> dict[tuple[int, int], float]:
        query = SQL(
            "SELECT client_id, currency_id, SUM(amount_in_currency) FROM %s"
            " WHERE client_id = ANY(%s) AND company_id = ANY(%s)"
            " GROUP BY client_id, currency_id ORDER BY currency_id",
            self._source(source),
            list(client_ids),
            self._get_company_ids(),
        )
        return {
            (client, currency): amount
            for client, currency, amount in self.env.execute_query(query)
        }

    @api.model
    def _read_overdue(self, client_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the number of overdue documents and the oldest due date by client."""
        query = SQL(
            "SELECT source.client_id, COUNT(DISTINCT source.move_id),"
            " MIN(source.date_maturity) FROM %s"
            " WHERE source.client_id = ANY(%s) AND source.company_id = ANY(%s)"
            " AND source.date_maturity < %s AND source.amount > 0"
            " GROUP BY source.client_id",
            self._source(OPEN_ITEMS),
            list(client_ids),
            self._get_company_ids(),
            self._get_today(),
        )
        return {
            client_id: {"count": count, "oldest": oldest}
            for client_id, count, oldest in self.env.execute_query(query)
        }

    @api.model
    def _read_payments(self, client_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return by client the last payment, and average days to pay and past due."""
        rows: dict[int, dict[str, Any]] = {}
        for client_id, day, amount in self.env.execute_query(
            self._last_payment_query(client_ids)
        ):
            rows[client_id] = {"date": day, "amount": amount}
        for client_id, days, late, count in self.env.execute_query(
            self._days_to_pay_query(client_ids)
        ):
            rows.setdefault(client_id, {}).update(
                days=round(days), late=round(late), count=count
            )
        return rows

    def _last_payment_query(self, client_ids: Sequence[int]) -> SQL:
        return SQL(
            "SELECT DISTINCT ON (source.client_id)"
            " source.client_id, source.date, source.amount FROM %s"
            " WHERE source.client_id = ANY(%s) AND source.company_id = ANY(%s)"
            " AND source.amount > 0"
            " ORDER BY source.client_id, source.date DESC, source.id DESC",
            self._source(MONEY),
            list(client_ids),
            self._get_company_ids(),
        )

    def _days_to_pay_query(self, client_ids: Sequence[int]) -> SQL:
        """Return the query of the days from invoice, and due date, to full payment.

        Only money counts: what a credit note or a write-off has settled says nothing
        about how the client pays. The latest invoices say how they pay today, and
        take the same time to read for every client.
        """
        return SQL(
            """
            SELECT client.id, AVG(settled.day - paid.invoice_date),
                   AVG(settled.day - paid.invoice_date_due), COUNT(*)
              FROM unnest(%(clients)s::int[]) client (id)
              JOIN LATERAL (
                   SELECT id, invoice_date, invoice_date_due
                     FROM account_move
                    WHERE commercial_partner_id = client.id
                      AND company_id = ANY(%(companies)s)
                      AND state = 'posted'
                      AND move_type IN ('out_invoice', 'out_receipt')
                      AND payment_state IN ('paid', 'in_payment')
                    ORDER BY invoice_date DESC, id DESC
                    LIMIT %(latest)s
                   ) paid ON TRUE
              JOIN LATERAL (%(settled)s) settled ON settled.day IS NOT NULL
             GROUP BY client.id
            """,
            clients=list(client_ids),
            companies=self._get_company_ids(),
            settled=self._settlement_query(),
            latest=LATEST_PAID,
        )

    def _settlement_query(self) -> SQL:
        """Return the query of the day on which money settled the invoice ``paid``."""
        self._flush_days_to_pay()
        return SQL(
            """
            SELECT MAX(part.max_date) AS day
              FROM account_move_line line
              JOIN account_partial_reconcile part ON part.debit_move_id = line.id
              JOIN account_move_line other ON other.id = part.credit_move_id
              JOIN account_move money ON money.id = other.move_id
             WHERE line.move_id = paid.id
               AND line.display_type = 'payment_term'
               AND (money.origin_payment_id > 0 OR money.statement_line_id > 0)
            """
        )

    def _flush_days_to_pay(self) -> None:
        self.env["account.partial.reconcile"].flush_model(
            ["debit_move_id", "credit_move_id", "max_date"]
        )
        self.env["account.move"].flush_model(
            [
                "invoice_date",
                "invoice_date_due",
                "origin_payment_id",
                "payment_state",
                "statement_line_id",
            ]
        )
