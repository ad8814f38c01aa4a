from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.sql_search import search_in_sql

ESTIMATE_STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("expired", "Expired"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected by Client"),
    ("cancelled", "Cancelled"),
]


class SaleOrder(models.Model):
    """An estimate as the client's page shows it: its answer, when and by whom."""

    _name = "sale.order"
    _inherit = ["sale.order", "client.hub.overdue.warning"]

    client_rejected_on = fields.Datetime(
        string="Rejected on", copy=False, readonly=True, groups="base.group_user"
    )
    client_rejected_by_id = fields.Many2one(
        "res.partner",
        string="Rejected by",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    client_estimate_state = fields.Selection(
        ESTIMATE_STATES,
        string="Estimate",
        compute="_compute_client_estimate",
        search="_search_client_estimate_state",
        groups="base.group_user",
    )
    client_answered_on = fields.Datetime(
        string="Answered on",
        compute="_compute_client_estimate",
        groups="base.group_user",
    )
    client_answered_by = fields.Char(
        string="Answered by",
        compute="_compute_client_estimate",
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "validity_date",
        "signed_on",
        "signed_by",
        "date_order",
        "client_rejected_on",
        "client_rejected_by_id",
    )
    def _compute_client_estimate(self) -> None:
        for order in self:
            order.client_estimate_state = order._get_client_estimate_state()
            rejected = order.client_estimate_state == "rejected"
            accepted = order.state == "sale"
            order.client_answered_on = (
                order.client_rejected_on
                if rejected
                else accepted and (order.signed_on or order.date_order)
            )
            order.client_answered_by = (
                order.client_rejected_by_id.display_name
                if rejected
                else accepted and (order.signed_by or order.user_id.display_name)
            )

    def _get_client_estimate_state(self) -> str:
        self.ensure_one()
        if self.state == "sale":
            return "accepted"
        if self.state == "cancel":
            return "rejected" if self.client_rejected_on else "cancelled"
        today = self.env["client.hub.figure"]._get_today()
        if self.validity_date and self.validity_date < today:
            return "expired"
        return self.state

    def _search_client_estimate_state(self, operator: str, value: Any) -> Domain:
        """Search by the answer of the client, on the server."""
        return search_in_sql(self, "client_estimate_state", operator, value)

    def _field_to_sql(
        self, alias: str, field_expr: str, query: Query | None = None
    ) -> SQL:
        """EXTENDS base: let the database sort and group by the client's answer."""
        if field_expr != "client_estimate_state":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return SQL(
            "CASE WHEN %(state)s = 'sale' THEN 'accepted'"
            " WHEN %(state)s = 'cancel' AND %(rejected)s IS NOT NULL THEN 'rejected'"
            " WHEN %(state)s = 'cancel' THEN 'cancelled'"
            " WHEN %(validity)s < %(today)s THEN 'expired' ELSE %(state)s END",
            state=self._field_to_sql(alias, "state", query),
            rejected=self._field_to_sql(alias, "client_rejected_on", query),
            validity=self._field_to_sql(alias, "validity_date", query),
            today=self.env["client.hub.figure"]._get_today(),
        )

    def action_draft(self) -> bool:
        """EXTENDS sale: an estimate offered again has no answer yet."""
        result = super().action_draft()
        # sudo: salespeople may reset orders of which they may not write every field.
        self.sudo().write({"client_rejected_on": False, "client_rejected_by_id": False})
        return result
