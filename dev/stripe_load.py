"""Very many events of Stripe at once, many of them false: only what is true is booked.

A real Odoo with two workers gets the events of payments in random order from eight
senders: a part of them twice, a part wrongly signed, a part altered.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import database, odoo_log, progress, stripe_driven
from .odoo_log import Record
from .results import FAILED, Result
from .settings import LOGS
from .stripe_driven import Driven

NAME = "stripe_load"
_EVENTS, _SENDERS = 150, 8
_TWICE, _FORGED, _ALTERED = 0.30, 0.10, 0.05
_EVENTS_PER_PAYMENT = 5.5
_ROUNDS = 5
_WRONG = ("wrong", "none", "old", "future", "no_time", "only_v0", "garbage")
_REFUSED = (400, 403)
# What Odoo cannot take now, Stripe delivers again.
_TAKEN_OR_LATER = (200, 500, 503)


@dataclass
class Play:
    """What happened at Stripe, and what Odoo has to say of it."""

    sessions: dict[str, int]
    outcomes: dict[str, str]


def run(
    template: str, events: int = _EVENTS, seed: int = 1
) -> tuple[list[Result], list[Record]]:
    """Send about ``events`` events in a copy of the database ``template``.

    :param seed: of all randomness
    :return: the results, and what Odoo logged
    """
    begin = time.monotonic()
    name = f"{database.PREFIX}_test_{NAME}"
    log = LOGS / f"{NAME}.log"
    log.unlink(missing_ok=True)
    wrong: list[str] = []
    with stripe_driven.driven(template, name, log) as odoo:
        wrong += _check(odoo, events, random.Random(seed))
    title = f"{NAME}: {events} events in random order, seed {seed}"
    seconds = time.monotonic() - begin
    text = "\n".join(wrong[:20])
    found = (
        Result(title, FAILED, seconds, text)
        if wrong
        else Result(title, seconds=seconds)
    )
    return [found], odoo_log.records(log.read_text(errors="replace"))


def _check(odoo: Driven, events: int, rng: random.Random) -> list[str]:
    """Return what is wrong."""
    count = max(
        4, round(events * (1 - _TWICE - _FORGED - _ALTERED) / _EVENTS_PER_PAYMENT)
    )
    sessions = odoo.prepare(count)
    play = Play(sessions, dict(live(odoo.play, sessions, rng)))
    before = odoo.report(sessions.values())[""]
    with odoo.served(workers=2):
        letters = make_letters(odoo.play, events, rng)
        begin = time.monotonic()
        answers = odoo.play.deliver(letters, parallel=_SENDERS)
        _tell(answers, time.monotonic() - begin)
        wrong = list(wrong_answers(letters, answers))
        wrong += _redeliver(odoo, letters, answers)
    books = odoo.report(sessions.values())
    if books.pop("") != before:
        wrong.append("There are payments that belong to no transaction.")
    return wrong + list(wrong_books(play, books))


_LIVES = ("card",) * 6 + ("declined", "settled", "settled", "failed", "expired", "open")


def live(
    stripe: Any, sessions: dict[str, int], rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Have something happen on each page; yield session and outcome."""
    for session in sessions:
        life = rng.choice(_LIVES)
        if life == "declined":
            stripe.pay(session, "pm_card_chargeDeclined")
        if life in ("card", "declined"):
            stripe.pay(session)
        elif life in ("settled", "failed"):
            stripe.pay(session, "pm_sepa_debit")
            stripe.do("settle" if life == "settled" else "fail", number=session)
        elif life == "expired":
            stripe.post(f"checkout/sessions/{session}/expire")
        yield session, life


def make_letters(stripe: Any, events: int, rng: random.Random) -> list[dict[str, Any]]:
    """Return all true events, some twice, and false ones, in random order."""
    true = [{"event": one["event"]} for one in stripe.do("queued")]
    whole = stripe.events(version=stripe_driven.API_VERSION)
    total = max(events, round(len(true) / (1 - _TWICE - _FORGED - _ALTERED)))
    letters = true + [
        dict(rng.choice(true)) for _number in range(round(total * _TWICE))
    ]
    letters += [_forged(whole, rng) for _number in range(round(total * _FORGED))]
    letters += [_altered(whole, rng) for _number in range(round(total * _ALTERED))]
    rng.shuffle(letters)
    return letters


def _forged(whole: list[dict], rng: random.Random) -> dict[str, Any]:
    """Return an event that says "paid", and is not signed by Stripe."""
    event = json.loads(json.dumps(rng.choice(whole)))
    thing = event["data"]["object"]
    if thing["object"] == "payment_intent":
        event["type"], thing["status"] = "payment_intent.succeeded", "succeeded"
        thing["amount_received"] = thing["amount"]
    event["id"] = f"evt_forged{rng.randrange(10**9)}"
    return {"event": event, "sign": rng.choice(_WRONG)}


def _altered(whole: list[dict], rng: random.Random) -> dict[str, Any]:
    """Return an event that is signed well, but tells something else than the API."""
    event = json.loads(json.dumps(rng.choice(whole)))
    other = rng.choice(whole)["data"]["object"]
    thing = event["data"]["object"]
    alter = rng.choice(
        [
            {"data.object.amount": 1, "data.object.amount_total": 1},
            {"data.object.currency": "jpy"},
            {"livemode": True, "data.object.livemode": True},
            {"account": "acct_somebody_else"},
            {"data.object.metadata": {"client_hub_database": "another"}},
            {"data.object.description": other.get("description")},
            {"data.object.status": "succeeded", "data.object.payment_status": "paid"},
            {"data.object.status": "canceled"},
        ]
    )
    if thing["object"] == "payment_intent":
        event["type"] = "payment_intent.succeeded"
    event["id"] = f"evt_altered{rng.randrange(10**9)}"
    return {"event": event, "alter": alter}


def _tell(answers: list[dict], seconds: float) -> None:
    codes = dict(sorted(Counter(answer["status"] for answer in answers).items()))
    speed = len(answers) / seconds
    progress.step(f"{len(answers)} events, {speed:.0f} a second; answers {codes}")


def wrong_answers(letters: list[dict], answers: list[dict]) -> Iterator[str]:
    """Yield what was refused and is true, or taken and is false."""
    for letter, answer in zip(letters, answers, strict=True):
        good = _REFUSED if "sign" in letter else _TAKEN_OR_LATER
        if answer["status"] not in good:
            yield (
                f"{answer['type']} signed {answer['sign']}, altered "
                f"{answer['altered']}: {answer['status']} {answer['answer'][:300]}"
            )


def _redeliver(odoo: Driven, letters: list[dict], answers: list[dict]) -> list[str]:
    """Deliver again what Odoo could not take, as Stripe would."""
    for _round in range(_ROUNDS):
        letters = [
            letter
            for letter, answer in zip(letters, answers, strict=True)
            if answer["status"] >= 500 or not answer["status"]
        ]
        if not letters:
            return []
        answers = odoo.play.deliver(letters)
    return [f"{len(letters)} events were never taken."]


def wrong_books(play: Play, books: dict[str, Any]) -> Iterator[str]:
    """Compare each transaction with what happened at Stripe."""
    states = {
        "failed": ("error",),
        "expired": ("cancel",),
        "open": ("draft",),
    }
    for session, number in play.sessions.items():
        life, found = play.outcomes[session], books[str(number)]
        paid = life in ("card", "declined", "settled")
        payments = [["paid", "inbound", found["amount"]]] if paid else []
        allowed = ("done",) if paid else states[life]
        good = (
            found["state"] in allowed
            and found["payments"] == payments
            and (found["invoice"] in ("paid", "in_payment")) == paid
            and not found["problem"]
        )
        if not good:
            yield f"Transaction {number} ({life}): {found}"
