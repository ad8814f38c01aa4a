from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.http import request

from ..tools.online_payment_offer import Offer, Offers
from .statement import ClientHubStatement


class ClientHubOnlinePaymentStatement(ClientHubStatement):
    """What of the statement can be paid."""

    def _prepare_statement_values(self, *args: Any) -> dict[str, Any]:
        """EXTENDS client_hub: what can be paid today; nothing as of a past day."""
        values = super()._prepare_statement_values(*args)
        found = Offers()
        if not values["statement"].is_past:
            found = self._get_balance(values["statement"])
        values["client_hub_pay"] = {
            "units": {
                document: units
                for offer in found.offers
                for document, units in offer.units_by_document().items()
            },
            "refused": found.refused,
            "blocks": self._get_offers_by_block(found.offers),
        }
        return values

    def _get_balance(self, statement: Any) -> Offers:
        """Return what can be paid, nothing if that is too much for one page."""
        payments = request.env["client.hub.online.payment"]
        companies = [block.company for block in statement.blocks]
        if not companies or not payments._is_offered(
            request.env.user.sudo().company_ids
        ):
            return Offers()
        try:
            return payments._get_balance()
        except UserError:
            return Offers()

    def _get_offers_by_block(
        self, offers: list[Offer]
    ) -> dict[tuple[int, int], list[Offer]]:
        """Return the payments by company and currency of the accounts on the page."""
        statements = request.env["client.hub.statement"]
        # sudo: portal users know who bills them.
        ledgers = statements._get_ledgers(request.env.user.sudo().company_ids)
        found: dict[tuple[int, int], list[Offer]] = {}
        for offer in offers:
            company_id = ledgers.get(offer.company.id, offer.company.id)
            found.setdefault((company_id, offer.currency.id), []).append(offer)
        return found
