"""Webhooks per second, in ``make bench``: two real Odoos with two workers each."""

from __future__ import annotations

import time
from typing import Any

from . import progress, stripe_driven, templates
from .database import PREFIX
from .settings import LOGS
from .stripe_driven import Driven

_COUNT, _SENDERS, _WORKERS = 100, 8, 2
_PAID = "payment_intent.succeeded"


def rows() -> list[dict[str, Any]]:
    """Return one row: milliseconds per event of paid intents, sent by eight.

    The add-on books each payment before it answers; Odoo alone notes that it is paid,
    and books it later.
    """
    ours, core = _measure("ours", templates.addon()), _measure("core", templates.core())
    name = "An event of many at once, until booked, against Odoo's, which books later"
    return [
        {
            "job": name,
            "ours": ours,
            "core": core,
            "ratio": ours / core,
            "most": None,
            "queries": "",
            "core_queries": "",
            "most_queries": None,
        }
    ]


def _measure(side: str, template: str) -> float:
    """Return the milliseconds per event."""
    log = LOGS / f"bench_webhooks_{side}.log"
    log.unlink(missing_ok=True)
    name = f"{PREFIX}_test_bench_{side}"
    with stripe_driven.driven(template, name, log) as odoo:
        return _send(odoo, side)


def _send(odoo: Driven, side: str) -> float:
    numbers = odoo.prepare_intents(_COUNT)
    paid = [one for one in odoo.play.do("queued") if one["type"] == _PAID]
    letters = [{"event": one["event"]} for one in paid]
    with odoo.served(workers=_WORKERS):
        odoo.play.deliver(letters[:10], parallel=_SENDERS)  # fills the caches
        begin = time.monotonic()
        answers = odoo.play.deliver(letters[10:], parallel=_SENDERS)
        seconds = time.monotonic() - begin
    _check(odoo, side, numbers, answers)
    progress.step(f"{len(answers) / seconds:.1f} webhooks a second ({side})")
    return seconds * 1000 / len(answers)


def _check(odoo: Driven, side: str, numbers: list[int], answers: list[dict]) -> None:
    """Stop if what was measured is not what was to be measured."""
    codes = {answer["status"] for answer in answers}
    assert codes == {200}, codes  # noqa: S101
    books = odoo.report(numbers)
    books.pop("")
    states = {found["state"] for found in books.values()}
    paid = {found["invoice"] == "paid" for found in books.values()}
    expected = ({"done"}, {side == "ours"})
    assert (states, paid) == expected, (states, paid)  # noqa: S101
