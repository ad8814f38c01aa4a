from __future__ import annotations

from typing import Any

from odoo import models
from odoo.exceptions import AccessDenied

from .access_session import CREDENTIAL


class ResUsers(models.Model):
    _inherit = "res.users"

    def _login(
        self, credential: dict[str, Any], user_agent_env: dict[str, Any] | None
    ) -> dict[str, Any]:
        """EXTENDS base: the login of a client who enters by a link is found here."""
        if credential["type"] == CREDENTIAL:
            credential["login"] = self._get_client_entry(credential).user_id.login
        return super()._login(credential, user_agent_env=user_agent_env)

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

    def _is_client_login_allowed(self) -> bool:
        """Tell whether this user is a client's: portal rights and no more."""
        user = self.env.user
        return user.active and user._is_portal() and not user._is_internal()
