"""Kills the worker that answers a webhook, as ``kill -9`` does, at a point of choice.

Loaded by ``--load``; it is not installed in any database. The file
``CLIENT_HUB_KILL_FILE`` names the point: ``method <model> <method>`` (no model for
the controller), ``commit``, or ``statement <number>``. The file is removed when the
worker dies, so that the next one lives.
"""

from __future__ import annotations

import functools
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from odoo import http
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tools import config

_FILE = Path(os.environ["CLIENT_HUB_KILL_FILE"])
_ROUTE = "/payment/stripe/webhook"
_request = threading.local()
_wrapped: set[tuple[str, str]] = set()


def _point() -> list[str]:
    """Return the words of the file while a webhook is answered."""
    if not getattr(_request, "watched", False) or not _FILE.exists():
        return []
    return _FILE.read_text().split(" ")


def _die() -> None:
    _FILE.unlink()
    os.kill(os.getpid(), signal.SIGKILL)


def _wrap(owner: Any, model: str, method: str) -> None:
    """Have ``method`` die after its work if the file says so."""
    original = getattr(owner, method)

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if _point() == ["method", model, method]:
            _die()
        return result

    setattr(owner, method, wrapper)


def _prepare() -> None:
    """Wrap the method that the file names, once in a process."""
    words = _point()
    if words[:1] != ["method"]:
        return
    _kind, model, method = words
    if (model, method) in _wrapped:
        return
    _wrapped.add((model, method))
    if model:
        _wrap(Registry(config["db_name"][0])[model], model, method)
    else:
        from odoo.addons.client_hub.controllers import stripe_webhook

        _wrap(stripe_webhook.ClientHubStripeWebhook, model, method)


def _watch(application: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(application)
    def call(self: Any, environ: dict[str, Any], start: Any) -> Any:
        _request.watched = environ.get("PATH_INFO") == _ROUTE
        _request.statements = 0
        if _request.watched:
            _prepare()
        try:
            return application(self, environ, start)
        finally:
            _request.watched = False

    return call


def _count(execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = execute(self, *args, **kwargs)
        words = _point()
        if words[:1] == ["statement"]:
            _request.statements += 1
            if _request.statements == int(words[1]):
                _die()
        return result

    return call


def _after_commit(commit: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(commit)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = commit(self, *args, **kwargs)
        if _point() == ["commit"]:
            _die()
        return result

    return call


http.Application.__call__ = _watch(http.Application.__call__)
Cursor.execute = _count(Cursor.execute)
Cursor.commit = _after_commit(Cursor.commit)
