from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo import api, models
from odoo.http import request

from .access_session import SESSION_KEY


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS base: who a client is changes only with a code."""
        if self._changes_identity(vals):
            self.env["client.hub.access.session"]._require_code()
        return super().write(vals)

    @api.model
    def _get_client_identity_fields(self) -> Iterable[str]:
        """Return the fields that say who a client is; extend it to protect more."""
        return ("email", "name", "vat")

    def _changes_identity(self, vals: dict[str, Any]) -> bool:
        if not request or not request.db or SESSION_KEY not in request.session:
            return False
        return any(
            (partner[name] or "") != (vals[name] or "")
            for name in self._get_client_identity_fields()
            if name in vals
            for partner in self
        )
