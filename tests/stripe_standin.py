"""What tests do at the stand-in for Stripe: pay, refund, dispute, deliver events.

The stand-in is a program of its own, ``dev/stripe_standin``, which stands at
``CLIENT_HUB_STRIPE_URL``. It is not Stripe.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

import requests

# Deliveries wait until Odoo has answered them all.
_TIMEOUT = 600


class StripeStandin:
    """One account at the stand-in; each test makes one of its own.

    Its events wait until :meth:`deliver`, unless ``auto`` is set.

    :param url: of the stand-in, by default the one of the test run
    :param key: the account's secret key, by default a new account's
    """

    def __init__(
        self, url: str | None = None, key: str | None = None, *, auto: bool = False
    ) -> None:
        self.url = url or os.environ["CLIENT_HUB_STRIPE_URL"]
        name = secrets.token_hex(8)
        self.secret_key = key or f"sk_test_standin_{name}"
        self.publishable_key = f"pk{self.secret_key[2:]}"
        self.webhook_secret = f"whsec_standin_{name}"
        self._session = requests.Session()
        self.do("settings", auto=auto)

    def do(self, action: str, **values: Any) -> Any:
        """Do an action of ``dev/stripe_standin/control.py`` and return its result.

        :raises AssertionError: if the stand-in refuses; the text says why
        """
        answer = self._session.post(
            f"{self.url}/_control/{action}",
            json=values,
            headers={"Authorization": f"Bearer {self.secret_key}"},
            timeout=_TIMEOUT,
        )
        body = answer.json()
        if answer.status_code != 200:
            raise AssertionError(f"{action}: {body['error']['message']}")
        return body["result"]

    def get(self, path: str, **values: Any) -> dict[str, Any]:
        """Read ``path`` of the API, such as ``charges/ch_123``."""
        return self._api("GET", path, params=values)

    def post(self, path: str, **values: Any) -> dict[str, Any]:
        """Post ``values`` (names in Stripe's bracket form) to ``path`` of the API."""
        return self._api("POST", path, data=values)

    def _api(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.secret_key}"}
        url = f"{self.url}/v1/{path}"
        answer = self._session.request(
            method, url, headers=headers, timeout=_TIMEOUT, **more
        )
        return answer.json()

    def pay(self, session: str, method: str = "pm_card_visa", **values: Any) -> Any:
        """Have the client pay the Checkout Session ``session``.

        :param method: ``pm_card_visa``, ``pm_card_chargeDeclined``, ``pm_sepa_debit``
            (processing until ``do("settle")`` or ``do("fail")``),
            ``pm_card_authenticationRequired`` (until ``do("authenticate")``)
        :return: ``{"refusal": code or "", "session": ...}``
        """
        return self.do("pay", session=session, method=method, **values)

    def listen(self, url: str, **values: Any) -> dict[str, Any]:
        """Register ``url`` for all ``events`` with this account's webhook secret."""
        return self.do("endpoint", url=url, secret=self.webhook_secret, **values)

    def deliver(self, letters: list[dict] | None = None, **values: Any) -> list[dict]:
        """Deliver ``letters``, else all that waits; return each answer.

        :param values: ``sign`` (right, wrong, none, rotated, twice, old, future,
            no_time, only_v0, garbage), ``alter`` ({"data.object.amount": 1}),
            ``order`` (given, reversed, shuffled) with ``seed``, ``repeat``,
            ``parallel``, ``delay`` (seconds)
        """
        return self.do("deliver", letters=letters, **values)

    def events(self, kind: str = "", **values: Any) -> list[dict]:
        """Return the events so far, oldest first; those of ``kind`` if given."""
        found = self.do("events", **values)
        return [event for event in found if not kind or event["type"] == kind]
