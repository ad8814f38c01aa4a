from __future__ import annotations

from typing import TYPE_CHECKING

from odoo import api, fields, models

if TYPE_CHECKING:
    from odoo.addons.base.models.res_partner import ResPartner


class ClientHubInvoiceArchive(models.Model):
    """An archive as what the mail that it is ready leads to."""

    _inherit = "client.hub.invoice.archive"

    company_id = fields.Many2one(related="user_id.company_id")

    def _get_access_link_client(self) -> ResPartner:
        """Return the client whose contacts get a magic link to this archive."""
        self.ensure_one()
        return self.user_id.partner_id.commercial_partner_id

    def _get_client_portal_url(self) -> str:
        """Return the neutral address, which mails turn into the recipient's link."""
        self.ensure_one()
        path = self.env["client.hub.access.link"]._get_document_path(self)
        return f"{self.get_base_url()}{path}"


class ClientHubAccessLink(models.Model):
    """The archives as what a link opens."""

    _inherit = "client.hub.access.link"

    @api.model
    def _get_document_models(self) -> list[str]:
        """EXTENDS: archives are not documents, yet mails lead to them."""
        return [*super()._get_document_models(), "client.hub.invoice.archive"]

    @api.model
    def _get_document_partner(self, record: models.BaseModel) -> ResPartner:
        """EXTENDS: an archive belongs to whoever asked for it."""
        if record._name == "client.hub.invoice.archive":
            # sudo: contacts cannot read users; only whose archive it is is compared.
            return record.sudo().user_id.partner_id
        return super()._get_document_partner(record)

    @api.model
    def _get_portal_path(self, record: models.BaseModel | None) -> str:
        """EXTENDS: archives have one page."""
        if record is not None and record._name == "client.hub.invoice.archive":
            return "/my/invoices/archives"
        return super()._get_portal_path(record)
