from __future__ import annotations

from typing import Any

import stripe

from odoo import api, models
from odoo.exceptions import ConcurrencyError, LockError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as stripe_const
from odoo.addons.payment_stripe.controllers.main import StripeController

# What nothing can follow: believed if Stripe signed it and cannot be asked just now.
_FINAL_INTENT = ("succeeded", "canceled")
# The client may still try again.
_OPEN_INTENT = ("requires_payment_method", "requires_confirmation", "requires_action")
# A voucher or an order of transfer is made out, and may be paid for days.
_PAYABLE_LATER = "requires_action"
# What Stripe answers is true, whatever was believed before.
_ANY_EARLIER = ("cancel", "error")


class PaymentTransaction(models.Model):
    """Learns from Stripe what became of a payment."""

    _inherit = "payment.transaction"

    _client_provider_reference_idx = models.Index(
        "(provider_reference) WHERE provider_reference IS NOT NULL"
    )

    # ------------------------------------------------------------ finding

    @api.model
    def _find_by(self, field: str, value: str | None) -> PaymentTransaction:
        if not value:
            return self.browse()
        return self.search(
            [
                (field, "=", value),
                ("provider_id.code", "=", "stripe"),
                ("source_transaction_id", "=", False),
            ],
            order="id",
            limit=1,
        )

    @api.model
    def _find_by_intent(self, intent_id: str | None) -> PaymentTransaction:
        return self._find_by("provider_reference", intent_id)

    @api.model
    def _find_by_intent_object(self, given: dict[str, Any]) -> PaymentTransaction:
        """Return the transaction of an intent or charge, known by its description.

        Not if it was made by another database, as a copy of this one, or for a
        transaction that was undone, whose reference is in use again.
        """
        found = self._find_by("reference", given.get("description"))
        told, ours = given.get("metadata") or {}, found._get_stripe_metadata()
        is_ours = all(told.get(name, value) == value for name, value in ours.items())
        return found if is_ours else self.browse()

    @api.model
    def _find_by_refund(self, given: dict[str, Any]) -> PaymentTransaction:
        """Return the transaction whose payment a refund pays back."""
        refund = self.search(
            [
                ("provider_reference", "=", given["id"]),
                ("provider_id.code", "=", "stripe"),
                ("operation", "=", "refund"),
            ],
            limit=1,
        )
        intent = given.get("payment_intent")
        intent_id = intent.get("id") if isinstance(intent, dict) else intent
        return refund._get_root() or self._find_by_intent(intent_id)

    def _lock_for_stripe(self) -> None:
        """Let nobody else book these transactions until the commit.

        With what the client made: captures and refunds of it are booked one by one.

        :raises ConcurrencyError: if somebody does; Odoo tries the request again
        """
        try:
            roots = self.browse().union(*[one._get_root() for one in self])
            (roots | self).lock_for_update(allow_referencing=True)
        except LockError as error:
            raise ConcurrencyError(str(error)) from error

    # ------------------------------------------------------------ settling

    def _settle_payment(self, given: dict[str, Any] | None = None) -> None:
        """Ask Stripe about this payment, and book what it answers. Idempotent.

        :param given: what an event told, which only says that there is news
        :raises stripe.StripeError: if Stripe cannot be asked
        """
        self.ensure_one()
        self._lock_for_stripe()
        # Nothing that comes late undoes a payment; refunds come as such.
        if self.state != "done":
            intent, session = self._ask_stripe(given or {})
            self._apply_intent(intent, session)
        self._book_now()

    def _settle_or_forget(self) -> None:
        """Settle this payment; cancel it if Stripe does not know its page.

        The page was made with other keys. Only what holds no money is given up: what
        nobody paid yet, and payments for tests.

        :raises stripe.StripeError: if Stripe cannot be asked
        """
        try:
            self._settle_payment()
        except stripe.InvalidRequestError as error:
            session = self.client_checkout_session or ""
            is_test = session.startswith("cs_test_")
            if error.http_status != 404 or not (is_test or self.state == "draft"):
                raise
            self.provider_id._log_stripe_error(error)
            self._set_canceled()

    def _ask_stripe(self, given: dict[str, Any]) -> tuple[dict | None, dict | None]:
        """Return the payment intent, and the session of a hosted page, if any."""
        provider = self.provider_id
        try:
            if self.client_checkout_session:
                session = provider._read_stripe_session(self.client_checkout_session)
                return session.get("payment_intent"), session
            intent_id = self.provider_reference or given.get("id")
            if given.get("object", "payment_intent") == "payment_intent":
                intent_id = given.get("id") or intent_id
            return provider._read_stripe_intent(intent_id), None
        except stripe.APIConnectionError:
            if given.get("status") not in _FINAL_INTENT or "amount" not in given:
                raise
            return given, None

    def _apply_intent(self, intent: dict | None, session: dict | None) -> None:
        """Bring the state up to date with what Stripe answered."""
        status = intent and intent["status"]
        if session and (not status or status in _OPEN_INTENT):
            # A card that was declined is no end while the page is open.
            if session["status"] == "open":
                return
            if session["status"] == "expired":
                self._set_canceled()
                return
        if not status:
            return
        if session and session["status"] == "complete" and status == _PAYABLE_LATER:
            intent = intent | {"status": "processing"}
        if status == "succeeded":
            intent = intent | {"amount": self._adopt_received(intent)}
        payment_data = {"reference": self.reference}
        StripeController._include_payment_intent_in_payment_data(intent, payment_data)
        self._process("stripe", payment_data)

    def _adopt_received(self, intent: dict[str, Any]) -> int:
        """Take over what was really paid, if it is not what was asked.

        The money is there, and is booked as what it is; staff decide what it is for.

        :return: what was received, in minor units
        """
        received = intent.get("amount_received") or intent["amount"]
        name = intent["currency"].upper()
        decimals = stripe_const.CURRENCY_DECIMALS
        currency = self.currency_id
        if name != currency.name:
            currencies = self.env["res.currency"].with_context(active_test=False)
            currency = currencies.search([("name", "=", name)], limit=1) or currency
        asked = payment_utils.to_minor_currency_units(
            self.amount, self.currency_id, decimals.get(self.currency_id.name)
        )
        if received != asked or currency != self.currency_id:
            amount = payment_utils.to_major_currency_units(
                received, currency, decimals.get(name)
            )
            self.write(
                {
                    "amount": amount,
                    "currency_id": currency.id,
                    "client_payment_problem": "amount",
                }
            )
        return received

    def _settle_validation(self, given: dict[str, Any]) -> None:
        """Save a payment method that Stripe has checked, as Odoo does it."""
        method = self._send_api_request(
            "GET", f"payment_methods/{given['payment_method']}"
        )
        payment_data = {"reference": self.reference}
        StripeController._include_setup_intent_in_payment_data(
            given | {"payment_method": method}, payment_data
        )
        self._process("stripe", payment_data)

    # ------------------------------------------------------------ Odoo's own steps

    def _process(
        self, provider_code: str, payment_data: dict[str, Any]
    ) -> PaymentTransaction:
        """EXTENDS payment: under a lock, for its own intent only, booked at once."""
        if provider_code != "stripe":
            return super()._process(provider_code, payment_data)
        transaction = self or self._search_by_reference(provider_code, payment_data)
        if not transaction:
            return transaction
        transaction._lock_for_stripe()
        if transaction._is_of_another(payment_data):
            return transaction
        transaction = super(PaymentTransaction, transaction)._process(
            provider_code, payment_data
        )
        transaction._book_now()
        transaction._reverse_failed_refund()
        return transaction

    def _is_of_another(self, payment_data: dict[str, Any]) -> bool:
        """Tell whether the intent pays something else.

        Odoo's return page takes the id of the intent from the browser.
        """
        intent = payment_data.get("payment_intent")
        if not isinstance(intent, dict):
            return False
        mine = {self.reference, self.source_transaction_id.reference}
        return (
            intent.get("object", "payment_intent") != "payment_intent"
            or intent.get("description", self.reference) not in mine
        )

    def _apply_updates(self, payment_data: dict[str, Any]) -> None:
        """EXTENDS payment_stripe: name the method that was chosen on Stripe's page."""
        super()._apply_updates(payment_data)
        method = payment_data.get("payment_method")
        if self.payment_method_code != "unknown" or not isinstance(method, dict):
            return
        brand = (method.get("card") or {}).get("brand")
        kind = method.get("type")
        mapping = {
            name: code
            for name, code in stripe_const.PAYMENT_METHODS_MAPPING.items()
            if name != "unknown"
        }
        methods = self.env["payment.method"]
        named = methods._get_from_code(brand) if brand else methods
        named = named or methods._get_from_code(kind, mapping)
        self.payment_method_id = named or self.payment_method_id

    def _set_pending(
        self, *, state_message: str | None = None, extra_allowed_states: tuple = ()
    ) -> PaymentTransaction:
        """EXTENDS payment: a second attempt may succeed where the first failed."""
        extra = extra_allowed_states + self._get_earlier_states()
        return super()._set_pending(
            state_message=state_message, extra_allowed_states=extra
        )

    def _set_authorized(
        self, *, state_message: str | None = None, extra_allowed_states: tuple = ()
    ) -> PaymentTransaction:
        """EXTENDS payment: a second attempt may succeed where the first failed."""
        extra = extra_allowed_states + self._get_earlier_states()
        return super()._set_authorized(
            state_message=state_message, extra_allowed_states=extra
        )

    def _set_done(
        self, *, state_message: str | None = None, extra_allowed_states: tuple = ()
    ) -> PaymentTransaction:
        """EXTENDS payment: money that arrived is booked, whatever came before."""
        extra = extra_allowed_states + self._get_earlier_states()
        return super()._set_done(
            state_message=state_message, extra_allowed_states=extra
        )

    def _get_earlier_states(self) -> tuple[str, ...]:
        payments = self.filtered(
            lambda one: one.provider_code == "stripe" and one.operation != "refund"
        )
        return _ANY_EARLIER if self and payments == self else ()
