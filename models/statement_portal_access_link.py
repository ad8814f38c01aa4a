from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class ClientHubStatement(models.AbstractModel):
    """The account as far as the settings of the portal let a contact see it."""

    _inherit = "client.hub.statement"

    @api.model
    def _get_portal_visible_sql(self) -> SQL | None:
        """EXTENDS: contacts who see only what is addressed to them."""
        domain = self.env.user._get_client_document_domain()
        if self.env.user._is_internal() or domain.is_true():
            return super()._get_portal_visible_sql()
        # sudo: the domain is that of the rule; a statement also has other entries.
        moves_sudo = self.env["account.move"].sudo()
        return SQL("move.id IN %s", moves_sudo._search(domain).subselect())


class ClientHubAccessLink(models.Model):
    """The statement as what a link to a client or a payment opens."""

    _inherit = "client.hub.access.link"

    @api.model
    def _get_portal_path(self, record: models.BaseModel | None) -> str:
        """EXTENDS: a client's link opens the account, a payment's its row there."""
        if record is None or record._name not in ("account.payment", "res.partner"):
            return super()._get_portal_path(record)
        if record._name == "res.partner":
            return "/my/statement"
        return f"/my/statement?date_from={record.date}#payment-{record.id}"
