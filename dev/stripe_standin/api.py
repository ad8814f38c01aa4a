"""The API: which request does what, and how often."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import forms, params, shapes
from .errors import ApiError, ParamError
from .state import Account, Fault, Object, random_text, set_request

_KEEP_SECONDS = 24 * 3600
_MAX_KEY = 255
_MAX_LIMIT = 100
_ONLY_SLOW = 200
_NO_FAULT = Fault("", _ONLY_SLOW)


@dataclass
class Call:
    """One request.

    :param base: the stand-in's own URL, as the caller knows it
    :param ids: what stands in the path
    """

    account: Account
    version: str
    base: str
    ids: tuple[str, ...]
    params: dict[str, Any]


@dataclass(frozen=True)
class _Route:
    method: str
    pattern: re.Pattern[str]
    shape: Any
    answer: Callable[[Call], Any]


_routes: list[_Route] = []


def route(method: str, path: str, shape: Any = None) -> Callable:
    """Make the decorated function answer ``method`` on ``path``.

    It returns an object, or a list of objects to be paged.

    :param path: where ``*`` stands for an id
    :param shape: the SDK's class of its parameters
    """
    pattern = re.compile(re.escape(f"/v1/{path}").replace(r"\*", r"([\w.-]+)"))

    def register(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        _routes.append(_Route(method, pattern, shape, function))
        return function

    return register


@dataclass(frozen=True)
class Request:
    """What came over the wire; ``text`` are the form-encoded parameters."""

    method: str
    path: str
    text: str
    base: str
    version: str = ""
    key: str = ""


@dataclass(frozen=True)
class Answer:
    """What goes back; no status stands for a connection that breaks."""

    status: int
    body: Object
    number: str
    replayed: bool = False


def answer(account: Account, request: Request) -> Answer:
    """Do what ``request`` asks, unless its idempotency key has done it before."""
    number = f"req_{random_text(14)}"
    fault = _fault(account, request)
    if not fault.inside:
        time.sleep(fault.delay)
    if not (fault.after or fault.status == _ONLY_SLOW):
        return _broken(fault, number)
    try:
        found = _once(account, request, number, fault)
    except ApiError as error:
        found = Answer(error.status, _error_body(error, number), number)
    _note(account, request, found)
    return found if fault.status == _ONLY_SLOW else _broken(fault, number)


def _note(account: Account, request: Request, found: Answer) -> None:
    account.requests.append(
        {
            "id": found.number,
            "method": request.method,
            "path": request.path,
            "params": request.text,
            "version": request.version,
            "idempotency_key": request.key,
            "status": found.status,
            "replayed": found.replayed,
        }
    )
    account.note("request", **account.requests[-1])


def _fault(account: Account, request: Request) -> Fault:
    line = f"{request.method} {request.path}"
    with account.lock:
        for fault in account.faults:
            if fault.times > 0 and re.search(fault.match, line):
                fault.times -= 1
                return fault
    return _NO_FAULT


def _broken(fault: Fault, number: str) -> Answer:
    kind = "rate_limit_error" if fault.status == 429 else "api_error"
    error = {"type": kind, "message": "A fault that was asked for (stand-in)."}
    return Answer(fault.status, {"error": error}, number)


def _error_body(error: ApiError, number: str) -> Object:
    shown = error.error | {"request_log_url": f"(stand-in, no log)/{number}"}
    return {"error": shown}


def _once(account: Account, request: Request, number: str, fault: Fault) -> Answer:
    if request.method != "POST" or not request.key:
        return _do(account, request, number)
    mark = hashlib.sha256(f"{request.path}\0{request.text}".encode()).hexdigest()
    kept = _kept(account, request, mark)
    if kept:
        return Answer(kept.status, kept.body, kept.number, replayed=True)
    try:
        if fault.inside:
            time.sleep(fault.delay)
        found = _do(account, request, number)
        account.kept[request.key] = (mark, account.now(), found)
    finally:
        # What was refused before it began may be tried again.
        if account.kept[request.key][2] is None:
            del account.kept[request.key]
    return found


def _kept(account: Account, request: Request, mark: str) -> Answer | None:
    if len(request.key) > _MAX_KEY:
        raise ParamError(f"Idempotency keys can be up to {_MAX_KEY} characters.")
    with account.lock:
        old = account.kept.get(request.key)
        if old and old[1] + _KEEP_SECONDS < account.now():
            old = None
        if not old:
            account.kept[request.key] = (mark, account.now(), None)
            return None
    if old[0] != mark:
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters "
            "they were first used with. Try using a key other than "
            f"'{request.key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    if old[2] is None:
        raise ApiError(
            "There is currently another in-progress request using this Idempotent Key.",
            status=409,
            kind="idempotency_error",
            code="idempotency_key_in_use",
        )
    return old[2]


def _do(account: Account, request: Request, number: str) -> Answer:
    """Check and carry out ``request``; errors of its execution are answers."""
    version = shapes.check_version(request.version or account.api_version)
    found, ids = _find_route(request)
    checked = params.check(found.shape, forms.parse(request.text))
    call = Call(account, version, request.base, ids, checked)
    with account.lock:
        set_request(number, request.key or None)
        try:
            body = _shown(call, request, found.answer(call))
        except ParamError:
            raise
        except ApiError as error:
            return Answer(error.status, _error_body(error, number), number)
        finally:
            set_request(None, None)
    return Answer(200, json.loads(json.dumps(body)), number)


def _find_route(request: Request) -> tuple[_Route, tuple[str, ...]]:
    for one in _routes:
        match = one.pattern.fullmatch(request.path)
        if match and one.method == request.method:
            return one, match.groups()
    raise ApiError(
        f"Unrecognized request URL ({request.method}: {request.path}). "
        "This stand-in answers only a part of Stripe's API.",
        status=404,
    )


def _shown(call: Call, request: Request, result: Any) -> Object:
    expand = call.params.get("expand", [])
    if isinstance(result, list):
        shown = _page(call, request.path, result)
    else:
        shown = shapes.render(call.account, result, call.version)
    shapes.expand(call.account, shown, expand, call.version)
    return shown


def _page(call: Call, path: str, items: list[Object]) -> Object:
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= _MAX_LIMIT:
        raise ParamError(
            f"This value must be between 1 and {_MAX_LIMIT}.", param="limit"
        )
    items = _from_cursor(call, [item for item in items if _in_time(call, item)])
    backwards = "ending_before" in call.params
    chosen = items[-limit:] if backwards else items[:limit]
    shown = [shapes.render(call.account, item, call.version) for item in chosen]
    return shapes.page(shown, path, len(items) > limit)


def _from_cursor(call: Call, items: list[Object]) -> list[Object]:
    for name in ("starting_after", "ending_before"):
        number = call.params.get(name)
        if number:
            numbers = [item["id"] for item in items]
            if number not in numbers:
                raise ApiError(f"No such object: '{number}'", param=name)
            place = numbers.index(number)
            return items[place + 1 :] if name == "starting_after" else items[:place]
    return items


def _in_time(call: Call, item: Object) -> bool:
    wanted = call.params.get("created")
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return item["created"] == wanted
    tests = {
        "gt": item["created"].__gt__,
        "gte": item["created"].__ge__,
        "lt": item["created"].__lt__,
        "lte": item["created"].__le__,
    }
    return all(tests[name](value) for name, value in wanted.items())
