from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner_client_360 import GROUPS


class AccountMove(models.Model):
    """A document whose online payment the client disputes is nobody's to pay."""

    _inherit = "account.move"

    client_is_disputed = fields.Boolean(
        string="Online Payment Disputed",
        compute="_compute_client_is_disputed",
        search="_search_client_is_disputed",
        groups=GROUPS,
        help="The client's bank takes back an online payment of this document. Until"
        " that is decided, it cannot be paid online, and no reminder is sent.",
    )

    @api.depends("transaction_ids.client_dispute_ids.is_open")
    def _compute_client_is_disputed(self) -> None:
        disputed = self._get_client_disputed()
        for move in self:
            move.client_is_disputed = move in disputed

    def _search_client_is_disputed(self, operator: str, value: Iterable[Any]) -> Domain:
        if operator != "in":
            return NotImplemented
        # sudo: whoever may see documents may know which of them are disputed.
        disputes_sudo = self.env["client.hub.stripe.dispute"].sudo()
        disputed = disputes_sudo.search([("is_open", "=", True)])
        inside = Domain("id", "in", disputed.transaction_id.invoice_ids.ids)
        return Domain.OR(inside if one else ~inside for one in set(value))

    def _get_client_disputed(self) -> models.BaseModel:
        """Return those of these documents whose payment is disputed; one query."""
        # sudo: clients are told that they cannot pay, not more.
        disputes_sudo = self.env["client.hub.stripe.dispute"].sudo()
        open_sudo = disputes_sudo.search(
            [("is_open", "=", True), ("transaction_id.invoice_ids", "in", self.ids)]
        )
        ids = set(open_sudo.transaction_id.invoice_ids.ids)
        return self.filtered(lambda move: move.id in ids)

    def _has_to_be_paid(self) -> bool:
        """EXTENDS account_payment: not while it is disputed."""
        # sudo: clients are told that they cannot pay, not more. The field is read for
        # all rows of a list at once.
        return super()._has_to_be_paid() and not self.sudo().client_is_disputed

    def _get_online_payment_error(self) -> str:
        """EXTENDS account_payment: say why."""
        error = super()._get_online_payment_error()
        # sudo: see above.
        if self.sudo().client_is_disputed:
            more = self.env._("An online payment of it is disputed with your bank.")
            error = f"{error}\n{more}" if error else more
        return error
