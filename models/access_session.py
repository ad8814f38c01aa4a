from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import root

PROVISIONAL_MINUTES = 15
KEEP_DAYS = 90


class ClientHubAccessSession(models.Model):
    """One entry by a link, and the browser session that it made.

    It is *provisional* until somebody touches the page: programs that open links get
    no further than the linked document. ``key_hash`` proves that a browser session is
    the one that entered.
    """

    _name = "client.hub.access.session"
    _description = "Portal Session"
    _order = "id desc"

    link_id = fields.Many2one(
        "client.hub.access.link",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade", index=True
    )
    path = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    key_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    identifier = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    confirmed_at = fields.Datetime(readonly=True)
    verified_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)

    @api.model
    def _end(self, domain: Iterable[Any]) -> None:
        """End the browser sessions of a domain, now and in every worker."""
        # sudo: sessions are nobody's to read or write; callers decide who may.
        sessions_sudo = self.sudo().search(
            Domain(list(domain)) & Domain("ended_at", "=", False)
        )
        sessions_sudo.ended_at = fields.Datetime.now()
        identifiers = [
            session_sudo.identifier
            for session_sudo in sessions_sudo
            if session_sudo.identifier
        ]
        root.session_store.delete_from_identifiers(identifiers)

    def _is_provisional(self) -> bool:
        """Tell whether nobody has touched the page yet."""
        return not self.confirmed_at

    def _is_alive(self) -> bool:
        """Tell whether the session still holds; a provisional one ends by itself."""
        if not self or self.ended_at or self.link_id.revoked_at:
            return False
        limit = fields.Datetime.now() - timedelta(minutes=PROVISIONAL_MINUTES)
        return bool(self.confirmed_at) or self.create_date > limit

    @api.autovacuum
    def _gc(self) -> None:
        """Forget sessions that ended long ago."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("write_date", "<", limit)], limit=5000).unlink()
