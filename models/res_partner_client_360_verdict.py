from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import format_amount
from odoo.tools.misc import babel_locale_parse, formatLang, get_lang

from .res_partner_client_360 import GROUPS


class ResPartner(models.Model):
    """Whether a client is good for more, in one sentence."""

    _inherit = "res.partner"

    client_verdict = fields.Char(
        string="Credit", compute="_compute_client_verdict", groups=GROUPS
    )

    @api.depends("client_standing", "client_overdue")
    @api.depends_context("company", "lang", "uid")
    def _compute_client_verdict(self) -> None:
        overdue = self.env["client.hub.figure"]._read_overdue(
            self.commercial_partner_id._origin.ids
        )
        for partner in self:
            row = overdue.get(partner.commercial_partner_id._origin.id)
            partner.client_verdict = partner._get_client_verdict(row)

    def _get_client_verdict(self, overdue: dict[str, Any] | None) -> str | bool:
        """Return in one sentence whether the client is good for more.

        :param overdue: number of overdue documents and oldest due date, if any
        """
        self.ensure_one()
        currency = self.env.company.currency_id
        if overdue and currency.compare_amounts(self.client_overdue, 0) > 0:
            return self._get_client_debt(overdue["count"], overdue["oldest"])
        if not self.client_paid_invoice_count:
            return False
        days = self._format_client_days(self.client_days_to_pay)
        if self.client_days_late <= 0:
            return self.env._("Pays on time, %(days)s on average", days=days)
        return self.env._(
            "Pays late, %(days)s on average, %(late)s after the due date",
            days=days,
            late=self.client_days_late,
        )

    def _get_client_debt(self, count: int, oldest: date) -> str:
        """Return what is overdue, in one sentence.

        :param count: of overdue documents
        :param oldest: due date among them
        """
        today = self.env["client.hub.figure"]._get_today()
        values = {
            "count": formatLang(self.env, count, digits=0),
            "amount": format_amount(
                self.env, self.client_overdue, self.env.company.currency_id
            ),
            "days": self._format_client_days((today - oldest).days),
        }
        if count == 1:
            return self.env._(
                "Owes 1 overdue invoice, %(amount)s since %(days)s", **values
            )
        return self.env._(
            "Owes %(count)s overdue invoices, %(amount)s since %(days)s", **values
        )

    @api.model
    def _format_client_days(self, days: int) -> str:
        """Return "1 day" or "61 days", in the language of the user."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_timedelta(
            timedelta(days), granularity="day", threshold=math.inf, locale=locale
        )
