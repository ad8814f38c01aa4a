from __future__ import annotations

from collections.abc import Iterator

from odoo import api, models


class ClientHubOnlinePaymentDispute(models.AbstractModel):
    """What a client disputes with the bank is not asked for again meanwhile."""

    _inherit = "client.hub.online.payment"

    @api.model
    def _refuse(self, moves_sudo: models.BaseModel) -> Iterator[tuple[int, str]]:
        """EXTENDS the offers: staff are to be asked about disputed documents."""
        disputed = moves_sudo._get_client_disputed()
        yield from ((move.id, "blocked") for move in disputed)
        yield from super()._refuse(moves_sudo - disputed)
