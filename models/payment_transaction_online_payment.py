from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from odoo import api, fields, models

if TYPE_CHECKING:
    from ..tools.online_payment import Payable

_NAMES = 10


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    # Core's domain hides receipts, and the entries of money that is set off.
    invoice_ids = fields.Many2many(domain=[])
    client_account_id = fields.Many2one(
        "account.account",
        string="Receivable Account Paid Online",
        copy=False,
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    @api.model
    def _prepare_checkout_values(
        self, payable: Payable, provider_sudo: models.BaseModel, landing_route: str
    ) -> dict[str, Any]:
        """EXTENDS client_hub: what is paid is on one account, whatever else is due."""
        values = super()._prepare_checkout_values(payable, provider_sudo, landing_route)
        return values | {"client_account_id": payable.account.id}

    def _prepare_checkout_params(self, payable: Payable) -> dict[str, Any]:
        """EXTENDS client_hub: the company says how long the page is open."""
        params = super()._prepare_checkout_params(payable)
        minutes = int(payable.company.sudo().client_hub_pay_minutes)
        return params | {"expires_at": int(time.time()) + minutes * 60}

    def _get_client_pay_names(self) -> str:
        """Return the numbers of what is paid, as the payer may see them."""
        self.ensure_one()
        names = self.invoice_ids.filtered(lambda move: move.is_invoice()).mapped("name")
        more = len(names) - _NAMES
        shown = ", ".join(sorted(filter(None, names))[:_NAMES])
        return (
            self.env._("%(names)s and %(more)s more", names=shown, more=more)
            if (more > 0)
            else shown
        )
