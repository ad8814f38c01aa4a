"""A million links in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from odoo.modules.registry import Registry

from .bench_job import Job, Side

_MANY = 1_000_000
_DEAD = 20_000
_BATCH = 5000
_NAME = "Bench of links"


def jobs(ours: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param ours: environment of the database with the add-on
    """
    _make_links(ours)
    links = ours["client.hub.access.link"]
    users = ours["res.users"]
    _check_plan(ours)
    yield Job(
        "Finding one link of a million, against finding a user by login",
        Side(ours, lambda _: links._find("0" * 21 + "x")),
        Side(ours, lambda _: users.search([("login", "=", "nobody")], limit=1)),
        most=2.0,
    )
    yield Job(
        "Purging 5,000 links of a million, the oldest locked, against none locked",
        Side(ours, _purge, lambda: _lock(ours)),
        Side(ours, _purge, lambda: (None, ours)),
        most=1.5,
    )


def _make_links(env: Any) -> None:
    """Make the links in a transaction of its own, once in a database."""
    with Registry(env.cr.dbname).cursor() as cr:
        own = env(cr=cr, su=True)
        if own["res.partner"].search([("name", "=", _NAME)], limit=1):
            return
        contact = own["res.partner"].create({"name": _NAME})
        own.flush_all()
        cr.execute(
            "INSERT INTO client_hub_access_link (partner_id, client_id, company_id,"
            " email, selector, verifier_hash, expires_at)"
            " SELECT %s, %s, %s, 'many@example.com', left(md5(n::text), 22), '',"
            " CASE WHEN n <= %s THEN now() - interval '200 days'"
            " ELSE now() + interval '60 days' END FROM generate_series(1, %s) n",
            [contact.id, contact.id, own.company.id, _DEAD, _MANY],
        )
    with Registry(env.cr.dbname).cursor() as cr:
        cr.execute("ANALYZE client_hub_access_link")


def _check_plan(env: Any) -> None:
    """Stop if the links are not found by their index."""
    env.cr.execute(
        "EXPLAIN SELECT id FROM client_hub_access_link WHERE selector = 'x' LIMIT 1"
    )
    plan = str(env.cr.fetchall())
    assert "selector_unique" in plan, plan  # noqa: S101


def _lock(env: Any) -> tuple[Any, Any]:
    """Lock the link that would be purged first, in another transaction."""
    cursor = Registry(env.cr.dbname).cursor()
    cursor.execute(
        "SELECT id FROM client_hub_access_link ORDER BY expires_at LIMIT 1 FOR UPDATE"
    )
    return cursor, env


def _purge(prepared: tuple[Any, Any]) -> None:
    """Purge one batch, which waits for nobody."""
    cursor, env = prepared
    try:
        env.cr.execute("SET LOCAL lock_timeout = '5s'")
        purged = env["client.hub.access.link"].sudo()._gc()
        assert purged == (_BATCH, 1), purged  # noqa: S101
    finally:
        if cursor:
            cursor.close()
