"""A Stripe account for ``make run``: a stand-in, unless real keys are set."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from . import database, progress, stripe_standin
from .odoo_server import Server
from .settings import DEV, LOGS
from .stripe_standin import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, Standin

_FOLDER = DEV / "stripe-standin"
_ROUTE = "/payment/stripe/webhook"
_KEYS = "SELECT stripe_secret_key FROM payment_provider WHERE stripe_secret_key <> ''"
# Run in Odoo's shell.
_SEED = f"""
provider = env.ref("payment.payment_provider_stripe")
provider.write({{
    "stripe_secret_key": "{SECRET_KEY}",
    "stripe_publishable_key": "{PUBLISHABLE_KEY}",
    "stripe_webhook_secret": "{WEBHOOK_SECRET}",
    "state": "test",
    "is_published": True,
}})
env.cr.commit()
"""


@contextmanager
def account(name: str, odoo: str) -> Iterator[Standin | None]:
    """Have the stand-in running for the database ``name``.

    It is None if somebody entered keys of a real account, which is used then.

    :param odoo: URL where the stand-in sends its events
    :raises SetupError: if the stand-in does not start
    """
    keys = {key for (key,) in database.query(name, _KEYS)}
    if not all(key.startswith(SECRET_KEY) for key in keys):
        yield None
        return
    if not keys:
        progress.step("Setting up online payment")
        Server(name).script(LOGS / "demo_payment.log", _SEED)
    with stripe_standin.running(_FOLDER, "--keep") as standin:
        _listen(standin, f"{odoo}{_ROUTE}")
        yield standin


def announcement(standin: Standin | None) -> str:
    """Return what ``make run`` says about online payment."""
    if not standin:
        return "the Stripe account whose keys are set in the payment provider"
    return (
        f"{standin.url} (a stand-in, not Stripe: no money moves; for a real account "
        "enter its keys in the payment provider and start again)"
    )


def _listen(standin: Standin, url: str) -> None:
    """Have all events sent to ``url``."""
    body = json.dumps({"url": url, "secret": WEBHOOK_SECRET}).encode()
    request = urllib.request.Request(
        f"{standin.url}/_control/endpoint",
        body,
        {"Authorization": f"Bearer {SECRET_KEY}"},
    )
    urllib.request.urlopen(request, timeout=10).close()
