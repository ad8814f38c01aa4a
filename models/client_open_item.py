from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL

from .client_clearing import DEPENDS


class ClientHubOpenItem(models.Model):
    """What is open on posted sale documents, instalment by instalment.

    The only source of the figures Outstanding and Overdue, of the lists their buttons
    open, and of the ageing.
    """

    _name = "client.hub.open.item"
    _inherit = "client.hub.rows"
    _description = "Open Item"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_id"
    _depends = DEPENDS

    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    amount = fields.Monetary(
        currency_field="company_currency_id",
        string="Open Amount",
        readonly=True,
        help="In company currency; credit notes are negative.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_in_currency = fields.Monetary(
        currency_field="currency_id", string="In Currency", readonly=True
    )

    @property
    def _table_query(self) -> SQL:
        """Return the open instalments, less what payments in process cover of them."""
        covered, rest = self._join_covered()
        return SQL(
            """
            SELECT line.id,
                   move.commercial_partner_id AS client_id,
                   move.company_id,
                   move.id AS move_id,
                   move.invoice_date,
                   COALESCE(line.date_maturity, move.invoice_date) AS date_maturity,
                   rest.amount,
                   move.currency_id,
                   line.amount_residual_currency * rest.amount / line.amount_residual
                       AS amount_in_currency
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
              %(covered)s
              JOIN LATERAL (SELECT %(rest)s AS amount) rest ON rest.amount != 0
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND move.amount_residual_signed != 0
               AND line.display_type = 'payment_term'
               AND line.amount_residual != 0
            """,
            covered=covered,
            rest=rest,
        )

    def _join_covered(self) -> tuple[SQL, SQL]:
        """Return the join with what payments cover of an item, and what is left."""
        clearing = self.env["client.hub.clearing"]._with_known()
        if not clearing._known.clears:
            return SQL(), SQL("line.amount_residual")
        return (
            SQL(
                "LEFT JOIN (%s) covered ON covered.target_id = line.id"
                " AND covered.client_id = move.commercial_partner_id",
                clearing._by_target(clearing._covered()),
            ),
            SQL(
                "line.amount_residual"
                " - SIGN(line.amount_residual) * COALESCE(covered.amount, 0)"
            ),
        )

    def _get_document(self) -> models.BaseModel:
        """OVERRIDE: the document of which this is open."""
        return self.move_id
