"""What the stand-in knows: accounts and the objects of each."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import shapes
from .errors import ApiError, missing

Object = dict[str, Any]
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_KEY_WORDS = ("sk_test_standin", "sk_live_standin", "rk_test_standin")


@dataclass
class Delivery:
    """One event on its way to one endpoint; ``owner`` is the account it is of."""

    owner: Account
    event: Object
    endpoint: Object
    attempts: int = 0
    due: float = 0.0
    lost: bool = False


@dataclass
class Fault:
    """A misfortune of the API, played for the next ``times`` fitting requests.

    :param match: regular expression for ``POST /v1/customers``
    :param status: what is answered; 0 breaks the connection, 200 is only slow
    :param delay: seconds until then
    :param after: the request is carried out before
    :param inside: the delay comes when the request is being carried out
    """

    match: str
    status: int = 500
    times: int = 1
    delay: float = 0.0
    after: bool = False
    inside: bool = False


@dataclass
class Account:
    """One Stripe account in one mode; ``lock`` is held while it is read or changed.

    :param number: its ``acct_`` id
    :param folder: where its log is kept
    """

    number: str
    livemode: bool
    folder: Path
    api_version: str = shapes.NEWEST
    offset: float = 0.0
    auto: bool = True
    objects: dict[str, dict[str, Object]] = field(default_factory=dict)
    events: list[Object] = field(default_factory=list)
    queue: list[Delivery] = field(default_factory=list)
    attempts: list[Object] = field(default_factory=list)
    requests: list[Object] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.RLock)
    connected_to: Account | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "lock"}

    def __setstate__(self, values: dict[str, Any]) -> None:
        vars(self).update(values, lock=threading.RLock())

    def now(self) -> int:
        """Return this account's time, in seconds, which tests can move on."""
        return int(time.time() + self.offset)

    def add(self, kind: str, prefix: str, **values: Any) -> Object:
        """Keep and return a new object of ``kind`` with the usual keys."""
        new = {
            "id": f"{prefix}_{random_text(24)}",
            "object": kind,
            "created": self.now(),
            "livemode": self.livemode,
            **values,
        }
        self.objects.setdefault(kind, {})[new["id"]] = new
        return new

    def get(self, kind: str, number: str, param: str = "id") -> Object:
        """Return the object ``number``.

        :raises ApiError: if there is none
        """
        found = self.objects.get(kind, {}).get(number)
        if not found:
            raise missing(kind, number, param)
        return found

    def find(self, number: str) -> Object | None:
        """Return the object of any kind with the id ``number``."""
        for objects in self.objects.values():
            if number in objects:
                return objects[number]
        return None

    def all(self, kind: str) -> list[Object]:
        """Return all objects of ``kind``, newest first."""
        return list(reversed(self.objects.get(kind, {}).values()))

    def emit(self, kind: str, thing: Object, request: Object | None = None) -> Object:
        """Note that ``kind`` happened to ``thing``, and queue it for the endpoints."""
        event = {
            "id": f"evt_{random_text(24)}",
            "object": "event",
            "created": self.now(),
            "type": kind,
            "livemode": self.livemode,
            "request": request or current_request(),
            "_shapes": shapes.all_of(self, thing),
            "_previous": {},
        }
        self.events.append(event)
        self._enqueue(event)
        self.note("event", id=event["id"], type=kind, thing=thing["id"])
        return event

    def _enqueue(self, event: Object) -> None:
        holder = self.connected_to or self
        wanted = bool(self.connected_to)
        for endpoint in holder.objects.get("webhook_endpoint", {}).values():
            fits = {"*", event["type"]} & set(endpoint["enabled_events"])
            if (
                fits
                and endpoint["_connect"] == wanted
                and endpoint["status"] != "disabled"
            ):
                due = time.time() + (0.05 if holder.auto else 0)
                holder.queue.append(Delivery(self, event, endpoint, due=due))

    def event(self, number: str) -> Object:
        """Return the event ``number``.

        :raises ApiError: if there is none
        """
        for event in self.events:
            if event["id"] == number:
                return event
        raise missing("event", number)

    def rendered(self, event: Object, version: str) -> Object:
        """Return ``event`` as Stripe shows it to an endpoint of ``version``."""
        holder = self.connected_to or self
        waiting = sum(one.event is event for one in holder.queue)
        public = {key: value for key, value in event.items() if key[0] != "_"}
        public["api_version"] = version
        public["data"] = {
            "object": copy.deepcopy(event["_shapes"][shapes.era(version)])
        }
        public["pending_webhooks"] = waiting
        if self.connected_to:
            public["account"] = self.number
        return public

    def note(self, what: str, **values: Any) -> None:
        """Add a line to this account's log."""
        line = json.dumps({"time": round(time.time(), 3), "what": what, **values})
        with open(self.folder / f"{self.number}.log", "a", encoding="utf-8") as out:
            out.write(line + "\n")


_request = threading.local()


def current_request() -> Object:
    """Return the id and idempotency key of the request this thread answers."""
    return getattr(_request, "value", None) or {"id": None, "idempotency_key": None}


def set_request(number: str | None, key: str | None) -> None:
    """Set what :func:`current_request` returns in this thread."""
    _request.value = {"id": number, "idempotency_key": key}


def random_text(length: int) -> str:
    """Return random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _number in range(length))


class Book:
    """All accounts; each key is an account of its own.

    :param folder: where logs are kept, and accounts by :meth:`save`
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._accounts: dict[tuple[str, bool], Account] = {}
        self._lock = threading.Lock()
        self._file = folder / "accounts.pickle"
        folder.mkdir(parents=True, exist_ok=True)

    def load(self) -> None:
        """Take up what :meth:`save` kept; nobody listens to events any more."""
        if self._file.exists():
            self._accounts = pickle.loads(self._file.read_bytes())
        for account in self.all():
            account.objects.pop("webhook_endpoint", None)
            account.queue.clear()

    def save(self) -> None:
        """Keep all accounts for the next run."""
        self._file.write_bytes(pickle.dumps(self._accounts))

    def account(self, key: str, connected: str = "") -> Account:
        """Return the account of the secret ``key``, or the one ``connected`` to it.

        :raises ApiError: for a key that is not one of the stand-in's
        """
        if not key.startswith(_KEY_WORDS):
            shown = f"{key[:8]}...{key[-4:]}" if key else ""
            raise ApiError(
                f"Invalid API Key provided: {shown}. This is a stand-in, not Stripe: "
                f"its keys begin with {_KEY_WORDS[0]}.",
                status=401,
            )
        name = hashlib.sha256(key[8:].encode()).hexdigest()[:16]
        holder = self._get(f"acct_{name}", key[3:7] == "live")
        if not connected or connected == holder.number:
            return holder
        found = self._get(connected, holder.livemode)
        if found.connected_to not in (None, holder):
            raise ApiError("The key has no access to that account.", status=403)
        found.connected_to = holder
        return found

    def all(self) -> list[Account]:
        """Return all accounts."""
        with self._lock:
            return list(self._accounts.values())

    def session(self, number: str) -> tuple[Account, Object]:
        """Return the Checkout Session ``number`` and its account.

        :raises ApiError: if there is none
        """
        for account in self.all():
            found = account.objects.get("checkout.session", {}).get(number)
            if found:
                return account, found
        raise missing("checkout.session", number)

    def _get(self, number: str, livemode: bool) -> Account:
        with self._lock:
            key = (number, livemode)
            if key not in self._accounts:
                self._accounts[key] = Account(number, livemode, self.folder)
            return self._accounts[key]
