from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from odoo import fields, models

if TYPE_CHECKING:
    from typing import Self

_TODAY = "client_hub_money_event"


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_receivable_lines(self) -> models.BaseModel:
        """Return the items of these documents on the account of the client."""
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _is_money_or_difference(self) -> bool:
        """Tell whether this is money that went, or an exchange difference: no debt."""
        return bool(
            self.origin_payment_id
            or self.statement_line_id
            or self.exchange_diff_partial_ids
        )

    def _get_accounting_date(
        self, invoice_date: date, has_tax: bool, lock_dates: Any = None
    ) -> date:
        """EXTENDS account: what follows from a money event is not dated back.

        Unmatching reverses exchange differences and cash-basis taxes; Odoo dates that
        into the month of the old entry while it is open.
        """
        if self.env.context.get(_TODAY):
            invoice_date = max(invoice_date, fields.Date.context_today(self))
        return super()._get_accounting_date(invoice_date, has_tax, lock_dates)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _client_hub_today(self) -> Self:
        """Return these items so that what matching them entails is dated today."""
        return self.with_context(**{_TODAY: True})


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _client_hub_today(self) -> Self:
        """Return these matchings so that what undoing them entails is dated today."""
        return self.with_context(**{_TODAY: True})
