"""What Stripe does not have: tests play the client, the banks, the clock, the post.

Each function is an action, ``POST /_control/<name>`` with its parameters as JSON and
the account's secret key.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from . import checkout, endpoints, shapes, webhooks
from .errors import ApiError
from .state import Account, Delivery, Fault, Object

_actions: dict[str, Callable[..., Any]] = {}


def action(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``function`` an action; its first parameter is the account."""
    _actions[function.__name__] = function
    return function


def run(account: Account, name: str, values: dict[str, Any]) -> Any:
    """Do the action ``name``.

    :raises ApiError: if there is no such action, or it does not take ``values``
    """
    function = _actions.get(name)
    if not function:
        raise ApiError(f"No such action: {name}", status=404)
    try:
        inspect.signature(function).bind(account, **values)
    except TypeError as error:
        raise ApiError(f"{name}: {error}") from None
    if name in _UNLOCKED:
        return function(account, **values)
    with account.lock:
        result = function(account, **values)
        if isinstance(result, dict) and "object" in result:
            return shapes.render(account, result, shapes.NEWEST)
        return result


@action
def info(account: Account) -> Object:
    """Return what the account is and how many events wait."""
    return {
        "account": account.number,
        "livemode": account.livemode,
        "api_version": account.api_version,
        "auto": account.auto,
        "now": account.now(),
        "queued": len(account.queue),
    }


@action
def settings(
    account: Account, auto: bool | None = None, api_version: str | None = None
) -> Object:
    """Set whether events are delivered by themselves, and the account's version."""
    if auto is not None:
        account.auto = auto
    if api_version is not None:
        account.api_version = shapes.check_version(api_version)
    return info(account)


@action
def advance(account: Account, seconds: float) -> Object:
    """Move the account's clock on; sessions whose time is over expire."""
    account.offset += seconds
    for session in account.all("checkout.session"):
        checkout.current(account, session["id"])
    return info(account)


@action
def tamper(account: Account, number: str, **values: Any) -> Object:
    """Change what the API says of any object, as no honest Stripe would."""
    found = account.find(number)
    if not found:
        raise ApiError(f"No such object: {number}", status=404)
    found.update(values)
    return found


@action
def endpoint(
    account: Account,
    url: str,
    secret: str,
    events: list[str] | None = None,
    version: str | None = None,
    connect: bool = False,
) -> Object:
    """Register an endpoint whose secret is known beforehand."""
    return endpoints.register(account, url, secret, events or ["*"], version, connect)


@action
def fault(account: Account, **values: Any) -> int:
    """Have the next fitting requests fail; see :class:`.state.Fault`."""
    account.faults.append(Fault(**values))
    return len(account.faults)


@action
def requests(account: Account) -> list[Object]:
    """Return the requests to the API."""
    return account.requests


@action
def events(account: Account, version: str = "") -> list[Object]:
    """Return all events, oldest first."""
    version = version or account.api_version
    return [account.rendered(event, version) for event in account.events]


@action
def queued(account: Account) -> list[Object]:
    """Return the events that wait, with their endpoints."""
    return [
        {
            "event": one.event["id"],
            "type": one.event["type"],
            "endpoint": one.endpoint["id"],
            "attempts": one.attempts,
        }
        for one in account.queue
    ]


@action
def attempts(account: Account) -> list[Object]:
    """Return what was sent to endpoints, and what they answered."""
    return account.attempts


@action
def drop(account: Account, events: list[str] | None = None) -> int:
    """Lose waiting events (default: all); they count as not delivered."""
    lost = [one for one in account.queue if events is None or one.event["id"] in events]
    for one in lost:
        one.due = float("inf")
        one.lost = True
    return len(lost)


@action
def deliver(
    account: Account,
    letters: list[dict[str, Any]] | None = None,
    *,
    order: str = "given",
    seed: int = 0,
    repeat: int = 1,
    parallel: int = 1,
    **more: Any,
) -> list[Object]:
    """Send what waits, or ``letters``, and return what was answered.

    :param letters: each names an ``event`` (an id, or a whole event that is forged),
        and may have its own ``sign``, ``alter``, ``delay``, ``url``, ``secret`` and
        ``version``
    :param order: ``given``, ``reversed`` or ``shuffled`` (by ``seed``)
    :param repeat: how often each is sent
    :param parallel: how many are sent at once
    :param more: ``sign``, ``alter`` ... for all of them
    """
    with account.lock:
        if letters is None:
            waiting = [one for one in account.queue if not one.lost]
            jobs = [(one, more) for one in waiting]
        else:
            jobs = [_job(account, more | letter) for letter in letters]
    jobs *= repeat
    if order == "reversed":
        jobs.reverse()
    elif order == "shuffled":
        random.Random(seed).shuffle(jobs)
    with ThreadPoolExecutor(parallel) as pool:
        return list(pool.map(lambda job: _send(account, *job), jobs))


_UNLOCKED = {"deliver"}


def _send(account: Account, what: Any, more: dict[str, Any]) -> Object:
    if isinstance(what, Delivery):
        return webhooks.deliver(account, what, **more)
    return webhooks.send(account, webhooks.Letter(event=what, **more))


def _job(account: Account, letter: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    event = letter.pop("event")
    version = letter.pop("version", "")
    if "url" not in letter and isinstance(event, str):
        for one in account.queue:
            if one.event["id"] == event:
                return one, letter
    known = (account.all("webhook_endpoint") or [{}])[-1]
    letter.setdefault("url", known.get("url", ""))
    letter.setdefault("secret", known.get("_secret", ""))
    if isinstance(event, str):
        version = version or known.get("api_version") or account.api_version
        event = account.rendered(account.event(event), version)
    return event, letter
