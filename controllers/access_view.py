from __future__ import annotations

from typing import Any

from odoo import http
from odoo.http import Response, request

from odoo.addons.account.controllers.portal import PortalAccount
from odoo.addons.sale.controllers.portal import CustomerPortal


class ClientHubViews(PortalAccount, CustomerPortal):
    """Notes when clients look at their documents."""

    @http.route()
    def portal_my_invoice_detail(self, invoice_id: int, **kw: Any) -> Response:
        """EXTENDS account."""
        response = super().portal_my_invoice_detail(invoice_id, **kw)
        self._note_client_view("account.move", invoice_id, response)
        return response

    @http.route()
    def portal_order_page(self, order_id: int, **kw: Any) -> Response:
        """EXTENDS sale."""
        response = super().portal_order_page(order_id, **kw)
        self._note_client_view("sale.order", order_id, response)
        return response

    def _note_client_view(self, model: str, res_id: int, response: Any) -> None:
        """Note a page that was shown; core has checked the rights to it."""
        looks = request.httprequest.method == "GET" and not _is_prefetch()
        if looks and request.env.user._is_portal() and response.status_code == 200:
            document = request.env[model].search([("id", "=", res_id)])
            for found in document:
                found._note_client_view()


def _is_prefetch() -> bool:
    """Tell whether a browser fetches the page before anybody wants to see it."""
    headers = request.httprequest.headers
    return bool(headers.get("Sec-Purpose") or headers.get("X-Moz") == "prefetch")
