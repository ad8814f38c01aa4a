from __future__ import annotations

from typing import Any

import stripe

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.payment_stripe import const as stripe_const
from odoo.addons.payment_stripe.controllers.main import StripeController

_FAILED = ("failed", "canceled")
_STATES = {
    status: state
    for state, statuses in stripe_const.STATUS_MAPPING.items()
    for status in statuses
}


class PaymentTransaction(models.Model):
    """Refunds, made in Odoo or at Stripe, that may fail days later."""

    _inherit = "payment.transaction"

    # Other providers may name their refunds as they like.
    _client_refund_unique = models.UniqueIndex(
        "(provider_id, provider_reference) WHERE operation = 'refund'"
        " AND provider_reference ~ '^(re|pyr)_'"
    )

    # ------------------------------------------------------------ asking for one

    def _refund(self, amount_to_refund: float | None = None) -> PaymentTransaction:
        """EXTENDS payment: not while disputed; and Stripe's event waits for it.

        :raises UserError: if the payment is disputed
        """
        if self.provider_code == "stripe":
            self._lock_for_stripe()
            if self._get_root().client_dispute_ids.filtered("is_open"):
                raise UserError(
                    self.env._(
                        "Payment %(reference)s: the client disputes it. The bank pays"
                        " the money back if the dispute is lost; a refund would pay it"
                        " twice. Answer the dispute at Stripe.",
                        reference=self.reference,
                    )
                )
        return super()._refund(amount_to_refund=amount_to_refund)

    def _capture(self, amount_to_capture: float | None = None) -> PaymentTransaction:
        """EXTENDS payment: Stripe's event of the capture waits for it."""
        if self.provider_code == "stripe":
            self._lock_for_stripe()
        return super()._capture(amount_to_capture=amount_to_capture)

    def _void(self, amount_to_void: float | None = None) -> PaymentTransaction:
        """EXTENDS payment: Stripe's event of the cancellation waits for it."""
        if self.provider_code == "stripe":
            self._lock_for_stripe()
        return super()._void(amount_to_void=amount_to_void)

    def _send_api_request(
        self, method: str, endpoint: str, *, data: Any = None, **kwargs: Any
    ) -> Any:
        """EXTENDS payment: nothing that Odoo posts to Stripe has its effect twice."""
        if (
            self.provider_code == "stripe"
            and method == "POST"
            and not kwargs.get("idempotency_key")
        ):
            options = self._stripe_options(endpoint, data)
            kwargs["idempotency_key"] = options["idempotency_key"]
        return super()._send_api_request(method, endpoint, data=data, **kwargs)

    # ------------------------------------------------------------ what Stripe tells

    def _settle_refunds(self, given: dict[str, Any] | None = None) -> None:
        """Ask Stripe for all refunds of this payment, and book what is new. Idempotent.

        :param given: what an event told, which only says that there is news
        :raises stripe.StripeError: if Stripe cannot be asked
        """
        self.ensure_one()
        self._settle_payment()
        if self.state != "done":
            return  # what was only held is released, not refunded
        for refund in self._ask_refunds(given or {}):
            self._apply_refund(refund)

    def _ask_refunds(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            return self.provider_id._read_stripe_refunds(self.provider_reference)
        except stripe.APIConnectionError:
            # Nothing can follow a failure: believed as Stripe signed it.
            if given.get("object") == "refund" and given.get("status") in _FAILED:
                return [given]
            raise

    def _apply_refund(self, refund: dict[str, Any]) -> None:
        """Bring the transaction of one refund up to date; make it if there is none."""
        status = refund["status"]
        child = self._find_refund(refund["id"])
        if not child:
            if status in _FAILED:
                return
            paid = self._get_paid()
            child = StripeController._create_refund_tx_from_refund(paid, refund)
        if child.state == _STATES.get(status):
            child._book_now()  # it may have failed before
            return
        if child.state == "done" and status == "canceled":
            # Odoo takes no cancellation after the end, but a failure.
            refund = refund | {"status": "failed"}
        payment_data: dict[str, Any] = {}
        StripeController._include_refund_in_payment_data(refund, payment_data)
        child._process("stripe", payment_data)

    def _find_refund(self, refund_id: str) -> PaymentTransaction:
        """Return the transaction of a refund, of this payment or of its capture."""
        return self.search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("operation", "=", "refund"),
                ("provider_reference", "=", refund_id),
            ],
            limit=1,
        )

    def _reverse_failed_refund(self) -> None:
        """Book that the money of a failed refund is back, and tell staff."""
        if self.operation != "refund" or self.state != "error" or not self.payment_id:
            return
        memo = self.env._("Failed refund %(reference)s", reference=self.reference)
        self.payment_id._reverse_money_back(memo)
        told = self._in_staff_language()
        text = told.env._(
            "The refund %(reference)s of %(amount)s failed: Stripe has the money back."
            " Ask the client for another way to pay it back.",
            reference=self.reference,
            amount=told.currency_id.format(-self.amount),
        )
        told._tell_staff(text)
        self._log_message_on_linked_documents(text)

    def _get_root(self) -> PaymentTransaction:
        """Return the transaction that the client made, of a capture or refund of it."""
        root = self
        while root.source_transaction_id:
            root = root.source_transaction_id
        return root

    def _get_paid(self) -> PaymentTransaction:
        """Return who of this transaction and its captures took the money."""
        captures = self.child_transaction_ids.filtered(
            lambda one: one.operation == self.operation and one.state == "done"
        )
        return self if self.payment_id else captures[:1] or self

    def _get_original_payment(self) -> models.BaseModel:
        """Return the payment of this transaction, or of its capture."""
        return self._get_paid().payment_id
