from __future__ import annotations

import ipaddress
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import stripe

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import config
from odoo.tools.urls import urljoin

from odoo.addons.payment_stripe import const as stripe_const
from odoo.addons.payment_stripe import utils as stripe_utils

from ..const import STRIPE_API_BASE_OPTION, STRIPE_RETRIES, STRIPE_TIMEOUT

_logger = logging.getLogger(__name__)
# It writes whole requests and answers into the log at its lower levels.
logging.getLogger("stripe").setLevel(logging.WARNING)
# Keeps connections open, one for each thread.
_HTTP = stripe.RequestsClient(timeout=STRIPE_TIMEOUT)


class PaymentProvider(models.Model):
    """One way to talk to Stripe: one version of its API, one place for the address."""

    _inherit = "payment.provider"

    def _stripe_client(self) -> stripe.StripeClient:
        """Return the client of Stripe's own library for this provider.

        It sends nothing again by itself. Whoever posts gives ``max_network_retries``
        together with an idempotency key, see ``payment.transaction._stripe_options``
        and :meth:`_stripe_once`.

        :raises UserError: if the provider has no secret key
        """
        self.ensure_one()
        # sudo: only system administrators may read keys; whoever pays needs them used.
        key = stripe_utils.get_secret_key(self.sudo())
        if not key:
            raise UserError(
                self.env._(
                    "Secret Key: enter the one of your Stripe account in the payment"
                    " provider %(provider)s.",
                    provider=self.sudo().display_name,
                )
            )
        base = self._client_hub_stripe_api_base()
        return stripe.StripeClient(
            key,
            stripe_version=stripe_const.API_VERSION,
            base_addresses={"api": base} if base else None,
            max_network_retries=0,
            http_client=_HTTP,
        )

    def _stripe_once(self) -> dict[str, Any]:
        """Return the options for a POST that may be wanted again later.

        Sent again because no answer came, it has no second effect; asked for anew, it
        has one.
        """
        return {
            "idempotency_key": str(uuid.uuid4()),
            "max_network_retries": STRIPE_RETRIES,
        }

    def _client_hub_stripe_api_base(self) -> str | None:
        """Return the address to call instead of Stripe's; None for Stripe itself.

        It is read from Odoo's configuration file, and taken only if it is on this
        machine and the key is one for tests: real money goes to Stripe alone.
        """
        self.ensure_one()
        base = (config.get(STRIPE_API_BASE_OPTION) or "").rstrip("/")
        if base and self._stripe_is_live() is False and _is_loopback(base):
            return base
        return None

    def _read_stripe_intent(self, intent_id: str) -> dict[str, Any]:
        """Return a payment intent with its payment method, as Stripe has it now."""
        expand = {"expand": ["payment_method"]}
        client = self._stripe_client()
        return client.v1.payment_intents.retrieve(intent_id, expand).to_dict()

    def _read_stripe_session(self, session_id: str) -> dict[str, Any]:
        """Return the session of a hosted page with its payment intent."""
        expand = {"expand": ["payment_intent.payment_method"]}
        client = self._stripe_client()
        return client.v1.checkout.sessions.retrieve(session_id, expand).to_dict()

    def _read_stripe_refunds(self, intent_id: str) -> list[dict[str, Any]]:
        """Return all refunds of a payment intent."""
        client = self._stripe_client()
        page = client.v1.refunds.list({"payment_intent": intent_id, "limit": 100})
        return [refund.to_dict() for refund in page.auto_paging_iter()]

    def _read_stripe_dispute(self, dispute_id: str) -> dict[str, Any]:
        """Return a dispute, as Stripe has it now."""
        return self._stripe_client().v1.disputes.retrieve(dispute_id).to_dict()

    def _stripe_is_live(self) -> bool | None:
        """Tell whether the secret key moves real money; None if it does not say."""
        # sudo: only system administrators may read keys; the kind is no secret.
        key = stripe_utils.get_secret_key(self.sudo()) or ""
        kinds = {"live": True, "test": False}
        return kinds.get((key.split("_") + ["", ""])[1])

    def _build_request_url(
        self, endpoint: str, *, is_proxy_request: bool = False, **kwargs: object
    ) -> str:
        """EXTENDS payment_stripe: Odoo's own calls go to the same address."""
        if self.code == "stripe" and not is_proxy_request:
            base = self._client_hub_stripe_api_base()
            if base:
                return urljoin(f"{base}/v1/", endpoint)
        return super()._build_request_url(
            endpoint, is_proxy_request=is_proxy_request, **kwargs
        )

    @contextmanager
    def _stripe_errors(self, message: str) -> Iterator[stripe.StripeClient]:
        """Yield the client; turn Stripe's errors into one for whoever pays.

        :param message: what did not work, and the remedy
        :raises UserError: with ``message``; the log has Stripe's reason, without data
        """
        try:
            yield self._stripe_client()
        except stripe.StripeError as error:
            self._log_stripe_error(error)
            raise UserError(message) from error

    def _log_stripe_error(self, error: stripe.StripeError) -> None:
        """Log what Stripe refused, without what was sent."""
        _logger.warning(
            "Stripe, provider %s: %s, code %s, parameter %s, request %s",
            self.id,
            type(error).__name__,
            error.code,
            getattr(error, "param", None),
            error.request_id,
        )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
