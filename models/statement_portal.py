from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.statement import Block, Period, PeriodError, Statement, read_period


class ClientHubStatement(models.AbstractModel):
    """What of the account a user of the portal sees: always their own client's."""

    _inherit = "client.hub.statement"

    @api.model
    def _get_portal(self, period: Period, **kwargs: Any) -> Statement:
        """Return the statement of the user's client with all companies they deal with.

        Nothing a browser sends names the client.

        :param kwargs: see :meth:`_get`
        """
        user = self.env.user
        return self._get(
            user.partner_id.commercial_partner_id,
            period,
            user.sudo().company_ids,  # sudo: portal users know who bills them
            visible=self._get_portal_visible_sql(),
            **kwargs,
        )

    @api.model
    def _get_portal_totals(self) -> list[Block]:
        """Return the figures of the user's accounts today, without any rows."""
        today = self.env["client.hub.figure"]._get_today()
        nothing = {"rows": slice(0), "documents": slice(0)}
        return self._get_portal(Period(today, today), **nothing).blocks

    @api.model
    def _get_portal_visible_sql(self) -> SQL | None:
        """Return what of the account the user sees, None for all of it.

        Staff in the portal are not their company's clients: they see what is addressed
        to themselves. Extend it to narrow what contacts see.
        """
        user = self.env.user
        if not user._is_internal():
            return None
        return SQL("move.partner_id = %s", user.partner_id.id)

    @api.model
    def _read_period(
        self, filterby: str = "", date_from: str = "", date_to: str = ""
    ) -> Period:
        """Return the period that somebody asks for, today being that of the company.

        :raise PeriodError: see :func:`read_period`
        """
        today = self.env["client.hub.figure"]._get_today()
        return read_period(today, filterby, date_from, date_to)

    @api.model
    def _get_period_error(self, error: PeriodError) -> str:
        """Return what is wrong with the dates and what to do, for a person."""
        if error.reason == "reversed":
            return self.env._(
                "From: the first day is after the last day. Exchange the two dates, or"
                " choose a period."
            )
        return self.env._(
            "From, To: “%(text)s” is not a date. Choose one from the calendar, or write"
            " it as 2024-12-31.",
            text=error.value,
        )

    @api.model
    def _get_period_labels(self) -> dict[str, str]:
        """Return the names of the periods that can be chosen, in their order."""
        return {
            "last_12_months": self.env._("Last 12 months"),
            "this_month": self.env._("This month"),
            "last_month": self.env._("Last month"),
            "this_quarter": self.env._("This quarter"),
            "last_quarter": self.env._("Last quarter"),
            "this_year": self.env._("This year"),
            "last_year": self.env._("Last year"),
            "all": self.env._("Everything"),
        }

    @api.model
    def _get_kind_labels(self) -> dict[str, str]:
        """Return what the kinds of rows are called."""
        return {
            "invoice": self.env._("Invoice"),
            "credit_note": self.env._("Credit note"),
            "receipt": self.env._("Receipt"),
            "payment": self.env._("Payment"),
            "refund": self.env._("Money paid back"),
            "adjustment": self.env._("Adjustment"),
            "conversion": self.env._("Settled in another currency"),
        }

    @api.model
    def _get_ageing_labels(self) -> list[str]:
        """Return what the bands of the ageing are called."""
        return [
            self.env._("Not due"),
            self.env._("1-30 days"),
            self.env._("31-60 days"),
            self.env._("61-90 days"),
            self.env._("Over 90 days"),
        ]

    @api.model
    def _get_labels(self) -> dict[str, Any]:
        """Return the words that page, PDF and spreadsheet share, in the language."""
        return {
            "kinds": self._get_kind_labels(),
            "ageing": self._get_ageing_labels(),
        }
