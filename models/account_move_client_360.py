from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.sql_search import search_in_sql

INVOICE_STATES = [
    ("draft", "Draft"),
    ("posted", "Not Sent"),
    ("sent", "Sent"),
    ("partial", "Partially Paid"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("reversed", "Reversed"),
    ("cancel", "Cancelled"),
]


class AccountMove(models.Model):
    """A document as the client's page shows it: where it stands, in one word."""

    _name = "account.move"
    _inherit = ["account.move", "client.hub.overdue.warning"]

    client_invoice_state = fields.Selection(
        INVOICE_STATES,
        string="Invoice Status",
        compute="_compute_client_invoice_state",
        search="_search_client_invoice_state",
        groups="base.group_user",
    )

    @api.depends(
        "state", "payment_state", "is_move_sent", "invoice_date_due", "amount_residual"
    )
    def _compute_client_invoice_state(self) -> None:
        today = self.env["client.hub.figure"]._get_today()
        for move in self:
            move.client_invoice_state = move._get_client_invoice_state(today)

    def _get_client_invoice_state(self, today: fields.Date) -> str:
        self.ensure_one()
        if self.state != "posted":
            return self.state
        if self.payment_state in ("paid", "in_payment"):
            return "paid"
        if self.payment_state == "reversed":
            return "reversed"
        if self._has_client_overdue_instalment(today):
            return "overdue"
        if self.payment_state == "partial":
            return "partial"
        return "sent" if self.is_move_sent else "posted"

    def _has_client_overdue_instalment(self, today: fields.Date) -> bool:
        return any(
            line.display_type == "payment_term"
            and line.amount_residual > 0
            and line.date_maturity
            and line.date_maturity < today
            for line in self.line_ids
        )

    def _search_client_invoice_state(self, operator: str, value: Any) -> Domain:
        """Search by the state in one word, on the server."""
        return search_in_sql(self, "client_invoice_state", operator, value)

    def _field_to_sql(
        self, alias: str, field_expr: str, query: Query | None = None
    ) -> SQL:
        """EXTENDS account: let the database sort and group by the state."""
        if field_expr != "client_invoice_state":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        self.env["account.move.line"].flush_model(
            ["amount_residual", "date_maturity", "display_type", "move_id"]
        )
        return SQL(
            "CASE WHEN %(state)s != 'posted' THEN %(state)s"
            " WHEN %(paid)s IN ('paid', 'in_payment') THEN 'paid'"
            " WHEN %(paid)s = 'reversed' THEN 'reversed'"
            " WHEN EXISTS (SELECT FROM account_move_line line"
            " WHERE line.move_id = %(id)s AND line.display_type = 'payment_term'"
            " AND line.amount_residual > 0 AND line.date_maturity < %(today)s)"
            " THEN 'overdue'"
            " WHEN %(paid)s = 'partial' THEN 'partial'"
            " WHEN %(sent)s THEN 'sent' ELSE 'posted' END",
            state=self._field_to_sql(alias, "state", query),
            paid=self._field_to_sql(alias, "payment_state", query),
            id=SQL.identifier(alias, "id"),
            sent=self._field_to_sql(alias, "is_move_sent", query),
            today=self.env["client.hub.figure"]._get_today(),
        )

    def _is_new_client_work(self) -> bool:
        """OVERRIDE: an invoice or receipt that is still a draft."""
        self.ensure_one()
        return self.state == "draft" and self.move_type in (
            "out_invoice",
            "out_receipt",
        )
