from __future__ import annotations

from typing import TYPE_CHECKING

from odoo import api, models

if TYPE_CHECKING:
    from odoo.addons.base.models.res_partner import ResPartner


class ClientHubTicket(models.Model):
    """A ticket as what the mails about it lead to."""

    _inherit = "client.hub.ticket"

    _client_access_links = True

    def _get_access_link_client(self) -> ResPartner:
        """EXTENDS client_hub: clients get links to their tickets."""
        self.ensure_one()
        return self.commercial_partner_id


class ClientHubAccessLink(models.Model):
    """Tickets as what a link opens."""

    _inherit = "client.hub.access.link"

    @api.model
    def _get_document_models(self) -> list[str]:
        """EXTENDS client_hub"""
        return [*super()._get_document_models(), "client.hub.ticket"]

    @api.model
    def _get_document_partner(self, record: models.BaseModel) -> ResPartner:
        """EXTENDS client_hub: a ticket belongs to its client."""
        if record._name == "client.hub.ticket":
            return record["commercial_partner_id"]
        return super()._get_document_partner(record)
