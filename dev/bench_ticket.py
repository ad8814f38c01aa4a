"""50,000 tickets in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from odoo.modules.registry import Registry
from odoo.tools import SQL

from .bench_data import MOST_INVOICES
from .bench_forms import _client_with
from .bench_job import Job, Side
from .bench_statement import _browser, _opens

_MANY = 50_000
_OF_ONE = 10_000
_FEW = 20
_LIST = {
    "name": {},
    "subject": {},
    "commercial_partner_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
    "last_message_at": {},
    "next_deadline": {},
    "is_late": {},
    "priority": {},
    "tag_ids": {"fields": {"display_name": {}, "color": {}}},
    "state": {},
}
# What a card of the kanban shows beside it.
_CARD = {
    **_LIST,
    "activity_state": {},
    "activity_ids": {"fields": {"summary": {}}},
}
_CORE_LIST = {
    "name": {},
    "ref": {},
    "commercial_partner_id": {"fields": {"display_name": {}}},
    "invoice_user_id": {"fields": {"display_name": {}}},
    "invoice_date": {},
    "state": {},
}
_INVOICES = [("move_type", "=", "out_invoice")]
_TICKETS = """
INSERT INTO client_hub_ticket (name, subject, description, partner_id,
       commercial_partner_id, company_id, state, priority, channel, create_uid,
       write_uid, create_date, write_date, last_message_at, last_answer_at, opened_at,
       paused_hours, user_id, next_deadline)
SELECT 'B' || n, 'Question ' || n, '<p>What about document ' || n || '?</p>',
       client.id, client.id, %(company)s,
       (ARRAY['new', 'open', 'waiting', 'closed'])[1 + n %% 4], '1', 'portal', 2, 2,
       made, made, made, CASE WHEN n %% 4 > 1 THEN made END, made, 0,
       CASE WHEN n %% 3 > 0 THEN 2 END, CASE WHEN n %% 4 < 2 THEN made + '8 h' END
  FROM (SELECT n, now() - n * interval '10 minutes' AS made
          FROM generate_series(1, %(many)s) n) numbers
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS position, count(*) OVER ()
               AS total FROM res_partner
         WHERE customer_rank > 0 AND parent_id IS NULL) client
    ON CASE WHEN n <= %(of_one)s THEN client.id = %(most)s
            WHEN n <= %(of_one)s + %(few)s THEN client.id = %(other)s
       ELSE client.position = n %% client.total END
"""
_MESSAGES = """
INSERT INTO mail_message (model, res_id, body, message_type, subtype_id, author_id,
       date, create_uid, create_date, is_internal)
SELECT 'client.hub.ticket', id, description, 'comment', %(comment)s, partner_id,
       create_date, create_uid, create_date, false
  FROM client_hub_ticket WHERE name LIKE 'B%%'
"""


def jobs(env: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param env: of the database with the add-on
    """
    most, other = (_client_with(env, count) for count in (MOST_INVOICES, 20))
    _make_tickets(env, most, other)
    browser, few = _browser(env, most), _browser(env, other)
    yield Job(
        f"Tickets in the portal, {_OF_ONE:,} of {_MANY:,}, against core's /my/invoices",
        Side(env, _opens(env, browser, "/my/support")),
        Side(env, _opens(env, browser, "/my/invoices")),
        most=1.5,
        most_queries=45,
    )
    yield Job(
        f"Tickets in the portal, a client with {_OF_ONE:,}, not with {_FEW}",
        Side(env, _opens(env, browser, "/my/support")),
        Side(env, _opens(env, few, "/my/support")),
        more_queries=0,
    )
    yield from _staff_jobs(env)


def _staff_jobs(env: Any) -> Iterator[Job]:
    yield Job(
        f"List of {_MANY:,} tickets, against core's list of invoices",
        Side(env, _lists(env, "client.hub.ticket", [], _LIST)),
        Side(env, _lists(env, "account.move", _INVOICES, _CORE_LIST)),
        most=1.5,
        more_queries=2,
    )
    yield Job(
        f"Kanban of {_MANY:,} tickets by state, against core's invoices by state",
        Side(env, _groups(env, "client.hub.ticket", [], _CARD)),
        Side(env, _groups(env, "account.move", _INVOICES, _CORE_LIST)),
        most_queries=20,
    )
    clients = env["res.partner"].search([("parent_id", "=", False)], limit=80)
    yield Job(
        "Counts of tickets of 80 clients, against credit",
        Side(env, lambda _: clients.mapped("client_ticket_count")),
        Side(env, lambda _: clients.mapped("credit")),
        most=1.0,
        most_queries=3,
    )


def _make_tickets(env: Any, most: int, other: int) -> None:
    """Make the tickets in a transaction of its own, once in a database.

    :param most: client who gets a lot of them
    :param other: client who gets a few on purpose
    """
    values = {
        "many": _MANY,
        "of_one": _OF_ONE,
        "few": _FEW,
        "most": most,
        "other": other,
        "company": env.company.id,
        "comment": env.ref("mail.mt_comment").id,
    }
    with Registry(env.cr.dbname).cursor() as cr:
        cr.execute("SELECT count(*) FROM client_hub_ticket WHERE name LIKE 'B%'")
        if cr.fetchone()[0] == _MANY:
            return
        cr.execute(SQL(_TICKETS, **values))
        cr.execute(SQL(_MESSAGES, **values))
    with Registry(env.cr.dbname).cursor() as cr:
        cr.execute("ANALYZE client_hub_ticket, mail_message")


def _lists(env: Any, model: str, domain: list, names: dict) -> Callable[[Any], object]:
    """Return what reads the first page of a list, as the web client does."""
    return lambda _none: env[model].web_search_read(domain, names, limit=80)


def _groups(env: Any, model: str, domain: list, names: dict) -> Callable[[Any], object]:
    """Return what reads a kanban by state, as the web client does."""
    return lambda _none: env[model].web_read_group(
        domain,
        ["state"],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification=names,
        unfold_read_default_limit=40,
    )
