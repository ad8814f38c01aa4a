from __future__ import annotations

from typing import Any

from odoo import api, models

from ..tools import access_link as link_tools

# Wrong secrets from one network address before it is told to wait.
FAILURES = 30
FAILURE_SECONDS = 600


class ClientHubAccessLink(models.Model):
    """How somebody who holds the secret of a link gets in."""

    _inherit = "client.hub.access.link"

    @api.model
    def _check_entry(
        self, selector: str, verifier: object, code: object
    ) -> tuple[ClientHubAccessLink, str]:
        """Return the link whose secret or code this is, in sudo, and its refusal.

        Who proves nothing learns nothing: ``unknown``, whether there is such a link or
        not, or ``limited`` after many tries.
        """
        raw = link_tools.split(selector)
        link_sudo = self._find(raw.selector)
        if code:
            right = link_sudo._has_code(code)
        else:
            right = link_sudo._has_verifier(verifier or raw.verifier)
        if right:
            return link_sudo, link_sudo._get_refusal()
        # The right secret is never limited: others cannot lock a client out.
        attempts = self.env["client.hub.access.attempt"]
        limit = attempts._limit_by_address("entry", FAILURES, FAILURE_SECONDS)
        limited = attempts._exceeds([limit])
        return self.browse(), "limited" if limited else "unknown"

    def _has_code(self, code: object) -> bool:
        """Tell whether this is the one-time code mailed for the living link."""
        if not self or self._get_refusal():
            return False
        return self.env["client.hub.access.code"]._of(self, "entry")._check(code)

    def _enter(self, visitor: Any, nonce: str, is_code: bool) -> str:
        """Let the visitor in as the link's contact; the secret has been checked.

        :param visitor: the user of the request; the same client just goes on
        :param nonce: what only this very page sent; it is good for one entry
        :param is_code: whether a code was typed, which no program does
        :return: the clean path to go to, "" if the nonce was used before
        """
        self.ensure_one()
        path = self._get_portal_path(self._get_document())
        if visitor.partner_id == self.partner_id and visitor._is_portal():
            return path
        user_sudo = self.partner_id._get_client_user(self.company_id)
        provisional = not is_code and self.company_id.client_hub_link_mode == "instant"
        entry_sudo = self.env["client.hub.access.session"]._enter(
            self, user_sudo, nonce, provisional
        )
        if not entry_sudo:
            return ""
        return entry_sudo._get_next_path()
