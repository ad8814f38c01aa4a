"""The list of clients in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from odoo.tools import SQL

from .bench_job import Job, Side

# What the list of clients shows.
_FIGURES = (
    "client_total_invoiced",
    "client_total_paid",
    "client_outstanding",
    "client_overdue",
    "client_standing",
)
_CLIENTS = [("customer_rank", ">", 0), ("parent_id", "=", False)]
_PAID = """
SELECT partner_id, sum(amount_company_currency_signed) FROM account_payment
 WHERE partner_type = 'customer' AND state IN ('in_process', 'paid') AND company_id = 1
 GROUP BY partner_id ORDER BY 2 DESC LIMIT 80
"""
_DOCUMENTS = """
SELECT commercial_partner_id, sum(%s) FROM account_move
 WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt')
   AND state = 'posted' AND company_id = 1
 GROUP BY commercial_partner_id ORDER BY 2 DESC LIMIT 80
"""
_MOST_DOCUMENTS = """
SELECT commercial_partner_id FROM account_move WHERE move_type = 'out_invoice'
 GROUP BY commercial_partner_id ORDER BY count(*) DESC LIMIT 80
"""
_INVOICED = _DOCUMENTS % "amount_total_signed"
_OUTSTANDING = _DOCUMENTS % "amount_residual_signed"
_OVERDUE = """
SELECT partner_id, sum(amount_residual) FROM account_move_line
 WHERE display_type = 'payment_term' AND parent_state = 'posted' AND company_id = 1
   AND date_maturity < current_date
 GROUP BY partner_id ORDER BY 2 DESC LIMIT 80
"""
_BARE = (_PAID, _INVOICED, _OUTSTANDING, _OVERDUE)


def jobs(env: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param env: of the database with the add-on
    """
    clients = env["res.partner"].search(_CLIENTS, limit=80)
    yield _list(env, clients, "80 clients", 1 / 20)
    [largest] = zip(*env.execute_query(SQL(_MOST_DOCUMENTS)), strict=True)
    yield _list(env, clients.browse(largest), "the 80 largest clients", None)
    yield from _sorting(env)
    yield from _aggregates(env)


def _list(env: Any, rows: Any, whose: str, most: float | None) -> Job:
    """Compare the figures of a page of the list with core's, read as a browser does.

    :param rows: the clients of the page
    """

    def ready() -> Any:
        rows.mapped("commercial_partner_id.name")
        env.company.currency_id.mapped("rounding")
        return rows

    def read(*names: str) -> Callable[[Any], object]:
        return lambda rows: rows.web_read({name: {} for name in names})

    return Job(
        f"Figures of {whose}, against credit and total_invoiced",
        Side(env, read(*_FIGURES, "client_currency_id"), ready),
        Side(env, read("credit", "total_invoiced", "currency_id"), ready),
        most=most,
        most_queries=3,
    )


def _sorting(env: Any) -> Iterator[Job]:
    jobs = [
        ("lifetime value", "client_total_paid", _PAID, 3.0),
        ("invoiced", "client_total_invoiced", _INVOICED, None),
        ("outstanding", "client_outstanding", _OUTSTANDING, None),
        ("overdue", "client_overdue", _OVERDUE, None),
    ]
    for label, name, bare, most in jobs:
        yield Job(
            f"10,000 clients sorted by {label}, against the bare SQL aggregate",
            Side(env, _search(name), _partners(env)),
            Side(env, lambda _none, bare=bare: env.execute_query(SQL(bare))),
            most,
        )


def _search(name: str) -> Callable[[Any], object]:
    return lambda partners: partners.search(_CLIENTS, order=f"{name} desc", limit=80)


def _partners(env: Any) -> Callable[[], Any]:
    def ready() -> Any:
        partners = env["res.partner"]
        partners.search(_CLIENTS, limit=1)  # who asks is known then
        return partners

    return ready


def _aggregates(env: Any) -> Iterator[Job]:
    sums = [f"{name}:sum" for name in _FIGURES[:4]]
    groups = [
        ("Totals of four figures over 10,000 clients", [], sums),
        ("10,000 clients grouped by standing", ["client_standing"], ["__count"]),
    ]
    for label, by, what in groups:
        yield Job(
            f"{label}, against the bare SQL aggregates",
            Side(
                env,
                lambda partners, by=by, what=what: partners.formatted_read_group(
                    _CLIENTS, by, what
                ),
                _partners(env),
            ),
            Side(env, lambda _none: [env.execute_query(SQL(q)) for q in _BARE]),
        )
