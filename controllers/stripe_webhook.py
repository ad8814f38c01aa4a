from __future__ import annotations

import json
import logging
import re
import time
from typing import Any, NoReturn

import stripe
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    ServiceUnavailable,
    UnsupportedMediaType,
)

from odoo.http import Response, request, route

from odoo.addons.payment_stripe import utils as stripe_utils
from odoo.addons.payment_stripe.controllers.main import StripeController

from ..const import STRIPE_MAX_EVENT_BYTES, STRIPE_SIGNATURE_TOLERANCE

_logger = logging.getLogger(__name__)
_SIGNATURE = "Stripe-Signature"


class ClientHubStripeWebhook(StripeController):
    """Odoo's route for Stripe's events: nothing unsigned, nothing twice, at once."""

    @route(max_content_length=STRIPE_MAX_EVENT_BYTES, save_session=False)
    def stripe_webhook(self) -> Response:
        """OVERRIDE payment_stripe: Stripe is asked before anything is believed.

        Odoo's own takes unsigned events if no secret is set, and logs them whole.

        :return: 200 also for what needs no answer: twice, unknown, of other systems;
            503 if Stripe has to deliver again
        """
        event = self._read_event()
        # sudo: Stripe has no user here; the signature proves the origin.
        events_sudo = request.env["client.hub.stripe.event"].sudo()
        transaction_sudo = events_sudo._find_transaction(event)
        if transaction_sudo:
            self._verify_signature(transaction_sudo)
            provider_sudo = transaction_sudo.provider_id
        else:
            provider_sudo = self._find_signer()
        try:
            events_sudo._receive(provider_sudo, transaction_sudo, event)
        except stripe.StripeError as error:
            provider_sudo._log_stripe_error(error)
            raise ServiceUnavailable() from error
        return request.make_json_response("")

    def _read_event(self) -> dict[str, Any]:
        """Return the event that was sent; refuse what has not the shape of one."""
        if request.httprequest.mimetype != "application/json":
            raise UnsupportedMediaType()
        try:
            event = json.loads(request.httprequest.get_data())
            given = event["data"]["object"]
            names = [event["type"], given["id"]]
            right = _is_readable(given) and all(isinstance(one, str) for one in names)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise BadRequest() from error
        if not right:
            raise BadRequest()
        return event

    def _verify_signature(self, tx_sudo: Any) -> None:
        """EXTENDS payment_stripe: by Stripe's own library, and without exception.

        Odoo's own check takes no secret for none needed, one signature only, and ten
        minutes. It may refuse what is refused here, and never lets through more.

        Two providers of one Stripe account may share one webhook.

        :raises Forbidden: if the provider has no secret
        :raises BadRequest: if the signature is missing, wrong, or not of this time
        """
        own = _get_secret(tx_sudo.provider_id)
        others = {*map(_get_secret, tx_sudo.provider_id._get_of_same_account())}
        secrets = {own, *others} - {""}
        if not secrets:
            self._refuse_without_secret()
        if any(self._is_signed(secret) for secret in secrets):
            return
        try:
            headers = request.httprequest.headers
            if not own or (_SIGNATURE in headers and not self._is_of_this_time()):
                raise Forbidden()
            super()._verify_signature(tx_sudo)
        except (Forbidden, LookupError, ValueError, TypeError) as error:
            self._refuse(error)

    def _find_signer(self) -> Any:
        """Return the provider, in sudo, whose secret signed an unknown event.

        :raises Forbidden: if no provider has a secret
        :raises BadRequest: if none signed it
        """
        # sudo: secrets are compared here, and shown to nobody.
        providers_sudo = request.env["payment.provider"].sudo()
        providers_sudo = providers_sudo.search(
            [("code", "=", "stripe"), ("stripe_webhook_secret", "not in", [False, ""])]
        )
        if not providers_sudo:
            self._refuse_without_secret()
        for provider_sudo in providers_sudo:
            if self._is_signed(_get_secret(provider_sudo)):
                return provider_sudo
        self._refuse()

    def _refuse(self, error: Exception | None = None) -> NoReturn:
        _logger.info("Stripe: an event without valid signature was refused")
        raise BadRequest() from error

    def _refuse_without_secret(self) -> NoReturn:
        _logger.warning(
            "Stripe: an event was refused, as the payment provider has no Webhook"
            " Signing Secret to check it with"
        )
        raise Forbidden()

    def _is_signed(self, secret: str) -> bool:
        """Tell whether the body was signed with ``secret`` in the last minutes."""
        header = request.httprequest.headers.get(_SIGNATURE, "")
        try:
            stripe.WebhookSignature.verify_header(
                request.httprequest.get_data(),
                header,
                secret,
                STRIPE_SIGNATURE_TOLERANCE,
            )
        except (stripe.SignatureVerificationError, ValueError, TypeError):
            return False
        return self._is_of_this_time()

    def _is_of_this_time(self) -> bool:
        """Tell whether it was signed now: the library takes what was signed ahead.

        Of several times nobody knows which one was signed.
        """
        header = request.httprequest.headers.get(_SIGNATURE, "")
        times = [part[2:] for part in header.split(",") if part.startswith("t=")]
        if len(times) != 1 or not re.fullmatch("[0-9]{1,12}", times[0]):
            return False
        return abs(int(times[0]) - time.time()) <= STRIPE_SIGNATURE_TOLERANCE


def _get_secret(provider_sudo: Any) -> str:
    return (stripe_utils.get_webhook_secret(provider_sudo) or "").strip()


def _is_readable(given: dict[str, Any]) -> bool:
    """Tell whether what transactions are searched by has the type that Stripe sends.

    It comes from anybody, as it tells whose secret to check the signature with.
    """
    intent = given.get("payment_intent")
    texts = [given["id"], given.get("object"), given.get("description")]
    texts.append(intent.get("id") if isinstance(intent, dict) else intent)
    return isinstance(given.get("metadata") or {}, dict) and all(
        text is None or (isinstance(text, str) and _is_storable(text)) for text in texts
    )


def _is_storable(text: str) -> bool:
    """Tell whether PostgreSQL takes it; raise a ValueError for half characters."""
    return b"\0" not in text.encode()
