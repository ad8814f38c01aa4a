from __future__ import annotations

from typing import Any

from odoo.http import Controller, Response, request, route

from ..const import PAYMENT_STATUS, PAYMENT_STATUSES
from ..models.payment_transaction_checkout_end import RETURN_ROUTE
from ..tools.online_payment import with_query


class ClientHubPaymentReturn(Controller):
    """Where Stripe sends the client back to."""

    @route(RETURN_ROUTE, type="http", auth="public", methods=["GET"], sitemap=False)
    def client_hub_pay_return(
        self, tx: str = "", token: str = "", **kwargs: Any
    ) -> Response:
        """Ask Stripe what happened, book it, and go on to the landing page.

        :param tx: id of the transaction
        :param token: proves that Stripe's page was opened for it
        """
        transactions = request.env["payment.transaction"]
        number = int(tx[:9]) if tx.isdecimal() else 0
        transaction_sudo = transactions._find_returning(number, token)
        if not transaction_sudo:
            raise request.not_found()
        transaction_sudo._settle_returning()
        status = PAYMENT_STATUSES[transaction_sudo.state]
        url = with_query(transaction_sudo.landing_route, **{PAYMENT_STATUS: status})
        return request.redirect(url, 303)
