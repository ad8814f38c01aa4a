from __future__ import annotations

from typing import Any

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.fields import Domain
from odoo.http import request

from .access_session import CREDENTIAL, SESSION_KEY

# What somebody can sign in with; passkeys are there if their module is.
WAYS_IN = {
    "login",
    "password",
    "new_password",
    "totp_secret",
    "auth_passkey_key_ids",
}


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS base: another way to sign in is added only with a code."""
        if WAYS_IN & vals.keys():
            self.env["client.hub.access.session"]._require_code()
        return super().write(vals)

    def _login(
        self, credential: dict[str, Any], user_agent_env: dict[str, Any] | None
    ) -> dict[str, Any]:
        """EXTENDS base: the login of a client who enters by a link is found here."""
        by_link = credential["type"] == CREDENTIAL
        if by_link:
            credential["login"] = self._get_client_entry(credential).user_id.login
        result = super()._login(credential, user_agent_env=user_agent_env)
        if request and not by_link:
            # Whoever signed in otherwise is not bound to a link any more.
            request.session.pop(SESSION_KEY, None)
        return result

    def _check_credentials(
        self, credential: dict[str, Any], env: dict[str, Any] | None
    ) -> dict[str, Any]:
        """EXTENDS base: let the client of a link in, and nobody with more rights."""
        if credential["type"] != CREDENTIAL:
            return super()._check_credentials(credential, env)
        entry_sudo = self._get_client_entry(credential)
        if entry_sudo.user_id != self.env.user or not self._is_client_login_allowed():
            raise AccessDenied()
        # A client with a second factor is still asked for it.
        return {"uid": self.env.uid, "auth_method": CREDENTIAL, "mfa": "default"}

    def _get_client_entry(self, credential: dict[str, Any]) -> models.BaseModel:
        """Return the living, confirmed entry that the credential proves, in sudo.

        :raise AccessDenied: if there is none
        """
        entry_id, key = credential.get("id"), credential.get("key")
        if type(entry_id) is not int or not isinstance(key, str):
            raise AccessDenied()
        # sudo: sessions are nobody's to read; the key decides.
        entry_sudo = self.env["client.hub.access.session"].sudo().browse(entry_id)
        entry_sudo = entry_sudo.exists()
        if not entry_sudo._is_alive(key) or entry_sudo._is_provisional():
            raise AccessDenied()
        if entry_sudo.link_id._get_refusal():
            raise AccessDenied()
        return entry_sudo

    def _get_client_document_domain(self, prefix: str = "") -> Domain:
        """Return which documents of its company a portal user sees; used by rules.

        :param prefix: the path to the document, such as ``move_id.``
        """
        # sudo: portal users read neither this setting nor companies.
        partner_sudo = self.partner_id.sudo()
        choice = partner_sudo.client_portal_visibility
        is_client = partner_sudo == partner_sudo.commercial_partner_id
        if not self._is_portal() or is_client or choice == "all":
            return Domain.TRUE
        own = Domain(f"{prefix}partner_id", "=", partner_sudo.id)
        own |= Domain(f"{prefix}message_partner_ids", "in", partner_sudo.ids)
        own |= Domain(f"{prefix}client_link_partner_ids", "in", partner_sudo.ids)
        if choice:
            return own
        strict_sudo = partner_sudo.env["res.company"].search(
            [("client_hub_portal_visibility", "=", "addressed")]
        )
        others = Domain(f"{prefix}company_id", "not in", strict_sudo.ids)
        return own | others if strict_sudo else Domain.TRUE

    def _is_client_login_allowed(self) -> bool:
        """Tell whether this user is a client's: portal rights and no more."""
        user = self.env.user
        return user.active and user._is_portal() and not user._is_internal()
