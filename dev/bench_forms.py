"""Opening a client in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from odoo.tools import SQL

from .bench_data import MOST_INVOICES
from .bench_job import Job, Side

_FEW_INVOICES = 20
_PAGE = 40


def jobs(ours: Any, core: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param ours: environment of the database with the add-on
    :param core: environment of the one without it
    """
    many, few = (_client_with(ours, count) for count in (MOST_INVOICES, _FEW_INVOICES))
    for count, client in ((MOST_INVOICES, many), (_FEW_INVOICES, few)):
        yield Job(
            f"Opening a client with {count:,} invoices, against core's contact form",
            _opening(ours, client),
            _opening(core, client),
            most=1.5,
        )
    yield Job(
        f"Opening one with {MOST_INVOICES:,} invoices, not with {_FEW_INVOICES}",
        _opening(ours, many),
        _opening(ours, few),
        most=1.2,
    )


def _client_with(env: Any, count: int) -> int:
    query = SQL(
        "SELECT min(id) FROM (SELECT commercial_partner_id AS id FROM account_move"
        " WHERE move_type = 'out_invoice' GROUP BY 1 HAVING count(*) = %s) client",
        count,
    )
    [(client,)] = env.execute_query(query)
    return client


def _opening(env: Any, client: int) -> Side:
    """Return what the web client asks for when it opens a client."""
    view = _form_view(env)
    partner = env["res.partner"].browse(client)

    def ready() -> dict:
        views = partner.get_views([(view, "form")])
        env.user.has_group("base.group_user")
        arch = etree.fromstring(views["views"]["form"]["arch"])
        fields = {name: model["fields"] for name, model in views["models"].items()}
        return _specification(arch, "res.partner", fields)

    def work(specification: dict) -> None:
        partner.get_views([(view, "form")])
        partner.web_read(specification)

    return Side(env, work, ready)


def _form_view(env: Any) -> int | bool:
    """Return the form that the add-on's list opens, False for core's own form."""
    action = env.ref("client_hub.client_action", raise_if_not_found=False)
    forms = action and action.view_ids.filtered(lambda view: view.view_mode == "form")
    return forms.view_id.id if forms else False


def _specification(node: Any, model: str, fields: dict[str, dict]) -> dict:
    """Return which values of a view's fields are read, and of their records."""
    found = {}
    for field in node.iter("field"):
        if next(field.iterancestors("field"), node) is not node:
            continue
        name = field.get("name")
        info = fields[model][name]
        found[name] = {}
        if info["type"] == "many2one" and field.get("invisible") not in ("1", "True"):
            found[name] = {"fields": {"display_name": {}}}
        elif info["type"] in ("one2many", "many2many"):
            found[name] = _records(field, info["relation"], fields)
    return found


def _records(field: Any, model: str, fields: dict[str, dict]) -> dict:
    """Return which values are read of the records that a list field shows."""
    shown = [child for child in field if child.tag in ("list", "kanban")]
    if not shown or field.get("invisible") in ("1", "True"):
        return {"fields": {"display_name": {}}} if field.get("widget") else {}
    inner = etree.fromstring(etree.tostring(shown[0]))
    return {"fields": _specification(inner, model, fields), "limit": _PAGE}
