from __future__ import annotations

import stripe

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import consteq
from odoo.tools.urls import urljoin

from odoo.addons.payment import utils as payment_utils

from ..tools import online_payment as tools

RETURN_ROUTE = "/my/pay/return"
_PAID = ("pending", "authorized", "done")


class PaymentTransaction(models.Model):
    """How a visit to the page that Stripe hosts ends."""

    _inherit = "payment.transaction"

    # ------------------------------------------------------------ closing

    @api.model
    def _close_open_checkouts(self, invoices: models.BaseModel) -> PaymentTransaction:
        """Close the open pages for these documents; who pays later pays a new one.

        :return: the transactions, in sudo, that could not be closed as they were paid
            or are being paid; they are booked if they were
        :raises UserError: if Stripe cannot be asked
        """
        # sudo: they are closed whoever opened them.
        open_sudo = self.sudo().search(
            Domain("state", "=", "draft")
            & Domain("client_checkout_session", "!=", False)
            & Domain("invoice_ids", "in", invoices.ids)
        )
        for transaction_sudo in open_sudo:
            transaction_sudo._close_checkout()
        return open_sudo.filtered(lambda one: one.state in _PAID)

    def _close_checkout(self) -> None:
        """Close the page of this transaction; if that is too late, book what came.

        A provider that is out of use and cannot be asked keeps nobody from paying.

        :raises UserError: if Stripe cannot be asked
        """
        self.ensure_one()
        self._lock_for_stripe()
        if not self.provider_id.stripe_secret_key:
            return
        try:
            self._expire_checkout()
        except UserError:
            if self.provider_id.state != "disabled":
                raise

    def _expire_checkout(self) -> None:
        options = self.provider_id._stripe_once()
        with self.provider_id._stripe_errors(self._get_not_opened_error()) as client:
            try:
                client.v1.checkout.sessions.expire(
                    self.client_checkout_session, None, options
                )
                self._set_canceled()
            except stripe.InvalidRequestError:
                # It is not open any more: paid, expired by itself, or unknown.
                self._settle_or_forget()

    # ------------------------------------------------------------ coming back

    def _get_return_url(self) -> str:
        """Return where Stripe sends the client back to, paid or not."""
        token = self._get_return_token()
        path = tools.with_query(RETURN_ROUTE, tx=str(self.id), token=token)
        return urljoin(self.provider_id.get_base_url(), path)

    def _get_return_token(self) -> str:
        self.ensure_one()
        scope = "client_hub_pay_return"
        return payment_utils.generate_access_token(
            scope, self.id, self.reference, env=self.env
        )

    @api.model
    def _find_returning(self, transaction_id: int, token: str) -> PaymentTransaction:
        """Return the transaction a client comes back from, in sudo; empty if forged."""
        # sudo: clients have no access to transactions; the token proves where they
        # come from.
        transaction_sudo = self.sudo().browse(transaction_id).exists()
        if not transaction_sudo:
            return transaction_sudo
        # As bytes, since only ASCII is compared as text.
        right = transaction_sudo._get_return_token().encode()
        is_right = consteq(right, token.encode("utf-8", "replace"))
        return transaction_sudo if is_right else transaction_sudo.browse()

    def _settle_returning(self) -> None:
        """Book what the client has just done, if Stripe can be asked.

        If it cannot, its event or the sweeper will tell.
        """
        try:
            self._settle_payment()
        except stripe.StripeError as error:
            self.provider_id._log_stripe_error(error)
