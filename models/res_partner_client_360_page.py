from __future__ import annotations

from typing import Any

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.client_360 import AGEING
from .client_figure import SALE_TYPES
from .res_partner_client_360 import GROUPS

MONTHS = 12
_CORE_TOTAL = (
    ".//button[@name='action_view_partner_invoices']//field[@name='total_invoiced']"
)
_HIDDEN_CREDIT_LIMITS = (
    ".//group[@name='credit_limits'][@invisible='not show_credit_limit']"
)


class ResPartner(models.Model):
    """The page of a client: what stands around the figures."""

    _inherit = "res.partner"

    client_chart = fields.Json(compute="_compute_client_chart", groups=GROUPS)
    client_ageing = fields.Json(compute="_compute_client_ageing", groups=GROUPS)
    client_by_currency = fields.Json(
        compute="_compute_client_by_currency", groups=GROUPS
    )
    client_last_payment_date = fields.Date(
        string="Last Payment", compute="_compute_client_payments", groups=GROUPS
    )
    client_last_payment_amount = fields.Monetary(
        string="Last Payment Amount",
        compute="_compute_client_payments",
        currency_field="client_currency_id",
        groups=GROUPS,
    )
    client_days_to_pay = fields.Integer(
        string="Average Days to Pay",
        compute="_compute_client_payments",
        groups=GROUPS,
        help="From the date of an invoice to the day it was fully paid, for the latest"
        " 50 paid invoices.",
    )
    client_days_late = fields.Integer(
        string="Average Days Late",
        compute="_compute_client_payments",
        groups=GROUPS,
        help="From the due date of an invoice to the day it was fully paid; negative"
        " when paid early.",
    )
    client_paid_invoice_count = fields.Integer(
        compute="_compute_client_payments", groups=GROUPS
    )

    # ---------------------------------------------------------------- the form

    @api.model
    def _get_view_cache_key(
        self, view_id: int | None = None, view_type: str = "form", **options: Any
    ) -> tuple[Any, ...]:
        """EXTENDS base: the form differs between companies, see :meth:`_get_view`."""
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company.account_use_credit_limit)

    @api.model
    def _get_view(
        self, view_id: int | None = None, view_type: str = "form", **options: Any
    ) -> tuple[Any, models.BaseModel]:
        """EXTENDS base: leave out what core adds up of a client for no use.

        Its untaxed total beside ours would confuse. Its credit limits, for companies
        that have none, are hidden in the browser only, once they are read.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        if view.type != "form":
            return arch, view
        useless = arch.findall(_CORE_TOTAL)
        if not self.env.company.account_use_credit_limit:
            useless += arch.findall(_HIDDEN_CREDIT_LIMITS)
        for node in useless:
            node.getparent().remove(node)
        return arch, view

    # ------------------------------------------------------------ around figures

    @api.depends_context("company", "lang", "uid")
    def _compute_client_chart(self) -> None:
        """Invoiced against received in each of the last twelve months."""
        for partner in self:
            client = partner.commercial_partner_id._origin
            partner.client_chart = client._get_client_chart() if client else False

    def _get_client_chart(self) -> dict[str, Any]:
        self.ensure_one()
        figures = self.env["client.hub.figure"]
        first = figures._get_today().replace(day=1) - relativedelta(months=MONTHS - 1)
        months = [first + relativedelta(months=number) for number in range(MONTHS)]
        invoiced, received = figures._read_months(self.id, first)
        return {
            "labels": [
                format_date(self.env, month, date_format="MMM yyyy") for month in months
            ],
            "datasets": [
                {
                    "label": self.env._("Invoiced"),
                    "data": [invoiced.get(month, 0.0) for month in months],
                },
                {
                    "label": self.env._("Received"),
                    "data": [received.get(month, 0.0) for month in months],
                },
            ],
            "currency_id": self.env.company.currency_id.id,
        }

    @api.depends(*AGEING)
    @api.depends_context("company", "lang", "uid")
    def _compute_client_ageing(self) -> None:
        for partner in self:
            partner.client_ageing = {
                "currency_id": self.env.company.currency_id.id,
                "buckets": [
                    {
                        "name": name,
                        "label": self._fields[name]._description_string(self.env),
                        "amount": partner[name],
                    }
                    for name in AGEING
                ],
            }

    @api.depends_context("company", "uid")
    def _compute_client_by_currency(self) -> None:
        """Figures in the currency of the documents, for clients with several."""
        rows = self.env["client.hub.figure"]._read_currencies(
            self.commercial_partner_id._origin.ids
        )
        for partner in self:
            client = partner.commercial_partner_id._origin
            partner.client_by_currency = rows.get(client.id, False)

    @api.depends_context("company", "uid")
    def _compute_client_payments(self) -> None:
        clients = self.commercial_partner_id._origin
        rows = self.env["client.hub.figure"]._read_payments(clients.ids)
        for partner in self:
            row = rows.get(partner.commercial_partner_id._origin.id) or {}
            partner.client_last_payment_date = row.get("date")
            partner.client_last_payment_amount = row.get("amount", 0.0)
            partner.client_days_to_pay = row.get("days", 0)
            partner.client_days_late = row.get("late", 0)
            partner.client_paid_invoice_count = row.get("count", 0)

    # ---------------------------------------------------------------- buttons

    def action_client_invoiced(self) -> dict[str, Any]:
        """Open the documents that Total Invoiced sums."""
        domain = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("state", "=", "posted"),
            ("move_type", "in", SALE_TYPES),
        ]
        return self._get_client_list(self.env._("Invoiced"), "account.move", domain)

    def action_client_paid(self) -> dict[str, Any]:
        """Open the money that Total Paid sums."""
        return self._get_client_list(
            self.env._("Received"), "client.hub.money.received", self._client_domain()
        )

    def action_client_outstanding(self) -> dict[str, Any]:
        """Open the items that Outstanding sums."""
        return self._get_client_list(
            self.env._("Outstanding"), "client.hub.open.item", self._client_domain()
        )

    def action_client_overdue(self) -> dict[str, Any]:
        """Open the items that Overdue sums."""
        today = self.env["client.hub.figure"]._get_today()
        return self._get_client_list(
            self.env._("Overdue"),
            "client.hub.open.item",
            [*self._client_domain(), ("date_maturity", "<", today)],
        )

    def action_client_new_estimate(self) -> dict[str, Any]:
        """Open a new quotation with this client filled in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Estimate"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_client_register_payment(self) -> dict[str, Any]:
        """Open the payment of what is open, or of a prepayment if nothing is."""
        self.ensure_one()
        items = self.env["client.hub.open.item"].search(
            [*self._client_domain(), ("amount", ">", 0)]
        )
        if items:
            return items.move_id.action_register_payment()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Payment"),
            "res_model": "account.payment",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                "default_payment_type": "inbound",
                "default_partner_type": "customer",
            },
        }

    def _client_domain(self) -> list[tuple[str, str, Any]]:
        self.ensure_one()
        return [("client_id", "=", self.commercial_partner_id.id)]

    def _get_client_list(
        self, name: str, model: str, domain: list[Any]
    ) -> dict[str, Any]:
        self.ensure_one()
        # Also those that the user has not switched on now; the current one stays first.
        companies = self.env["client.hub.figure"]._get_company_ids()
        current = self.env.company.id
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": [*domain, ("company_id", "in", companies)],
            "context": {
                "create": False,
                "allowed_company_ids": [current, *sorted({*companies} - {current})],
            },
        }
