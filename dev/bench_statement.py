"""The account statement in ``make bench``; runs inside Odoo."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from werkzeug.test import Client

from odoo import http, sql_db
from odoo.tools import SQL

from .bench_data import MOST_INVOICES
from .bench_forms import _client_with
from .bench_job import Job, Side
from .bench_server import sign_in

_LOGIN = "bench_statement"
_MANY_ROWS = 10_000
_FEW_ROWS = 1_000
_MANY_MAILS = 1_000
_FEW_MAILS = 100


def jobs(env: Any) -> Iterator[Job]:
    """Yield the jobs that are measured in time.

    :param env: of the database with the add-on
    """
    client = _client_with(env, MOST_INVOICES)
    browser = _browser(env, client)
    yield Job(
        f"Statement page of a client with {MOST_INVOICES:,} invoices, against"
        " core's /my/invoices",
        Side(env, _opens(env, browser, "/my/statement")),
        Side(env, _opens(env, browser, "/my/invoices")),
        most=1.5,
        most_queries=45,
    )
    past = f"/my/statement?date_to={date.today() - timedelta(30)}"
    yield Job(
        "The same as of a month ago, against core's /my/invoices",
        Side(env, _opens(env, browser, past)),
        Side(env, _opens(env, browser, "/my/invoices")),
        most_queries=45,
    )
    few = _browser(env, _client_with(env, 20))
    yield Job(
        f"Statement page of one with {MOST_INVOICES:,} invoices, not with 20",
        Side(env, _opens(env, browser, "/my/statement")),
        Side(env, _opens(env, few, "/my/statement")),
        most_queries=45,
    )


def memory(env: Any) -> Iterator[dict[str, Any]]:
    """Yield what takes memory; the columns of times hold megabytes."""
    client = env["res.partner"].browse(_client_with(env, MOST_INVOICES))
    for label, make in (("PDF", _make_pdf), ("XLSX", _make_sheet)):
        many, few = (_peak(env, client, rows, make) for rows in (_MANY_ROWS, _FEW_ROWS))
        yield _row(f"Memory of a {label} of 10,000 rows, against 1,000", many, few)
    _peak_of_sending(env, _FEW_MAILS)  # fills the caches
    sent = [_peak_of_sending(env, count) for count in (_MANY_MAILS, _FEW_MAILS)]
    yield _row("Memory of sending 1,000 statements, against 100", *sent, most=1.5)


def _row(
    job: str, ours: float, core: float, most: float | None = None
) -> dict[str, Any]:
    return {
        "job": job,
        "ours": ours,
        "core": core,
        "ratio": ours / core,
        "most": most,
        "queries": 0,
        "core_queries": 0,
        "most_queries": None,
    }


# ------------------------------------------------------------------------------ pages


def _browser(env: Any, client_id: int) -> Client:
    """Return a browser in which a contact of the client has signed in."""
    login = f"{_LOGIN}_{client_id}"
    users = env["res.users"].with_context(no_reset_password=True)
    user = users.search([("login", "=", login)])
    if not user:
        group = env.ref("base.group_portal")
        vals = {
            "login": login,
            "partner_id": client_id,
            "group_ids": [(6, 0, group.ids)],
        }
        user = users.create({**vals, "name": login})
        env.cr.commit()
    browser = Client(http.root)
    browser.set_cookie("localhost", "session_id", sign_in(env, user))
    return browser


def _opens(env: Any, browser: Client, path: str) -> Callable[[Any], object]:
    def work(_none: Any) -> None:
        before = sql_db.sql_counter
        response = browser.get(path)
        assert response.status_code == 200, (path, response.status)
        # A request has a cursor of its own: its queries count as those of this job.
        env.cr.sql_log_count += sql_db.sql_counter - before

    return work


# ----------------------------------------------------------------------------- memory


@contextmanager
def _rolled_back(env: Any) -> Iterator[None]:
    env.invalidate_all()
    yield
    env.cr.rollback()
    env.invalidate_all()


def _peak(
    env: Any, client: Any, rows: int, make: Callable[[Any, Any], object]
) -> float:
    """Return the megabytes at most used by a file of so many rows."""
    with _rolled_back(env):
        env.cr.execute(
            SQL(
                """
                UPDATE account_move_line SET partner_id = %s WHERE id IN (
                SELECT line.id FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE account.account_type = 'asset_receivable'
                   AND line.parent_state = 'posted' AND line.company_id = %s
                 LIMIT %s)
                """,
                client.id,
                env.company.id,
                rows,
            )
        )
        make(env, client)
        tracemalloc.start()
        make(env, client)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 2**20


def _statement(client: Any) -> Any:
    period = client.env["client.hub.statement"]._read_period("all")
    return client._get_client_statement(period)


def _make_pdf(env: Any, client: Any) -> None:
    with _no_wkhtmltopdf(env):
        env["client.hub.statement"]._make_pdf(_statement(client))


def _make_sheet(env: Any, client: Any) -> None:
    env["client.hub.statement"]._make_sheet(_statement(client))


def _no_wkhtmltopdf(env: Any) -> Any:
    """Leave out the program that prints: a process of its own, with its own memory."""
    reports = env.registry["ir.actions.report"]
    return patch.object(reports, "_run_wkhtmltopdf", lambda *_a, **_k: b"%PDF-1.4")


def _peak_of_sending(env: Any, count: int) -> float:
    """Return the megabytes at most used by sending statements to so many clients."""
    clients = env["res.partner"].search(
        [("is_company", "=", True), ("client_outstanding", ">", 0)], limit=count
    )
    period = env["client.hub.statement"]._read_period("last_12_months")
    with _rolled_back(env), _no_wkhtmltopdf(env):
        run = env["client.hub.statement.run"]._start(clients, period)
        tracemalloc.start()
        mails_sudo = env["client.hub.statement.mail"].sudo()  # as the cron sends
        for line_id in run.sudo().line_ids.ids:
            mails_sudo.browse(line_id)._send_once()
            env.flush_all()
            env.invalidate_all()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 2**20
