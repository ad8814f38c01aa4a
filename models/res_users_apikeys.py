from __future__ import annotations

from datetime import datetime

from odoo import models


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _generate(
        self, scope: str | None, name: str, expiration_date: datetime | None
    ) -> str:
        """EXTENDS base: a key that signs in without the link is made with a code only.

        Not so what says that a device need not be asked for the second factor again,
        which is made when that factor was just given.
        """
        if self._name == "res.users.apikeys":
            self.env["client.hub.access.session"]._require_code()
        return super()._generate(scope, name, expiration_date)
