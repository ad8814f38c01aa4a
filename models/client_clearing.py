from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

# What the queries below read, so that it is flushed before.
DEPENDS = {
    "account.payment": [
        "amount",
        "amount_company_currency_signed",
        "company_id",
        "currency_id",
        "date",
        "is_reconciled",
        "journal_id",
        "memo",
        "move_id",
        "name",
        "partner_id",
        "partner_type",
        "payment_type",
        "state",
    ],
    "account.move": [
        "amount_residual_signed",
        "commercial_partner_id",
        "company_id",
        "currency_id",
        "date",
        "invoice_date",
        "journal_id",
        "matched_payment_ids",
        "move_type",
        "name",
        "payment_state",
        "state",
    ],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "amount_residual_currency",
        "balance",
        "date_maturity",
        "display_type",
        "move_id",
        "journal_id",
        "matching_number",
        "parent_state",
        "partner_id",
        "statement_line_id",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
    ],
    "account.bank.statement.line": [
        "amount",
        "amount_currency",
        "company_id",
        "currency_id",
        "foreign_currency_id",
        "move_id",
        "payment_ref",
    ],
    "account.account": ["account_type"],
    "account.journal": ["default_account_id", "suspense_account_id"],
    "res.partner": ["commercial_partner_id"],
}


class ClientHubClearing(models.AbstractModel):
    """Bank receipts, and payments without a journal entry that wait for them.

    With Enterprise a payment may have no journal entry. It is only attached to its
    documents, whose residuals change when the bank line is matched with them. So the
    same money is seen twice, and these queries say how much of it is the same: what
    the bank has *cleared* of a payment, and what a payment not yet cleared *covers*
    of the open items.
    """

    _name = "client.hub.clearing"
    _description = "Clearing of Payments by the Bank"

    @api.model
    def _cleared(self) -> SQL:
        """Return how much of payments without entry stands in bank receipts.

        A receipt clears the payments attached to the documents it is matched with,
        if they are older than the matching; or else a payment of its very amount.
        """
        return self._share_out(self._pairs_on_account(self._pairs_by_document()))

    @api.model
    def _pairs_by_document(self) -> SQL:
        return SQL(
            """
            SELECT payment.id AS payment_id,
                   partner.commercial_partner_id AS client_id,
                   receipt.line_id AS target_id,
                   receipt.move_id AS target_order,
                   BOOL_OR(part.amount = ABS(payment.amount_company_currency_signed)
                           OR payment.amount IN (part.debit_amount_currency,
                                                 part.credit_amount_currency)
                   ) AS is_exact,
                   ABS(payment.amount_company_currency_signed) AS payment_amount,
                   ABS(%(at_payment_rate)s) AS target_amount,
                   ABS(receipt.amount) AS target_balance
              FROM %(matched_payments)s
              JOIN (%(receipts)s) receipt
                ON receipt.move_id = bank.move_id
               AND receipt.client_id = partner.commercial_partner_id
             WHERE %(waits)s
               AND receipt.amount * payment.amount_company_currency_signed > 0
             GROUP BY payment.id, partner.id, statement.id, receipt.line_id,
                      receipt.move_id, receipt.amount, receipt.liquidity
            """,
            at_payment_rate=self._at_payment_rate(),
            matched_payments=self._matched_payments(),
            receipts=self.env["client.hub.bank.receipt"]._receipts(),
            waits=self._has_no_entry(),
        )

    @api.model
    def _matched_payments(self) -> SQL:
        """Return the join from payments over their documents to bank lines."""
        return SQL(
            """
            account_payment payment
            JOIN res_partner partner ON partner.id = payment.partner_id
            JOIN account_move__account_payment link ON link.payment_id = payment.id
            JOIN account_move_line item
              ON item.move_id = link.invoice_id
             AND item.display_type = 'payment_term'
            JOIN account_partial_reconcile part
              ON (part.debit_move_id = item.id OR part.credit_move_id = item.id)
             AND part.create_date >= payment.create_date
            JOIN account_move_line bank
              ON bank.id = part.debit_move_id + part.credit_move_id - item.id
            JOIN account_bank_statement_line statement
              ON statement.id = bank.statement_line_id
            """
        )

    @api.model
    def _at_payment_rate(self) -> SQL:
        """Return a receipt in company currency, at the rate of the payment.

        So a payment in foreign currency is cleared whatever rate the bank gave.
        """
        return SQL(
            """
            receipt.amount * COALESCE(
                payment.amount_company_currency_signed / NULLIF(payment.amount, 0)
                * CASE payment.currency_id
                  WHEN statement.foreign_currency_id THEN statement.amount_currency
                  WHEN statement.currency_id THEN statement.amount END
                / NULLIF(receipt.liquidity, 0),
            1)
            """
        )

    @api.model
    def _covered(self) -> SQL:
        """Return how much of open items is covered by payments not yet cleared."""
        return self._share_out(
            SQL(
                """
                SELECT payment.id AS payment_id,
                       partner.commercial_partner_id AS client_id,
                       item.id AS target_id,
                       ROW(item.date_maturity, item.id) AS target_order,
                       FALSE AS is_exact,
                       ABS(payment.amount_company_currency_signed)
                           - COALESCE(cleared.amount, 0) AS payment_amount,
                       ABS(item.amount_residual) AS target_amount,
                       ABS(item.amount_residual) AS target_balance
                  FROM account_payment payment
                  JOIN res_partner partner ON partner.id = payment.partner_id
                  JOIN account_move__account_payment link
                    ON link.payment_id = payment.id
                  JOIN account_move invoice ON invoice.id = link.invoice_id
                  JOIN account_move_line item ON item.move_id = invoice.id
                  LEFT JOIN (%(cleared)s) cleared
                    ON cleared.payment_id = payment.id
                   AND cleared.client_id = partner.commercial_partner_id
                 WHERE %(waits)s
                   AND (payment.state = 'in_process'
                        OR invoice.payment_state IN ('in_payment', 'paid'))
                   AND invoice.state = 'posted'
                   AND item.display_type = 'payment_term'
                   AND item.amount_residual * payment.amount_company_currency_signed > 0
                """,
                waits=self._has_no_entry(),
                cleared=self._by_payment(self._cleared()),
            )
        )

    @api.model
    def _has_no_entry(self) -> SQL:
        return SQL(
            "payment.move_id IS NULL AND payment.partner_type = 'customer'"
            " AND payment.state IN ('in_process', 'paid')"
        )

    @api.model
    def _by_payment(self, shares: SQL) -> SQL:
        return SQL(
            "SELECT client_id, payment_id, ROUND(SUM(target_amount * share), 4)"
            " AS amount FROM (%s) shares GROUP BY client_id, payment_id",
            shares,
        )

    @api.model
    def _by_target(self, shares: SQL) -> SQL:
        return SQL(
            "SELECT client_id, target_id, ROUND(SUM(target_balance * share), 4)"
            " AS amount FROM (%s) shares GROUP BY client_id, target_id",
            shares,
        )

    @api.model
    def _share_out(self, pairs: SQL) -> SQL:
        """Return which share of its targets each payment takes.

        Those of the very same amount come first, then those that come first.

        :param pairs: query of payments and their targets, with client_id, payment_id,
            payment_amount, target_id, target_order, target_amount (as the payment
            values it), target_balance and is_exact; amounts positive
        """
        return SQL(
            """
            SELECT client_id, payment_id, target_id, target_amount, target_balance,
                   GREATEST(0, LEAST(wanted, 1 - COALESCE(SUM(wanted) OVER (
                       PARTITION BY client_id, target_id
                       ORDER BY is_exact DESC, payment_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                   ), 0))) AS share
              FROM (
                   SELECT pair.*,
                          GREATEST(0, LEAST(target_amount, payment_amount
                              - COALESCE(SUM(target_amount) OVER (
                                  PARTITION BY client_id, payment_id
                                  ORDER BY is_exact DESC, target_order
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                              ), 0))) / target_amount AS wanted
                     FROM (%s) pair
                   ) wish
            """,
            pairs,
        )
