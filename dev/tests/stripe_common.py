"""A stand-in for Stripe, running, with the real SDK of Stripe as its client."""

from __future__ import annotations

import atexit
import tempfile
import unittest
from functools import cache
from pathlib import Path
from typing import Any

import requests
import stripe

from dev import stripe_standin
from dev.stripe_standin import client, shapes

OLD, NEW = "2019-05-16", shapes.NEWEST


@cache
def running() -> stripe_standin.Standin:
    """Return the one stand-in that all tests share; each has an account of its own."""
    folder = tempfile.TemporaryDirectory()
    context = stripe_standin.running(Path(folder.name) / "log")
    standin = context.__enter__()
    atexit.register(folder.cleanup)
    atexit.register(context.__exit__, None, None, None)
    return standin


class StripeCase(unittest.TestCase):
    """One account, seen through versions of the API old and new."""

    def setUp(self) -> None:
        self.standin = running()
        self.play = client.connect(self.standin.url)
        self.old, self.new = self.sdk(OLD), self.sdk(NEW)

    def sdk(self, version: str, key: str = "") -> Any:
        """Return the SDK's client of this account."""
        return stripe.StripeClient(
            key or self.play.secret_key,
            stripe_version=version,
            base_addresses={"api": self.standin.url},
            max_network_retries=0,
        ).v1

    def raw(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request as it is, with this account's key."""
        headers = {"Authorization": f"Bearer {self.play.secret_key}"}
        headers |= more.pop("headers", {})
        url = f"{self.standin.url}/{path}"
        return requests.request(method, url, headers=headers, timeout=30, **more)

    def params(self, **more: Any) -> dict[str, Any]:
        """Return what makes a session of 12.34 EUR."""
        return {
            "mode": "payment",
            "success_url": "https://seller.example.com/done?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://seller.example.com/back",
            "line_items": [self.line()],
            **more,
        }

    def line(self, amount: int = 1234, currency: str = "eur", **more: Any) -> dict:
        """Return one line item."""
        price = {"currency": currency, "unit_amount": amount}
        price["product_data"] = {"name": "INV/2026/00001"}
        return {"quantity": 1, "price_data": price, **more}

    def session(self, **more: Any) -> Any:
        """Open a session, as Odoo does: in the old version."""
        return self.old.checkout.sessions.create(self.params(**more))

    def paid(self, method: str = "pm_card_visa", **more: Any) -> Any:
        """Return the paid session's intent, read again."""
        session = self.session(**more)
        self.play.pay(session.id, method)
        return self.old.payment_intents.retrieve(session.payment_intent)

    def types(self) -> list[str]:
        """Return the types of all events, oldest first."""
        return [event["type"] for event in self.play.events()]

    def refused(self, call: Any, *args: Any) -> Any:
        """Return the error object of a call that Stripe refuses."""
        with self.assertRaises(stripe.StripeError) as caught:
            call(*args)
        self.assertTrue(caught.exception.request_id.startswith("req_"))
        return caught.exception
