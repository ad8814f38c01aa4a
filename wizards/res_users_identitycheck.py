from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, models

if TYPE_CHECKING:
    from typing import Self


class ResUsersIdentitycheck(models.TransientModel):
    _inherit = "res.users.identitycheck"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS base: whoever came by a link types the code before the password.

        Later would be too late: what follows, as with passkeys, may leave something on
        the client's device already.
        """
        self.env["client.hub.access.session"]._require_code()
        return super().create(vals_list)
