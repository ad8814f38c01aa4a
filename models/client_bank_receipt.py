from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class ClientHubBankReceipt(models.AbstractModel):
    """The SQL of bank receipts that are matched straight to receivables."""

    _name = "client.hub.bank.receipt"
    _description = "Bank Receipts on Receivables"

    @api.model
    def _receipts(self) -> SQL:
        """Return bank receipts on receivables: one row for each receipt and client.

        A receipt counts in full, whatever part of it is matched: of several clients
        the first gets what stands on no receivable. Of that, only what waits on the
        suspense account is unapplied; the rest is known, a bank fee for instance.
        """
        freed, unapplied = self._join_freed()
        return SQL(
            """
            SELECT MIN(line.id) AS line_id,
                   partner.commercial_partner_id AS client_id,
                   line.move_id, line.statement_line_id, line.company_id,
                   whole.liquidity,
                   -SUM(line.balance) + CASE WHEN whole.line_id = MIN(line.id)
                       THEN whole.liquidity + whole.receivable ELSE 0 END AS amount,
                   SUM(%(unapplied)s) - CASE WHEN whole.line_id = MIN(line.id)
                       THEN whole.suspense ELSE 0 END AS unapplied
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN account_journal journal ON journal.id = line.journal_id
              JOIN LATERAL (%(whole)s) whole ON TRUE
              %(freed)s
             WHERE account.account_type = 'asset_receivable'
               AND line.statement_line_id IS NOT NULL
               AND line.parent_state = 'posted'
             GROUP BY partner.commercial_partner_id, line.move_id, whole.line_id,
                      line.statement_line_id, line.company_id, whole.liquidity,
                      whole.receivable, whole.suspense
            """,
            freed=freed,
            unapplied=unapplied,
            whole=self._whole_receipt(SQL("line.move_id"), SQL("journal")),
        )

    @api.model
    def _join_freed(self) -> tuple[SQL, SQL]:
        """Return the join with what drafts hold of an item, and what is unapplied."""
        if not self.env["client.hub.clearing"]._known.frees:
            return SQL(), SQL("-line.amount_residual")
        return (
            SQL("LEFT JOIN (%s) freed ON freed.line_id = line.id", self._freed()),
            SQL("COALESCE(freed.amount, 0) - line.amount_residual"),
        )

    @api.model
    def _whole_receipt(self, move: SQL, journal: SQL) -> SQL:
        """Return what stands where in one bank receipt, and its first client's item.

        Run for each receipt, it must read nothing but the items of that receipt.
        """
        return SQL(
            """
            SELECT COALESCE(SUM(item.balance) FILTER (
                       WHERE item.account_id = %(journal)s.default_account_id), 0)
                       AS liquidity,
                   COALESCE(SUM(item.balance) FILTER (
                       WHERE item.account_id = %(journal)s.suspense_account_id), 0)
                       AS suspense,
                   SUM(item.balance) FILTER (WHERE item.is_receivable) AS receivable,
                   MIN(item.id) FILTER (
                       WHERE item.is_receivable AND item.partner_id IS NOT NULL
                   ) AS line_id
              FROM (SELECT id, account_id, partner_id, balance, account_id IN (
                        SELECT id FROM account_account
                         WHERE account_type = 'asset_receivable') AS is_receivable
                      FROM account_move_line WHERE move_id = %(move)s) item
            """,
            move=move,
            journal=journal,
        )

    @api.model
    def _freed(self) -> SQL:
        """Return what is matched with documents that were reset to draft, by item.

        Such a document stays matched, but settles nothing.
        """
        return SQL(
            """
            SELECT freed.line_id, SUM(freed.amount) AS amount
              FROM account_move_line draft
              JOIN LATERAL (
                   SELECT credit_move_id AS line_id, amount
                     FROM account_partial_reconcile
                    WHERE debit_move_id = draft.id
                    UNION ALL
                   SELECT debit_move_id, -amount
                     FROM account_partial_reconcile
                    WHERE credit_move_id = draft.id
                   ) freed ON TRUE
             WHERE %s
             GROUP BY freed.line_id
            """,
            self._is_matched_draft(),
        )

    @api.model
    def _is_matched_draft(self) -> SQL:
        """Return the condition on journal items of documents reset to draft."""
        return SQL("draft.parent_state = 'draft' AND draft.matching_number IS NOT NULL")
