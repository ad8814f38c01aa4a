from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError

MANAGER = "client_hub.group_manager"


class ClientHubAccessLink(models.Model):
    """What staff see of links, and can do with them."""

    _inherit = "client.hub.access.link"

    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
    )
    document_name = fields.Char(string="Document", compute="_compute_document_name")

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self) -> None:
        now = fields.Datetime.now()
        for link in self:
            expired = "expired" if link.expires_at <= now else "valid"
            link.state = "revoked" if link.revoked_at else expired

    @api.depends("res_model", "res_id")
    def _compute_document_name(self) -> None:
        names = self._name_documents(self)
        for link in self:
            link.document_name = names.get((link.res_model, link.res_id), False)

    @api.model
    def _name_documents(self, records: models.BaseModel) -> dict[tuple[str, int], str]:
        """Return the names of the documents that the user may read, by model and id.

        :param records: with ``res_model`` and ``res_id``
        """
        names = {}
        for model, found in records.grouped("res_model").items():
            if model not in self.env or not self.env[model].has_access("read"):
                continue
            found = self.env[model].search([("id", "in", found.mapped("res_id"))])
            names |= {(model, record.id): record.display_name for record in found}
        return names

    def action_revoke(self) -> None:
        """Kill these links, and end the sessions that were made by them.

        :raise AccessError: for all but managers
        """
        self._check_may_revoke()
        # Searched again as the user: other companies' links are left alone.
        living = self.search([("id", "in", self.ids), ("revoked_at", "=", False)])
        living._revoke()
        self.env["client.hub.access.event"]._log(
            "revoked",
            [
                {
                    "link_id": link.id,
                    "partner_id": link.partner_id.id,
                    "company_id": link.company_id.id,
                    "res_model": link.res_model,
                    "res_id": link.res_id,
                }
                for link in living
            ],
        )

    def action_revoke_contact(self) -> None:
        """Kill all links of the contacts of these links.

        :raise AccessError: for all but managers
        """
        self.search([("partner_id", "in", self.partner_id.ids)]).action_revoke()

    @api.model
    def action_revoke_all(self) -> None:
        """Kill all links of the user's companies, and end their sessions.

        :raise AccessError: for all but managers
        """
        self.search([("revoked_at", "=", False)]).action_revoke()

    @api.model
    def _check_may_revoke(self) -> None:
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only administrators of Client Hub may revoke links.")
            )

    def action_open_document(self) -> dict[str, Any]:
        """Open what the link leads to if the user may see it, else the contact."""
        self.ensure_one()
        if not self.document_name:
            return self.partner_id._get_records_action()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()


class ClientHubAccessEvent(models.Model):
    """What staff see of the visits of clients."""

    _inherit = "client.hub.access.event"

    document_name = fields.Char(string="Document", compute="_compute_document_name")

    @api.depends("res_model", "res_id")
    def _compute_document_name(self) -> None:
        names = self.env["client.hub.access.link"]._name_documents(self)
        for event in self:
            event.document_name = names.get((event.res_model, event.res_id), False)

    def action_open_document(self) -> dict[str, Any]:
        """Open what the event is about if the user may see it, else the contact."""
        self.ensure_one()
        if not self.document_name:
            return self.partner_id._get_records_action()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
