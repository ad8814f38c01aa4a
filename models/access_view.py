from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL


class ClientHubViewMixin(models.AbstractModel):
    """A document that tells whether its client has looked at it in the portal.

    What counts is the client in person: no staff, no link that was only opened by a
    program, nobody who has but the link of the document.
    """

    _name = "client.hub.view.mixin"
    _description = "Viewed by the Client"

    client_viewed_on = fields.Datetime(
        string="Viewed On",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="When the client first looked at it in the portal.",
    )

    def _note_client_view(self) -> None:
        """Note that the user of this request has seen the page of the document."""
        self.ensure_one()
        if not self._is_client_view():
            return
        # sudo: clients write no documents.
        document_sudo = self.sudo()
        vals = {
            "partner_id": self.env.user.partner_id.id,
            "company_id": document_sudo.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }
        events = self.env["client.hub.access.event"]
        if not events._is_recent("viewed", vals):
            events._log("viewed", [vals])
        if not document_sudo.client_viewed_on:
            document_sudo._write_client_view()

    def _is_client_view(self) -> bool:
        """Tell whether it is the client in person who is looking."""
        client = self.sudo()._get_access_link_client()
        return (
            bool(request)
            and self.env.user._is_portal()
            and self.env.user.partner_id.commercial_partner_id == client
            and not self.env.context.get("client_hub_provisional")
            and not self.env.context.get("client_hub_preview")
        )

    def _write_client_view(self) -> None:
        """Mark the document, as nobody's change and without waiting for anybody."""
        self.env.execute_query(
            SQL(
                "UPDATE %(table)s SET client_viewed_on = %(now)s WHERE id IN ("
                "SELECT id FROM %(table)s WHERE id = %(id)s"
                " AND client_viewed_on IS NULL FOR NO KEY UPDATE SKIP LOCKED"
                ") RETURNING id",
                table=SQL.identifier(self._table),
                now=fields.Datetime.now(),
                id=self.id,
            )
        )
        self.invalidate_recordset(["client_viewed_on"], flush=False)


class ClientHubAccessEvent(models.Model):
    _inherit = "client.hub.access.event"

    @api.model
    def _is_recent(self, kind: str, vals: dict[str, Any]) -> bool:
        """Tell whether the same happened within a day, and need not be noted again."""
        since = fields.Datetime.now() - timedelta(days=1)
        domain = [(name, "=", value) for name, value in vals.items()]
        # sudo: clients read no events.
        return bool(
            self.sudo().search_count(
                [*domain, ("kind", "=", kind), ("date", ">", since)], limit=1
            )
        )


class ClientHubAccessSession(models.Model):
    _inherit = "client.hub.access.session"

    def _confirm_in_place(self) -> None:
        """EXTENDS client_hub: the document was on the screen before it was touched."""
        super()._confirm_in_place()
        document = self.link_id._get_document()
        viewable = isinstance(document, self.env.registry["client.hub.view.mixin"])
        if viewable and request.session.uid == self.user_id.id:
            document.with_user(self.user_id)._note_client_view()
