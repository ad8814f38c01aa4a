"""Entering the portal in ``make bench``; runs inside Odoo.

Requests go through the whole of Odoo's HTTP stack, without a network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.test import Client

from odoo.http import root
from odoo.modules.registry import Registry

from .bench_job import Job, Side

_MOST = 1 / 6
_RUNS = 15
_LOGIN = "bench-access@example.com"
_PASSWORD = "a password of the bench"  # noqa: S105 - it opens nothing but this bench
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="(\w+)"')


def jobs(ours: Any) -> Iterator[Job]:
    """Yield the job.

    :param ours: environment of the database with the add-on
    """
    _make_client(ours)
    yield Job(
        "Entering by a link, against signing in with a password",
        Side(ours, _post, lambda: _open_link(ours)),
        Side(ours, _post, _open_login),
        most=_MOST,
        runs=_RUNS,
    )


def _make_client(env: Any) -> None:
    """Make the client in a transaction of its own: requests have theirs, too."""
    with Registry(env.cr.dbname).cursor() as cr:
        own = env(cr=cr, su=True)
        if own["res.users"].search([("login", "=", _LOGIN)]):
            return
        contact = own["res.partner"].create({"name": "Bench", "email": _LOGIN})
        user = contact._get_client_user(own.company)
        user.password = _PASSWORD


def _open_link(env: Any) -> tuple[Client, str, dict[str, str]]:
    """Return a browser that shows the page of a new link, and what it sends."""
    with Registry(env.cr.dbname).cursor() as cr:
        own = env(cr=cr, su=True)
        contact = own["res.users"].search([("login", "=", _LOGIN)]).partner_id
        vals = {"partner_id": contact.id, "company_id": own.company.id}
        [url] = own["client.hub.access.link"]._issue_links([vals])
    selector, _hash, verifier = url.rpartition("/")[2].partition("#")
    return _open(f"/my/access/{selector}", {"verifier": verifier})


def _open_login() -> tuple[Client, str, dict[str, str]]:
    return _open("/web/login", {"login": _LOGIN, "password": _PASSWORD})


def _open(path: str, data: dict[str, str]) -> tuple[Client, str, dict[str, str]]:
    browser = Client(root)
    [token] = _TOKEN.findall(browser.get(path).get_data(as_text=True))[:1]
    return browser, path, {"csrf_token": token, **data}


def _post(page: tuple[Client, str, dict[str, str]]) -> None:
    browser, path, data = page
    answer = browser.post(path, data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)  # noqa: S101
