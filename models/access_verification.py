from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

from .access_session import SESSION_KEY

VERIFIED_MINUTES = 15


class ClientHubAccessSession(models.Model):
    """Whoever has the mail has the link: some changes want a code mailed anew."""

    _inherit = "client.hub.access.session"

    @api.model
    def _require_code(self) -> None:
        """Stop a client who entered by a link, until a code was typed.

        :raise UserError: naming the page where the code is asked for
        """
        if self._needs_code():
            raise UserError(self._get_code_message())

    @api.model
    def _needs_code(self) -> bool:
        """Tell whether the current request is of such a client."""
        if not request or not request.db or SESSION_KEY not in request.session:
            return False
        entry_sudo = self._get_current()
        return bool(entry_sudo) and not entry_sudo._is_verified()

    @api.model
    def _get_code_message(self) -> str:
        return self.env._(
            "You came by a link, so please confirm first that it is you: open the page"
            " %(page)s, type the code that we mail to you, and try again.",
            page="/my/access/code",
        )

    def _is_verified(self) -> bool:
        limit = fields.Datetime.now() - timedelta(minutes=VERIFIED_MINUTES)
        return bool(self.verified_at) and self.verified_at > limit

    def _verify(self, code: object) -> bool:
        """Tell whether this is the code mailed for a change, and remember it."""
        codes = self.env["client.hub.access.code"]
        right = bool(self) and codes._of(self.link_id, "change")._check(code)
        if right:
            self.verified_at = fields.Datetime.now()
        return right
