from __future__ import annotations

from typing import Any

from odoo import models
from odoo.fields import Domain
from odoo.http import Response, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools import ticket as ticket_tools
from .ticket import URL, may_lag

_MOST_PAGES = 1_000_000
_MAX_SEARCH = 200


class ClientHubTicketList(CustomerPortal):
    """The tickets of the signed-in client, and the way to them."""

    def _prepare_home_portal_values(self, counters: list[str]) -> dict[str, Any]:
        """EXTENDS portal: how many tickets are open."""
        values = super()._prepare_home_portal_values(counters)
        if not counters and request.env.user._is_portal():
            tickets = request.env["client.hub.ticket"]
            opened = tickets.search_count([("state", "!=", "closed")])
            values["client_hub_open_tickets"] = opened
        return values

    def _get_page_view_values(
        self, document: models.BaseModel, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """EXTENDS portal: what the client has asked about this document."""
        values = super()._get_page_view_values(document, *args, **kwargs)
        tickets = request.env["client.hub.ticket"]
        return values | tickets._get_document_values(document)

    @route(
        [URL, f"{URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=may_lag,
        methods=["GET"],
    )
    def portal_my_support(
        self,
        page: int = 1,
        sortby: str = "",
        filterby: str = "",
        search: str = "",
        search_in: str = "",
        **kwargs: Any,
    ) -> Response:
        """Show the tickets that the user may see; strange parameters change nothing."""
        if not request.env.user._is_portal():
            return request.redirect("/my")
        asked = {"sortby": sortby, "filterby": filterby}
        asked |= {"search": search.replace("\0", "")[:_MAX_SEARCH]}
        asked |= {"search_in": search_in}
        values = self._prepare_portal_layout_values()
        # A parameter of this name takes the place of the path's.
        number = ticket_tools.read_id(str(page)) or 1
        values |= self._prepare_ticket_list_values(number, asked)
        return request.render("client_hub.portal_my_support", values)

    def _prepare_ticket_list_values(
        self, page: int, asked: dict[str, str]
    ) -> dict[str, Any]:
        """Return the values of the list.

        :param asked: ``sortby``, ``filterby``, ``search``, ``search_in``
        """
        tickets = request.env["client.hub.ticket"]
        sortings, filters = self._get_ticket_sortings(), self._get_ticket_filters()
        inputs = self._get_ticket_inputs()
        for name, known in (("sortby", sortings), ("filterby", filters)):
            asked[name] = asked[name] if asked[name] in known else next(iter(known))
        if asked["search_in"] not in inputs:
            asked["search_in"] = "all"
        domain = filters[asked["filterby"]]["domain"]
        domain &= tickets._get_client_search_domain(asked["search"], asked["search_in"])
        size, total = self._items_per_page, tickets.search_count(domain)
        pager = portal_pager(URL, total, min(page, _MOST_PAGES), size, url_args=asked)
        order = sortings[asked["sortby"]]["order"]
        return asked | {
            "page_name": "support",
            "tickets": tickets.search(
                domain, order=order, limit=size, offset=max(0, pager["offset"])
            ),
            "states": tickets._get_client_states(),
            "pager": pager,
            "default_url": URL,
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "searchbar_inputs": inputs,
        }

    def _get_ticket_sortings(self) -> dict[str, dict[str, str]]:
        """Return the orders that can be chosen, as the search bar wants them."""
        return {
            "activity": {
                "label": request.env._("Last activity"),
                "order": "last_message_at desc, id desc",
            },
            "newest": {"label": request.env._("Newest"), "order": "id desc"},
            "subject": {"label": request.env._("Subject"), "order": "subject, id"},
        }

    def _get_ticket_filters(self) -> dict[str, dict[str, Any]]:
        """Return the filters that can be chosen, as the search bar wants them."""
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": request.env._("Open"),
                "domain": Domain("state", "!=", "closed"),
            },
            "waiting": {
                "label": request.env._("Waiting for you"),
                "domain": Domain("state", "=", "waiting"),
            },
            "closed": {
                "label": request.env._("Closed"),
                "domain": Domain("state", "=", "closed"),
            },
        }

    def _get_ticket_inputs(self) -> dict[str, dict[str, str]]:
        """Return where to search, as the search bar wants it."""
        return {
            "all": {"input": "all", "label": request.env._("Search in everything")},
            "name": {"input": "name", "label": request.env._("Search in number")},
            "subject": {
                "input": "subject",
                "label": request.env._("Search in subject"),
            },
        }
