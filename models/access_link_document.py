from __future__ import annotations

from typing import TYPE_CHECKING

from odoo import api, models

from ..tools import access_link as link_tools

if TYPE_CHECKING:
    from odoo.addons.base.models.res_partner import ResPartner


class ClientHubAccessLink(models.Model):
    """Where links lead to, for the client and for staff."""

    _inherit = "client.hub.access.link"

    def _get_bases(self) -> list[str]:
        """Return for each link the address of the server that its client knows.

        That of the website which its document belongs to, if any, else of its company.
        """
        bases = {link: link.get_base_url() for link in self}
        for model, links in self.grouped("res_model").items():
            if model not in self.env or "website_id" not in self.env[model]._fields:
                continue
            records = self.env[model].browse(set(links.mapped("res_id"))).exists()
            own = {
                record.id: record.website_id.get_base_url()
                for record in records
                if record.website_id.domain
            }
            bases |= {link: own[link.res_id] for link in links if link.res_id in own}
        return list(bases.values())

    def _get_document(self) -> models.BaseModel | None:
        """Return the linked document, None if there is none or it is another's."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return None
        record = self.env[self.res_model].browse(self.res_id).exists()
        partner = record and self._get_document_partner(record)
        is_own = partner and partner.commercial_partner_id == self.client_id
        return record if is_own else None

    @api.model
    def _get_document_partner(self, record: models.BaseModel) -> ResPartner:
        """Return whose document this is."""
        return record if record._name == "res.partner" else record["partner_id"]

    @api.model
    def _get_document_path(self, record: models.BaseModel) -> str:
        """Return the neutral address of a document, as stored in bodies of messages."""
        return link_tools.document_path(record._name, record.id)

    @api.model
    def _find_document(self, model: str, res_id: int) -> models.BaseModel | None:
        """Return a document by its neutral address, as far as the user sees it."""
        known = model in self._get_document_models() and 0 < res_id < 2**31
        if not known or not self.env[model].has_access("read"):
            return None
        return self.env[model].search([("id", "=", res_id)]) or None

    @api.model
    def _get_document_models(self) -> list[str]:
        """Return the models whose records have neutral addresses; extend it."""
        return ["account.move", "account.payment", "res.partner", "sale.order"]

    @api.model
    def _get_staff_path(self, record: models.BaseModel | None) -> str:
        """Return the address of a document for staff."""
        return "/odoo" if record is None else f"/odoo/{record._name}/{record.id}"

    @api.model
    def _get_portal_path(self, record: models.BaseModel | None) -> str:
        """Return the clean address of a document's page in the portal.

        Extend it for models that have a page of their own.
        """
        known = record is not None and "access_url" in record._fields
        return link_tools.safe_page(known and record["access_url"])
