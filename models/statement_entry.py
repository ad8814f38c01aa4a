from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL


class ClientHubStatement(models.AbstractModel):
    """Which entries stand on a statement, what they are, and what is open of them."""

    _inherit = "client.hub.statement"

    @api.model
    def _entries_sql(
        self,
        client_id: int,
        ledgers: Mapping[int, int],
        until: date | None,
        visible: SQL | None,
    ) -> SQL:
        """Return the common table expressions ``open_item`` and ``movement``.

        :param client_id: the commercial partner
        :param ledgers: the company whose account it is, by company with entries
        :param until: last day, None for all that is booked
        :param visible: condition on ``line``, ``move`` and ``partner`` of what is
            shown; None for the whole account
        """
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s),
                 open_item AS (%(open_items)s),
                 entry AS (%(by_move)s),
                 movement AS (%(moves)s UNION ALL %(conversions)s %(hidden)s)
            """,
            items=self._items_sql(client_id, ledgers, until, visible or SQL("TRUE")),
            open_items=self._open_items_sql(until),
            by_move=self._by_move_sql(),
            moves=self._moves_sql(),
            conversions=self._conversions_sql(),
            hidden=self._hidden_sql(until) if visible else SQL(),
        )

    @api.model
    def _items_sql(
        self,
        client_id: int,
        ledgers: Mapping[int, int],
        until: date | None,
        visible: SQL,
    ) -> SQL:
        """Return the receivable journal items: what the ledger says the client owes."""
        return SQL(
            """
            SELECT line.id, line.move_id, ledger.company_id, line.currency_id,
                   line.date, line.amount_currency AS amount, line.balance,
                   COALESCE(line.date_maturity, move.invoice_date, line.date) AS due,
                   move.origin_payment_id AS payment_id,
                   %(kind)s AS kind
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN unnest(%(branches)s::int[], %(companies)s::int[])
                   ledger (branch_id, company_id) ON ledger.branch_id = line.company_id
             WHERE partner.commercial_partner_id = %(client)s
               AND account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND %(until)s
               AND %(visible)s
            """,
            kind=self._kind_sql(),
            branches=list(ledgers),
            companies=list(ledgers.values()),
            client=client_id,
            until=self._until_sql(SQL("line.date"), until),
            visible=visible,
        )

    @api.model
    def _kind_sql(self) -> SQL:
        return SQL(
            """
            CASE WHEN line.display_type = 'payment_term'
                  AND move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                 WHEN line.display_type = 'payment_term'
                  AND move.move_type = 'out_refund' THEN 'credit_note'
                 WHEN move.origin_payment_id IS NOT NULL
                   OR move.statement_line_id IS NOT NULL THEN 'money'
                 ELSE 'adjustment' END
            """
        )

    @api.model
    def _until_sql(self, column: SQL, until: date | None) -> SQL:
        return SQL("%s <= %s", column, until) if until else SQL("TRUE")

    @api.model
    def _open_items_sql(self, until: date | None) -> SQL:
        """Return the items with what was open of them on the last day.

        Matching counts from the day on which both sides were booked. What is matched
        with a document that was reset to draft is open again.
        """
        return SQL(
            """
            SELECT item.*, rest.amount AS rest,
                   ABS(rest.amount) >= currency.rounding / 2 AS is_open
              FROM item
              JOIN res_currency currency ON currency.id = item.currency_id
              LEFT JOIN LATERAL (
                   SELECT SUM(part.amount) AS amount
                     FROM (SELECT -debit_amount_currency AS amount,
                                  credit_move_id AS other_id, max_date
                             FROM account_partial_reconcile
                            WHERE debit_move_id = item.id
                            UNION ALL
                           SELECT credit_amount_currency, debit_move_id, max_date
                             FROM account_partial_reconcile
                            WHERE credit_move_id = item.id) part
                     JOIN account_move_line other ON other.id = part.other_id
                    WHERE other.parent_state = 'posted' AND %s
                   ) matched ON TRUE
              JOIN LATERAL (
                   SELECT item.amount + COALESCE(matched.amount, 0) AS amount
                   ) rest ON TRUE
            """,
            self._until_sql(SQL("part.max_date"), until),
        )

    @api.model
    def _by_move_sql(self) -> SQL:
        """Return one row for each entry: the instalments of a document are one."""
        return SQL(
            """
            SELECT company_id, currency_id, date, move_id, payment_id, kind,
                   MAX(due) AS due, SUM(amount) AS amount, SUM(balance) AS balance
              FROM item
             GROUP BY company_id, currency_id, date, move_id, payment_id, kind
            """
        )

    @api.model
    def _moves_sql(self) -> SQL:
        """Return the entries as a client knows them.

        A payment that settles more than its amount carries a write-off or a discount:
        a row of its own.
        """
        return SQL(
            """
            SELECT entry.company_id, entry.currency_id, entry.date, entry.move_id,
                   part.payment_id, part.kind, part.amount, part.balance,
                   CASE WHEN part.kind = 'invoice' THEN entry.due END AS due
              FROM entry
              LEFT JOIN account_payment payment
                ON payment.id = entry.payment_id
               AND entry.kind = 'money'
               AND payment.currency_id = entry.currency_id
               AND payment.amount < ABS(entry.amount)
              JOIN LATERAL (
                   SELECT SIGN(entry.amount) * payment.amount AS amount,
                          SIGN(entry.balance)
                          * ABS(payment.amount_company_currency_signed) AS balance
                   ) money ON TRUE
              JOIN LATERAL (VALUES (
                       CASE WHEN entry.kind != 'money' THEN entry.kind
                            WHEN entry.amount > 0 THEN 'refund' ELSE 'payment' END,
                       entry.payment_id,
                       COALESCE(money.amount, entry.amount),
                       COALESCE(money.balance, entry.balance)
                   ), (
                       'adjustment', NULL,
                       entry.amount - money.amount, entry.balance - money.balance
                   )) part (kind, payment_id, amount, balance)
                ON part.amount IS NOT NULL
            """
        )

    @api.model
    def _conversions_sql(self) -> SQL:
        """Return what settles a debt in another currency, in both accounts.

        Without it an invoice in euro paid in dollars would stay owed in euro, and the
        dollars credited, for ever. In company currency both rows cancel out.
        """
        return SQL(
            """
            SELECT part.company_id, part.currency_id, match.max_date, part.move_id,
                   NULL::int, 'conversion', part.amount, part.balance, NULL::date
              FROM account_partial_reconcile match
              JOIN item debit ON debit.id = match.debit_move_id
              JOIN item credit ON credit.id = match.credit_move_id
              JOIN LATERAL (VALUES (
                       debit.company_id, debit.currency_id, credit.move_id,
                       -match.debit_amount_currency, -match.amount
                   ), (
                       credit.company_id, credit.currency_id, debit.move_id,
                       match.credit_amount_currency, match.amount
                   )) part (company_id, currency_id, move_id, amount, balance) ON TRUE
             WHERE debit.currency_id != credit.currency_id
            """
        )

    @api.model
    def _hidden_sql(self, until: date | None) -> SQL:
        """Return what settles a document but is not shown, as rows of the document.

        So the balance of who sees a part of the account is what is open of that part.
        """
        return SQL(
            """
            UNION ALL
            SELECT item.company_id, item.currency_id, match.max_date, item.move_id,
                   NULL::int, part.kind, part.amount, part.balance, NULL::date
              FROM item
              JOIN account_partial_reconcile match
                ON item.id IN (match.debit_move_id, match.credit_move_id)
              JOIN account_move_line other
                ON other.id = match.debit_move_id + match.credit_move_id - item.id
              JOIN LATERAL (
                   SELECT 'payment' AS kind, -match.debit_amount_currency AS amount,
                          -match.amount AS balance
                    WHERE item.id = match.debit_move_id
                    UNION ALL
                   SELECT 'refund', match.credit_amount_currency, match.amount
                    WHERE item.id = match.credit_move_id
                   ) part ON TRUE
             WHERE other.parent_state = 'posted'
               AND other.id NOT IN (SELECT id FROM item)
               AND %s
            """,
            self._until_sql(SQL("match.max_date"), until),
        )
