"""Sending events to endpoints: rightly signed, or wrongly in every way."""

from __future__ import annotations

import copy
import hashlib
import hmac
import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .state import Account, Book, Delivery, Object

_TIMEOUT = 60
_OLD = 3600
_RETRY_SECONDS = (1, 2, 4, 8, 16, 32)
_PAUSE = 0.02


@dataclass(frozen=True)
class Letter:
    """What is to be sent where.

    :param sign: ``right``, ``wrong``, ``none``, ``rotated`` (a wrong and a right
        signature), ``old``, ``future``, ``no_time``, ``twice`` or ``garbage``
    :param alter: values to put into the event before it is signed, by dotted path
    """

    url: str
    secret: str
    event: Object
    sign: str = "right"
    alter: dict[str, Any] = field(default_factory=dict)
    delay: float = 0.0


def signature(body: bytes, secret: str, sign: str = "right") -> str | None:
    """Return the header ``Stripe-Signature`` for ``body``; None for no header."""
    now = int(time.time())
    stamp = {"old": now - _OLD, "future": now + _OLD}.get(sign, now)
    good = _mac(body, secret, stamp)
    bad = _mac(body, f"{secret}x", stamp)
    return {
        "none": None,
        "wrong": f"t={stamp},v1={bad}",
        "rotated": f"t={stamp},v1={bad},v1={good}",
        "twice": f"t={stamp},v1={good},v1={bad},v0={bad}",
        "no_time": f"v1={good}",
        "only_v0": f"t={stamp},v0={good}",
        "garbage": "t=,=,v1,\u00e9=1",
    }.get(sign, f"t={stamp},v1={good}")


def _mac(body: bytes, secret: str, stamp: int) -> str:
    signed = f"{stamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def send(account: Account, letter: Letter) -> Object:
    """Send ``letter``, and return what was sent and answered."""
    if letter.delay:
        time.sleep(letter.delay)
    event = copy.deepcopy(letter.event)
    for path, value in letter.alter.items():
        _put(event, path.split("."), value)
    body = json.dumps(event, indent=2).encode()
    header = signature(body, letter.secret, letter.sign)
    begin = time.monotonic()
    status, text, error = _post(letter.url, body, header)
    attempt = {
        "event": event.get("id"),
        "type": event.get("type"),
        "url": letter.url,
        "sign": letter.sign,
        "altered": sorted(letter.alter),
        "status": status,
        "answer": text,
        "error": error,
        "seconds": round(time.monotonic() - begin, 4),
    }
    with account.lock:
        account.attempts.append(attempt)
        account.note("delivery", **attempt)
    return attempt


def _put(target: Any, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        target = target[int(part)] if isinstance(target, list) else target[part]
    target[path[-1]] = value


def _post(url: str, body: bytes, header: str | None) -> tuple[int, str, str]:
    parts = urlsplit(url)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (stand-in, not Stripe)",
    }
    if header is not None:
        headers["Stripe-Signature"] = header.encode("utf-8").decode("latin-1")
    connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path or "/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()[:2000].decode(errors="replace"), ""
    except (OSError, http.client.HTTPException) as error:
        return 0, "", repr(error)
    finally:
        connection.close()


def letter_of(account: Account, delivery: Delivery, **more: Any) -> Letter:
    """Return what ``delivery`` sends, in the shape its endpoint wants."""
    endpoint = delivery.endpoint
    owner = delivery.owner
    version = endpoint["api_version"] or account.api_version
    event = owner.rendered(delivery.event, version)
    values = {"url": endpoint["url"], "secret": endpoint["_secret"], "event": event}
    return Letter(**values | more)


def deliver(account: Account, delivery: Delivery, **more: Any) -> Object:
    """Send ``delivery``; it stays queued unless the endpoint takes it."""
    with account.lock:
        letter = letter_of(account, delivery, **more)
    attempt = send(account, letter)
    attempt["endpoint"] = delivery.endpoint["id"]
    with account.lock:
        delivery.attempts += 1
        if 200 <= attempt["status"] < 300:
            account.queue[:] = [one for one in account.queue if one is not delivery]
        else:
            waits = _RETRY_SECONDS
            wait = waits[min(delivery.attempts, len(waits)) - 1]
            delivery.due = time.time() + wait
            if delivery.attempts > len(waits):
                delivery.due = float("inf")
    return attempt


class Postman:
    """Delivers what is due to the endpoints of accounts that are not held back."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._pool = ThreadPoolExecutor(4)
        self._busy: set[int] = set()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(_PAUSE)
            for account in self._book.all():
                for delivery in self._due(account):
                    self._busy.add(id(delivery))
                    self._pool.submit(self._deliver, account, delivery)

    def _due(self, account: Account) -> list[Delivery]:
        if not account.auto or not account.queue:
            return []
        with account.lock:
            now = time.time()
            queued = list(account.queue)
        return [one for one in queued if one.due <= now and id(one) not in self._busy]

    def _deliver(self, account: Account, delivery: Delivery) -> None:
        try:
            deliver(account, delivery)
        finally:
            self._busy.discard(id(delivery))
