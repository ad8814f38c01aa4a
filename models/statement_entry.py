from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools.statement import DOCUMENT_KINDS


class ClientHubStatement(models.AbstractModel):
    """Which entries stand on a statement, what they are, and what is open of them.

    The database cannot know how many entries a client has, and expects few: no join
    below may become slow when there are many. So entries are joined to other tables
    by index, and never to each other.
    """

    _inherit = "client.hub.statement"

    @api.model
    def _entries_sql(
        self,
        client_id: int,
        ledgers: Mapping[int, int],
        first: date,
        until: date | None,
        visible: SQL | None,
    ) -> SQL:
        """Return what all figures and rows come from, as common table expressions.

        What was open on the last day is ``open_item``; what makes the balance,
        ``booked``; what happened in the period, as a client knows it, ``movement``.

        :param client_id: the commercial partner
        :param ledgers: the company whose account it is, by company with entries
        :param first: first day of the period
        :param until: last day, None for all that is booked
        :param visible: condition on ``line`` and ``move``; None for all of it
        """
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s),
                 open_item AS MATERIALIZED (%(open_items)s),
                 settlement AS MATERIALIZED (%(settlements)s),
                 booked AS (%(booked)s),
                 entry AS MATERIALIZED (%(by_move)s),
                 movement AS MATERIALIZED (%(moves)s)
            """,
            items=self._items_sql(client_id, ledgers, until, visible),
            open_items=self._open_items_sql(until),
            settlements=self._settlements_sql(until, visible),
            booked=self._booked_sql(),
            by_move=self._by_move_sql(first),
            moves=self._moves_sql(first),
        )

    @api.model
    def _items_sql(
        self,
        client_id: int,
        ledgers: Mapping[int, int],
        until: date | None,
        visible: SQL | None,
    ) -> SQL:
        """Return the receivable journal items: what the ledger says the client owes."""
        return SQL(
            """
            SELECT line.id, line.move_id, ledger.company_id, line.currency_id,
                   line.date, line.amount_currency AS amount, line.balance,
                   line.amount_residual_currency AS residual,
                   line.matching_number IS NOT NULL AS is_matched,
                   COALESCE(line.date_maturity, line.invoice_date, line.date) AS due,
                   line.payment_id,
                   %(kind)s AS kind
              FROM res_partner partner
              JOIN account_move_line line ON line.partner_id = partner.id
              JOIN account_account account ON account.id = line.account_id
              JOIN unnest(%(branches)s::int[], %(companies)s::int[])
                   ledger (branch_id, company_id) ON ledger.branch_id = line.company_id
              %(only)s
             WHERE partner.commercial_partner_id = %(client)s
               AND account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND %(until)s
            """,
            branches=list(ledgers),
            companies=list(ledgers.values()),
            kind=self._kind_sql(),
            only=self._only_sql(visible),
            client=client_id,
            until=self._until_sql(SQL("line.date"), until),
        )

    @api.model
    def _kind_sql(self) -> SQL:
        # Core lets an item on a receivable account be a payment term if, and only if,
        # its document is a sale: nothing of the document needs to be read.
        return SQL(
            """
            CASE WHEN line.display_type = 'payment_term' THEN 'document'
                 WHEN line.payment_id IS NOT NULL
                   OR line.statement_line_id IS NOT NULL THEN 'money'
                 ELSE 'adjustment' END
            """
        )

    @api.model
    def _only_sql(self, visible: SQL | None) -> SQL:
        if visible is None:
            return SQL()
        return SQL("JOIN account_move move ON move.id = line.move_id AND (%s)", visible)

    @api.model
    def _until_sql(self, column: SQL, until: date | None) -> SQL:
        return SQL("%s <= %s", column, until) if until else SQL("TRUE")

    @api.model
    def _matches_sql(self) -> SQL:
        """Return how ``item`` is matched, with what each match changes of it."""
        return SQL(
            """
            SELECT id, TRUE AS is_debit, credit_move_id AS other_id, max_date AS date,
                   -debit_amount_currency AS amount, -amount AS balance
              FROM account_partial_reconcile WHERE debit_move_id = item.id
             UNION ALL
            SELECT id, FALSE, debit_move_id, max_date, credit_amount_currency, amount
              FROM account_partial_reconcile WHERE credit_move_id = item.id
            """
        )

    @api.model
    def _open_items_sql(self, until: date | None) -> SQL:
        """Return the items with what was open of them on the last day.

        That is what is open today, and what was settled later. Matching counts from
        the day on which both sides were booked. Money that is matched with a document
        which was reset to draft is unapplied, as in the figures of the client; hardly
        ever is there one, so that normally nothing is looked up.
        """
        return SQL(
            """
            SELECT item.company_id, item.currency_id, item.move_id, item.kind,
                   item.amount, item.due, currency.rounding / 2 AS least,
                   item.residual - CASE WHEN item.is_matched AND %(look)s THEN
                       COALESCE((
                           SELECT SUM(match.amount)
                             FROM (%(matches)s) match
                             JOIN account_move_line other ON other.id = match.other_id
                            WHERE NOT %(until)s
                               OR item.kind = 'money' AND other.parent_state != 'posted'
                       ), 0) ELSE 0 END AS rest
              FROM item
              JOIN res_currency currency ON currency.id = item.currency_id
            """,
            look=SQL("TRUE") if until else self._is_freed_sql(),
            matches=self._matches_sql(),
            until=self._until_sql(SQL("match.date"), until),
        )

    @api.model
    def _is_freed_sql(self) -> SQL:
        """Return whether ``item`` may be money matched with a draft."""
        return SQL(
            "item.kind = 'money' AND"
            " (SELECT EXISTS (SELECT FROM account_move_line draft WHERE %s))",
            self.env["client.hub.bank.receipt"]._is_matched_draft(),
        )

    @api.model
    def _settlements_sql(self, until: date | None, visible: SQL | None) -> SQL:
        """Return what changes the balance although it is no entry of the account.

        What settles a debt in another currency does so in both accounts: without it
        an invoice in euro paid in dollars would stay owed in euro, and the dollars
        credited, for ever. In company currency both rows cancel out.

        What settles a document but is not shown is a row of the document. So the
        balance of who sees a part of the account is what is open of that part.
        """
        some_foreign = SQL("(SELECT MIN(currency_id) != MAX(currency_id) FROM item)")
        return SQL(
            """
            SELECT company_id, currency_id, date, amount, balance,
                   CASE WHEN is_inside THEN other_move_id ELSE move_id END AS move_id,
                   CASE WHEN is_inside THEN 'conversion'
                        WHEN is_debit THEN 'payment' ELSE 'refund' END AS kind
              FROM (SELECT item.company_id, item.currency_id, item.move_id,
                           match.date, match.amount, match.balance, match.is_debit,
                           other.move_id AS other_move_id,
                           other.currency_id != item.currency_id AS is_foreign,
                           COUNT(*) OVER (PARTITION BY match.id) = 2 AS is_inside
                      FROM item
                      JOIN LATERAL (%(matches)s) match ON TRUE
                      JOIN account_move_line other ON other.id = match.other_id
                     WHERE item.is_matched AND other.parent_state = 'posted'
                       AND %(until)s AND %(look)s) match
             WHERE CASE WHEN is_inside THEN is_foreign ELSE %(is_part)s END
            """,
            matches=self._matches_sql(),
            until=self._until_sql(SQL("match.date"), until),
            look=SQL("TRUE") if visible else some_foreign,
            is_part=SQL("TRUE") if visible else SQL("FALSE"),
        )

    @api.model
    def _booked_sql(self) -> SQL:
        columns = SQL("company_id, currency_id, date, amount, balance")
        return SQL(
            "SELECT %s FROM item UNION ALL SELECT %s FROM settlement", columns, columns
        )

    @api.model
    def _by_move_sql(self, first: date) -> SQL:
        """Return one row for each entry: the instalments of a document are one.

        ``money`` is what a payment brought that settles more than its amount, None for
        other entries.
        """
        return SQL(
            """
            SELECT entry.*, SIGN(entry.amount) * payment.amount AS money
              FROM (SELECT company_id, currency_id, date, move_id, payment_id, kind,
                           MAX(due) AS due, SUM(amount) AS amount
                      FROM item WHERE date >= %s
                     GROUP BY company_id, currency_id, date, move_id, payment_id, kind
                   ) entry
              LEFT JOIN account_payment payment
                ON payment.id = entry.payment_id
               AND entry.kind = 'money'
               AND payment.currency_id = entry.currency_id
               AND payment.amount < ABS(entry.amount)
            """,
            first,
        )

    @api.model
    def _moves_sql(self, first: date) -> SQL:
        """Return the entries of the period as a client knows them.

        A payment that settles more than its amount carries a write-off or a discount:
        a row of its own. What changes nothing in this currency, as exchange
        differences do, is no row.
        """
        return SQL(
            """
            SELECT * FROM (
                SELECT company_id, currency_id, date, move_id,
                       CASE WHEN kind = 'adjustment' THEN kind
                            WHEN kind = 'money' AND amount > 0 THEN 'refund'
                            WHEN kind = 'money' THEN 'payment'
                            WHEN amount < 0 THEN 'credit_note' ELSE 'invoice' END
                       AS kind,
                       payment_id, due, COALESCE(money, amount) AS amount
                  FROM entry
                 UNION ALL
                SELECT company_id, currency_id, date, move_id, 'adjustment', NULL, NULL,
                       amount - money
                  FROM entry WHERE money IS NOT NULL
                 UNION ALL
                SELECT company_id, currency_id, date, move_id, kind, NULL, NULL, amount
                  FROM settlement WHERE date >= %(first)s) movement
             WHERE amount != 0 OR kind IN %(documents)s
            """,
            first=first,
            documents=DOCUMENT_KINDS,
        )
