from __future__ import annotations

from typing import Any

from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_client_portal_preview(self) -> dict[str, Any]:
        """Show staff the portal as this contact sees it.

        :raise UserError: if the contact has no access
        """
        self.ensure_one()
        if not self._get_client_preview():
            raise UserError(
                self.env._(
                    "%(contact)s has no access to the portal: it is archived, a member of"
                    " staff, or its user is archived.",
                    contact=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/access/preview/{self.id}",
            "target": "new",
        }

    def _get_client_preview(self) -> ResPartner:
        """Return the contact in sudo if this user may see the portal as it does."""
        allowed = (
            self.env.user.has_group("client_hub.group_user")
            and self.exists()
            and self.has_access("read")
        )
        # sudo: what the client sees is read with the client's rights, not with these.
        contact_sudo = self.sudo() if allowed else self.browse().sudo()
        if contact_sudo and contact_sudo._is_client_access_allowed():
            return contact_sudo
        return contact_sudo.browse()
