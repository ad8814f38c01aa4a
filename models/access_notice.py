from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.tools import format_datetime, hmac

from ..tools.access_link import PATH, equal
from ..tools.access_notice import describe, is_new

SCOPE = "client_hub.access_notice"
# For how long the client can answer that it was somebody else.
ANSWER_DAYS = 30
# So many visits are compared, the newest first.
COMPARED = 50


class ClientHubAccessEvent(models.Model):
    """A visit that the client is told of, and may say not to have made."""

    _inherit = "client.hub.access.event"

    def _is_new_browser(self) -> bool:
        """Tell whether the contact was seen before, but never with this browser."""
        self.ensure_one()
        # sudo: clients read no events.
        earlier_sudo = self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("kind", "=", "visit"),
                ("user_agent", "!=", False),
                ("id", "!=", self.id),
            ],
            limit=COMPARED,
        )
        return is_new(self.user_agent or "", earlier_sudo.mapped("user_agent"))

    def _get_answer_url(self) -> str:
        """Return where the client says that it was somebody else."""
        self.ensure_one()
        base = self.company_id.get_base_url()
        return f"{base}{PATH}/stranger/{self.id}/{self._get_answer_key()}"

    def _get_answer_key(self) -> str:
        # It opens nothing: whoever has it can end access, not get any.
        return hmac(self.env(su=True), SCOPE, (self.id, self.partner_id.id))

    @api.model
    def _find_by_answer(self, event_id: int, key: str) -> ClientHubAccessEvent:
        """Return the visit that the key is about, in sudo, or none."""
        known = 0 < event_id < 2**31
        # sudo: visitors have no rights; the key decides.
        event_sudo = self.sudo().browse(event_id if known else []).exists()
        since = fields.Datetime.now() - timedelta(days=ANSWER_DAYS)
        if event_sudo.kind != "visit" or event_sudo.date < since:
            return event_sudo.browse()
        right = equal(event_sudo._get_answer_key(), key)
        return event_sudo if right else event_sudo.browse()

    def _disown(self) -> None:
        """Kill all links of the contact: somebody else has its mails."""
        domain = [("partner_id", "=", self.partner_id.id)]
        self.env["client.hub.access.link"]._revoke_where(domain)


class ClientHubAccessSession(models.Model):
    _inherit = "client.hub.access.session"

    def _note_visit(self, event: ClientHubAccessEvent) -> None:
        """EXTENDS client_hub: tell the client of a browser not seen before."""
        result = super()._note_visit(event)
        if event._is_new_browser():
            requests = self.env["client.hub.access.request"]
            requests._queue({"purpose": "notice", "event_id": event.id})
        return result


class ClientHubAccessRequest(models.Model):
    _inherit = "client.hub.access.request"

    purpose = fields.Selection(
        selection_add=[("notice", "Notice")], ondelete={"notice": "cascade"}
    )
    event_id = fields.Many2one(
        "client.hub.access.event", readonly=True, ondelete="cascade"
    )

    def _answer(self) -> None:
        """EXTENDS client_hub: tell a client of a visit with a new browser."""
        if self.purpose != "notice":
            return super()._answer()
        if self.event_id.partner_id._is_client_access_allowed():
            self._send_notice(self.event_id)
        return None

    def _send_notice(self, event: ClientHubAccessEvent) -> None:
        contact = event.partner_id
        self._send(
            "client_hub.access_notice_mail",
            contact,
            event.company_id,
            self._prepare_notice(event),
        )

    def _prepare_notice(self, event: ClientHubAccessEvent) -> dict[str, Any]:
        contact = event.partner_id
        env = self.with_context(lang=contact.lang or self.env.lang).env
        zone = contact.tz or event.company_id.partner_id.tz or "UTC"
        return {
            "when": f"{format_datetime(env, event.date, tz=zone)} ({zone})",
            "browser": describe(event.user_agent or ""),
            "ip": event.ip,
            "url": event._get_answer_url(),
        }
