from __future__ import annotations

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_client_access_allowed(self) -> bool:
        """Tell whether this contact may enter the portal by a link.

        Never staff: neither a contact nor an address that belongs to an internal user,
        and nothing opens for who was archived, as contact, client or user.
        """
        self.ensure_one()
        # sudo: visitors may not read users.
        users_sudo = self.sudo().with_context(active_test=False).user_ids
        return bool(
            self.active
            and self.commercial_partner_id.active
            and not any(user._is_internal() for user in users_sudo)
            and (not users_sudo or any(user.active for user in users_sudo))
        )
