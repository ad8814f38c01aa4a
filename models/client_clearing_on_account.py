from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class ClientHubClearing(models.AbstractModel):
    """Bank receipts booked on account that bring payments without a journal entry.

    Nothing in the database ties the two, so the rule is narrow: same client, journal,
    currency and amount, and the receipt is the later one. Each receipt brings one
    payment, the oldest that still waits.
    """

    _inherit = "client.hub.clearing"

    @api.model
    def _pairs_on_account(self, pairs: SQL) -> SQL:
        """Return payments with the receipts on account that brought them.

        :param pairs: query of the payments and receipts that their documents tie, which
            come first; its columns are those of the result
        """
        return SQL(
            """
            WITH tied AS (%(pairs)s), counted AS (%(counted)s)
            SELECT * FROM tied
            UNION ALL
            SELECT payment.payment_id, payment.client_id, receipt.line_id,
                   receipt.move_id, TRUE, payment.balance, payment.balance,
                   receipt.balance
              FROM counted payment
              JOIN counted receipt
                ON receipt.client_id = payment.client_id
               AND receipt.journal_id = payment.journal_id
               AND receipt.currency_id = payment.currency_id
               AND receipt.amount = payment.amount
               AND receipt.receipts - receipt.strangers = payment.payments
             WHERE payment.payment_id > 0
               AND receipt.line_id > 0
               AND receipt.receipts - receipt.payments <= receipt.strangers
            """,
            pairs=pairs,
            counted=self._counted_on_account(),
        )

    @api.model
    def _counted_on_account(self) -> SQL:
        """Return payments and receipts, and how many of each have come until then.

        ``strangers`` are the earlier receipts that found no payment waiting.
        """
        return SQL(
            """
            SELECT counted.*, GREATEST(0, MAX(receipts - payments) OVER (
                       PARTITION BY client_id, journal_id, currency_id, amount
                       ORDER BY happened, line_id NULLS FIRST, payment_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                   )) AS strangers
              FROM (
                   SELECT waiting.*,
                          COUNT(payment_id) OVER past AS payments,
                          COUNT(line_id) OVER past AS receipts
                     FROM (%s UNION ALL %s) waiting
                   WINDOW past AS (
                          PARTITION BY client_id, journal_id, currency_id, amount
                          ORDER BY happened, line_id NULLS FIRST, payment_id)
                   ) counted
            """,
            self._waiting_payments(),
            self._receipts_on_account(),
        )

    @api.model
    def _waiting_payments(self) -> SQL:
        return SQL(
            """
            SELECT partner.commercial_partner_id AS client_id,
                   payment.journal_id,
                   payment.currency_id,
                   CASE payment.payment_type WHEN 'outbound' THEN -payment.amount
                   ELSE payment.amount END AS amount,
                   ABS(payment.amount_company_currency_signed) AS balance,
                   payment.create_date AS happened,
                   payment.id AS payment_id,
                   NULL::integer AS line_id,
                   NULL::integer AS move_id
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
             WHERE %s
               AND payment.amount_company_currency_signed != 0
               AND NOT EXISTS (SELECT FROM tied WHERE tied.payment_id = payment.id)
            """,
            self._has_no_entry(),
        )

    @api.model
    def _receipts_on_account(self) -> SQL:
        """Return the receipts of one client that were matched later, or never."""
        return SQL(
            """
            SELECT receipt.client_id,
                   move.journal_id,
                   COALESCE(statement.foreign_currency_id, statement.currency_id),
                   CASE WHEN statement.foreign_currency_id IS NULL
                   THEN statement.amount ELSE statement.amount_currency END,
                   ABS(receipt.amount),
                   item.create_date,
                   NULL,
                   receipt.line_id,
                   receipt.move_id
              FROM (%s) receipt
              JOIN account_move move ON move.id = receipt.move_id
              JOIN account_move_line item ON item.id = receipt.line_id
              JOIN account_bank_statement_line statement
                ON statement.move_id = receipt.move_id
             WHERE receipt.amount = receipt.liquidity
               AND NOT EXISTS (SELECT FROM tied WHERE tied.target_id = receipt.line_id)
               AND NOT EXISTS (
                   SELECT FROM account_partial_reconcile part
                    WHERE item.id IN (part.debit_move_id, part.credit_move_id)
                      AND part.create_date <= item.create_date)
            """,
            self.env["client.hub.bank.receipt"]._receipts(),
        )
