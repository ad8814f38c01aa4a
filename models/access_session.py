from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import STORED_SESSION_BYTES, request, root
from odoo.tools import SQL

from ..tools import access_link as link_tools

if TYPE_CHECKING:
    from odoo.addons.base.models.res_users import ResUsers

    from .access_event import ClientHubAccessEvent
    from .access_link import ClientHubAccessLink

CREDENTIAL = "client_hub_access_link"
SESSION_KEY = "client_hub_access"
PROVISIONAL_MINUTES = 15
SESSION_DAYS = 30
KEEP_DAYS = 90


class ClientHubAccessSession(models.Model):
    """One entry by a link, and the browser session that it made.

    It is *provisional* until somebody touches the page: the browser session belongs to
    nobody yet, and only the linked document is shown as if it were the client's; so
    programs that open links get no further. ``key_hash`` proves that a browser session
    is the one that entered.
    """

    _name = "client.hub.access.session"
    _description = "Portal Session"
    _order = "id desc"

    link_id = fields.Many2one(
        "client.hub.access.link", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade", index=True
    )
    path = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    key_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    nonce_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    identifier = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    confirmed_at = fields.Datetime(readonly=True)
    visited_at = fields.Datetime(readonly=True)
    verified_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)

    _link_idx = models.Index("(link_id) WHERE ended_at IS NULL")
    _nonce_unique = models.UniqueIndex("(nonce_hash)")

    # ------------------------------------------------------------ making

    @api.model
    def _enter(
        self, link: ClientHubAccessLink, user: ResUsers, nonce: str, provisional: bool
    ) -> ClientHubAccessSession:
        """Make the session of the current request one of this link; rights are checked.

        :param nonce: what only this very page sent; it is good for one entry
        :return: the entry in sudo, or none if the nonce was used before
        """
        key = secrets.token_urlsafe(link_tools.VERIFIER_BYTES)
        path = link._get_portal_path(link._get_document())
        entry_sudo = self._create_once(link, user, key, nonce, path)
        if not entry_sudo:
            return entry_sudo
        link._touch()
        self.env["client.hub.access.event"]._log("opened", [link._get_event_vals()])
        # Whoever was signed in here is not any more, and nothing of them stays.
        request.session.logout(keep_db=True)
        request.session[SESSION_KEY] = {"id": entry_sudo.id, "key": key}
        if not provisional or user._mfa_url():
            entry_sudo._confirm()
        return entry_sudo

    @api.model
    def _create_once(
        self, link: ClientHubAccessLink, user: ResUsers, key: str, nonce: str, path: str
    ) -> ClientHubAccessSession:
        now = fields.Datetime.now()
        values = {
            "link_id": link.id,
            "user_id": user.id,
            "path": path,
            "key_hash": link._hash("session", key),
            "nonce_hash": link._hash("nonce", nonce),
            "create_date": now,
            "write_date": now,
        }
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO client_hub_access_session (%s) VALUES %s"
                " ON CONFLICT (nonce_hash) DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )
        # sudo: sessions are nobody's to read or write.
        return self.sudo().browse([row[0] for row in rows])

    def _confirm(self) -> None:
        """Sign the client in: somebody has touched the page.

        :raise AccessDenied: if the contact may not enter any more
        """
        self.ensure_one()
        marker = request.session[SESSION_KEY]
        credential = {"type": CREDENTIAL, "login": self.user_id.login, **marker}
        self.confirmed_at = fields.Datetime.now()
        self.flush_recordset()
        request.session.authenticate(self.env, credential)

    def _confirm_in_place(self) -> None:
        """Sign the client in without a new session id, which was made on entry.

        Forms of the page that is open hold tokens of that id.

        :raise AccessDenied: if the contact may not enter any more
        """
        self._confirm()
        request.session.should_rotate = False
        self._note_browser()

    def _get_next_path(self) -> str:
        """Return where to go after entering: the second factor is asked first."""
        mfa_url = not request.session.uid and request.session.get("pre_uid")
        if not mfa_url:
            return self.path
        return f"{self.user_id._mfa_url()}?{urlencode({'redirect': self.path})}"

    # ------------------------------------------------------------ using

    @api.model
    def _get_current(self) -> ClientHubAccessSession:
        """Return the living entry of the current request in sudo, or none."""
        marker = request.session.get(SESSION_KEY) if request else None
        if not isinstance(marker, dict):
            return self.browse()
        # sudo: sessions are nobody's to read; the key proves whose this is.
        entry_sudo = self.sudo().browse(marker["id"]).exists()
        return entry_sudo if entry_sudo._is_alive(marker["key"]) else self.browse()

    def _is_alive(self, key: str) -> bool:
        """Tell whether the session still holds; a provisional one ends by itself."""
        if not self or self.ended_at or self.link_id.revoked_at:
            return False
        life = timedelta(minutes=PROVISIONAL_MINUTES)
        if self.confirmed_at:
            life = timedelta(days=SESSION_DAYS)
        right = link_tools.equal(self.link_id._hash("session", key), self.key_hash)
        return right and self.create_date + life > fields.Datetime.now()

    def _is_provisional(self) -> bool:
        """Tell whether nobody has touched the page yet."""
        return bool(self) and not self.confirmed_at

    def _shows(self, path: str, method: str) -> bool:
        """Tell whether this is what a provisional session may see."""
        return method in ("GET", "HEAD") and path == self.path.partition("?")[0]

    def _note_browser(self) -> None:
        """Keep which browser session it is, and note the visit once it is the client's.

        Core keeps the same part of its id in the database, which opens nothing.
        """
        self.identifier = request.session.sid[:STORED_SESSION_BYTES]
        if request.session.uid and not self.visited_at:
            self.visited_at = fields.Datetime.now()
            vals = self.link_id._get_event_vals()
            self._note_visit(self.env["client.hub.access.event"]._log("visit", [vals]))

    def _note_visit(self, event: ClientHubAccessEvent) -> None:
        """Do what follows from the first page that the client sees; extend it."""

    def _resume(self) -> None:
        """Sign the client in again where a request at the same time undid it.

        Browser sessions are files; a page that was loading while the client touched it
        may write back what it had read.
        """
        session, user = request.session, self.user_id
        if session.uid or session.get("pre_uid") or user._mfa_url():
            return
        session.update(pre_login=user.login, pre_uid=user.id)
        session.finalize(request.env)
        session.should_rotate = False
        request.update_env(user=user.id)

    # ------------------------------------------------------------ ending

    @api.model
    def _end(self, domain: Iterable[Any]) -> None:
        """End the browser sessions of a domain, now and in every worker."""
        # sudo: sessions are nobody's to read or write; callers decide who may.
        sessions_sudo = self.sudo().search(
            Domain(list(domain)) & Domain("ended_at", "=", False)
        )
        sessions_sudo.ended_at = fields.Datetime.now()
        identifiers = [entry_sudo.identifier for entry_sudo in sessions_sudo]
        root.session_store.delete_from_identifiers(list(filter(None, identifiers)))

    @api.autovacuum
    def _gc(self) -> tuple[int, int]:
        """Forget sessions that ended long ago."""
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM client_hub_access_session WHERE id IN ("
                "SELECT id FROM client_hub_access_session WHERE create_date < %s"
                " ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED) RETURNING id",
                fields.Datetime.now() - timedelta(days=KEEP_DAYS),
            )
        )
        self.env.invalidate_all(flush=False)
        return len(rows), int(len(rows) == 5000)
