from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from odoo.http import Response, content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.statement import CUSTOM, DEFAULT_PERIOD, PERIODS, PeriodError

URL = "/my/statement"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# PostgreSQL cannot count beyond; nor has any client as many.
_MOST_PAGES = 1_000_000


class ClientHubStatement(CustomerPortal):
    """The account of the signed-in client. No parameter names whose it is."""

    _statement_documents_per_page = 40

    def _prepare_home_portal_values(self, counters: list[str]) -> dict[str, Any]:
        """EXTENDS portal: what the client owes, beside the way to the statement."""
        values = super()._prepare_home_portal_values(counters)
        if not counters:
            blocks = request.env["client.hub.statement"]._get_portal_totals()
            values["client_hub_statement_blocks"] = blocks
        return values

    @route(
        [URL, f"{URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def portal_my_statement(
        self,
        page: int = 1,
        filterby: str = "",
        date_from: str = "",
        date_to: str = "",
        documents: str = "1",
        **kwargs: Any,
    ) -> Response:
        """Show the account; what makes no sense is said, never an error."""
        statements = request.env["client.hub.statement"]
        asked = {"filterby": filterby, "date_from": date_from, "date_to": date_to}
        values = self._prepare_portal_layout_values()
        try:
            period = statements._read_period(**asked)
        except PeriodError as error:
            values["error"] = statements._get_period_error(error)
            period, asked = statements._read_period(DEFAULT_PERIOD), {}
        page = min(max(1, page), _MOST_PAGES)
        values |= self._prepare_statement_values(period, asked, page, documents)
        if page > 1 and values["account_pager"]["page"]["num"] < page:
            return request.redirect(values["account_pager"]["page"]["url"])
        return request.render("client_hub.portal_my_statement", values)

    @route(
        f"{URL}/<any(pdf, xlsx):kind>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def portal_my_statement_file(
        self,
        kind: str,
        filterby: str = "",
        date_from: str = "",
        date_to: str = "",
        **kwargs: Any,
    ) -> Response:
        """Download the account as the page shows it, with all its rows."""
        statements = request.env["client.hub.statement"]
        asked = {"filterby": filterby, "date_from": date_from, "date_to": date_to}
        try:
            period = statements._read_period(**asked)
        except PeriodError:
            # The page says what is wrong with the dates.
            return request.redirect(f"{URL}?{urlencode(asked)}")
        statement = statements._get_portal(period)
        if kind == "xlsx":
            content, content_type = statements._make_sheet(statement), XLSX_TYPE
        else:
            content, content_type = statements._make_pdf(statement)
        name = f"{statements._get_file_name(statement)}.{kind}"
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)

    def _prepare_statement_values(
        self, period: Any, asked: dict[str, str], page: int, documents: str
    ) -> dict[str, Any]:
        statements = request.env["client.hub.statement"]
        shown, step = _page(documents), self._statement_documents_per_page
        size = self._items_per_page
        statement = statements._get_portal(
            period,
            rows=slice((page - 1) * size, page * size),
            documents=slice((shown - 1) * step, shown * step),
        )
        args = {name: value for name, value in asked.items() if value}
        name = asked.get("filterby") if asked.get("filterby") in PERIODS else None
        dated = asked.get("date_from") or asked.get("date_to")
        return {
            "page_name": "statement",
            "statement": statement,
            "labels": statements._get_labels(),
            "default_url": URL,
            "filterby": name or (CUSTOM if dated else DEFAULT_PERIOD),
            "searchbar_filters": self._get_statement_filters(bool(dated and not name)),
            "query": urlencode(args),
            "account_pager": portal_pager(
                URL, statement.row_count, page, size, url_args=args
            ),
            "documents_page": shown,
            "documents_pages": -(-statement.document_count // step),
        }

    def _get_statement_filters(self, custom: bool) -> dict[str, dict[str, str]]:
        """Return the periods as the search bar of the portal wants them."""
        statements = request.env["client.hub.statement"]
        labels = statements._get_period_labels()
        labels |= {CUSTOM: request.env._("Chosen dates")} if custom else {}
        return {name: {"label": label} for name, label in labels.items()}


def _page(text: str) -> int:
    """Return the number of a page, 1 for what is none."""
    return min(max(1, int(text[:9])), _MOST_PAGES) if text.isdecimal() else 1
