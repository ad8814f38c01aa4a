from __future__ import annotations

from typing import Any

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.http import Response, request, route

from odoo.addons.sale.controllers.portal import CustomerPortal


class ClientHubSaleOrder(CustomerPortal):
    @route()
    def portal_quote_decline(
        self,
        order_id: int,
        access_token: str | None = None,
        decline_message: str | None = None,
        **kwargs: Any,
    ) -> Response:
        """EXTENDS sale: note that it was the client who cancelled, and when."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            order_sudo = request.env["sale.order"]
        was_open = order_sudo and order_sudo.state != "cancel"
        response = super().portal_quote_decline(
            order_id, access_token, decline_message, **kwargs
        )
        if was_open and order_sudo.state == "cancel":
            user = request.env.user
            partner = order_sudo.partner_id if user._is_public() else user.partner_id
            order_sudo.write(
                {
                    "client_rejected_on": fields.Datetime.now(),
                    "client_rejected_by_id": partner.id,
                }
            )
        return response
