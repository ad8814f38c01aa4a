from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL

from .client_clearing import DEPENDS


class ClientHubMoneyReceived(models.Model):
    """Money really received from clients, less what was paid back.

    The only source of the figure Total Paid, of the list its button opens, of the
    chart and of the history. Rows are customer payments, and bank receipts matched
    straight to a receivable.
    """

    _name = "client.hub.money.received"
    _inherit = "client.hub.rows"
    _description = "Money Received"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = DEPENDS

    date = fields.Date(readonly=True)
    name = fields.Char(string="Number", readonly=True)
    memo = fields.Char(readonly=True)
    source = fields.Selection(
        [("payment", "Payment"), ("bank", "Bank Receipt")], readonly=True
    )
    amount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Received, in company currency; negative when paid back.",
    )
    unapplied = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="The part not yet matched with an invoice, in company currency.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_in_currency = fields.Monetary(
        currency_field="currency_id", string="In Currency", readonly=True
    )
    payment_id = fields.Many2one("account.payment", readonly=True)
    move_id = fields.Many2one("account.move", string="Journal Entry", readonly=True)

    @property
    def _clearing(self) -> models.AbstractModel:
        return self.env["client.hub.clearing"]

    @property
    def _table_query(self) -> SQL:
        columns = ("client_id", "company_id", "date", "name", "memo", "source")
        columns += ("amount", "unapplied", "currency_id", "amount_in_currency")
        columns += ("payment_id", "move_id")
        queries = self._get_queries()
        return self._union(queries, columns, len(queries))

    def _get_queries(self) -> tuple[SQL, SQL]:
        """Return the query of payments and that of bank receipts."""
        model = self.with_env(self._clearing._with_known().env)
        return model._select_payments(), model._select_bank_receipts()

    def _select_payments(self) -> SQL:
        """Return the rows of customer payments, from posting on."""
        return SQL(
            """
            SELECT payment.id,
                   'payment' AS source,
                   partner.commercial_partner_id AS client_id,
                   payment.company_id,
                   payment.date, payment.name, payment.memo,
                   payment.amount_company_currency_signed AS amount,
                   %(unapplied)s AS unapplied,
                   payment.currency_id,
                   CASE payment.payment_type WHEN 'outbound' THEN -payment.amount
                   ELSE payment.amount END AS amount_in_currency,
                   payment.id AS payment_id,
                   payment.move_id
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
              %(shares)s
              %(freed)s
             WHERE payment.partner_type = 'customer'
               AND payment.state IN ('in_process', 'paid')
            """,
            unapplied=self._unapplied(),
            shares=self._shares_by_payment(),
            freed=self._freed_by_entry(),
        )

    def _unapplied(self) -> SQL:
        with_entry = self._unapplied_with_entry()
        if not self._clearing._known.clears:
            return with_entry
        return SQL(
            "CASE WHEN payment.move_id IS NULL THEN %s ELSE %s END",
            self._unapplied_without_entry(),
            with_entry,
        )

    def _shares_by_payment(self) -> SQL:
        """Return the join with what of a payment is cleared, and what it covers."""
        clearing = self._clearing
        if not clearing._known.clears:
            return SQL()
        return SQL(
            """
            LEFT JOIN (%s) cleared
              ON cleared.payment_id = payment.id
             AND cleared.client_id = partner.commercial_partner_id
            LEFT JOIN (%s) covered
              ON covered.payment_id = payment.id
             AND covered.client_id = partner.commercial_partner_id
            """,
            clearing._by_payment(clearing._cleared()),
            clearing._by_payment(clearing._covered()),
        )

    def _unapplied_with_entry(self) -> SQL:
        """Return what is open on the receivable, and what drafts hold of it.

        Most payments are matched in full, and their items need not be looked at.
        """
        frees = self._clearing._known.frees
        return SQL(
            """
            %s - CASE WHEN payment.is_reconciled THEN 0 ELSE (
            SELECT COALESCE(SUM(line.amount_residual) FILTER (
                       WHERE line.account_id IN (
                           SELECT id FROM account_account
                            WHERE account_type = 'asset_receivable')), 0)
              FROM account_move_line line
             WHERE line.move_id = payment.move_id
            ) END
            """,
            SQL("COALESCE(freed.amount, 0)") if frees else SQL("0"),
        )

    def _freed_by_entry(self) -> SQL:
        """Return the join with what drafts hold of a payment's journal entry."""
        if not self._clearing._known.frees:
            return SQL()
        return SQL(
            """
            LEFT JOIN (
                 SELECT line.move_id, SUM(freed.amount) AS amount
                   FROM (%s) freed
                   JOIN account_move_line line ON line.id = freed.line_id
                   JOIN account_account account ON account.id = line.account_id
                  WHERE account.account_type = 'asset_receivable'
                  GROUP BY line.move_id
                 ) freed ON freed.move_id = payment.move_id
            """,
            self.env["client.hub.bank.receipt"]._freed(),
        )

    def _unapplied_without_entry(self) -> SQL:
        """Return what a payment without entry neither covers nor finds at the bank.

        One that is paid without either was settled by other means, if the documents
        it is attached to are posted.
        """
        return SQL(
            """
            CASE WHEN payment.state = 'paid'
                  AND cleared.amount IS NULL AND covered.amount IS NULL
                  AND EXISTS (
                      SELECT FROM account_move__account_payment link
                        JOIN account_move invoice ON invoice.id = link.invoice_id
                       WHERE link.payment_id = payment.id
                         AND invoice.state = 'posted'
                  ) THEN 0
            ELSE payment.amount_company_currency_signed
                 - SIGN(payment.amount_company_currency_signed)
                 * (COALESCE(cleared.amount, 0) + COALESCE(covered.amount, 0)) END
            """
        )

    def _select_bank_receipts(self) -> SQL:
        """Return the rows of bank receipts matched straight to a receivable.

        What a payment without journal entry has brought does not count again. The
        entry and the statement line exist always, but only as outer joins does the
        database leave them out where it needs none of their columns.
        """
        cleared, new = self._join_cleared()
        return SQL(
            """
            SELECT receipt.line_id AS id,
                   'bank' AS source,
                   receipt.client_id,
                   receipt.company_id,
                   move.date, move.name,
                   statement.payment_ref AS memo,
                   new.amount,
                   receipt.unapplied,
                   statement.currency_id,
                   statement.amount * new.amount / NULLIF(receipt.liquidity, 0)
                       AS amount_in_currency,
                   NULL::integer AS payment_id,
                   receipt.move_id
              FROM (%(receipts)s) receipt
              LEFT JOIN account_move move ON move.id = receipt.move_id
              LEFT JOIN account_bank_statement_line statement
                ON statement.id = receipt.statement_line_id
              %(cleared)s
              JOIN LATERAL (SELECT %(new)s AS amount) new
                ON new.amount != 0 OR receipt.unapplied != 0
            """,
            receipts=self.env["client.hub.bank.receipt"]._receipts(),
            cleared=cleared,
            new=new,
        )

    def _join_cleared(self) -> tuple[SQL, SQL]:
        """Return the join with what a receipt clears, and what of it is new money."""
        clearing = self._clearing
        if not clearing._known.clears:
            return SQL(), SQL("receipt.amount")
        return (
            SQL(
                "LEFT JOIN (%s) cleared ON cleared.target_id = receipt.line_id"
                " AND cleared.client_id = receipt.client_id",
                clearing._by_target(clearing._cleared()),
            ),
            SQL("receipt.amount - SIGN(receipt.amount) * COALESCE(cleared.amount, 0)"),
        )

    def _get_document(self) -> models.BaseModel:
        """OVERRIDE: the payment, or the journal entry of a bank receipt."""
        return self.payment_id or self.move_id
