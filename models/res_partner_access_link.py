from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL

if TYPE_CHECKING:
    from odoo.addons.base.models.res_users import ResUsers


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
            and all(user._is_portal() for user in users_sudo)
            and (not users_sudo or any(user.active for user in users_sudo))
        )

    def _get_client_user(self, company: Any) -> ResUsers:
        """Return the contact's portal user in sudo, made on the first entry.

        :param company: whose documents the user shall reach
        """
        self.ensure_one()
        # sudo: it is a visitor who enters; the link has been checked before.
        users_sudo = self.env["res.users"].sudo()
        user_sudo = users_sudo.search([("partner_id", "=", self.id)], limit=1)
        user_sudo = user_sudo or self._create_client_user(company)
        if company not in user_sudo.company_ids:
            user_sudo.company_ids = [Command.link(company.id)]
        return user_sudo

    def _create_client_user(self, company: Any) -> ResUsers:
        """Make a portal user without password, and mail nobody about it."""
        # Two first entries at once make one user: the later one is tried again.
        self.env.execute_query(
            SQL("UPDATE res_partner SET id = id WHERE id = %s RETURNING id", self.id)
        )
        # sudo: see above.
        users_sudo = self.env["res.users"].sudo()
        return users_sudo.with_context(no_reset_password=True).create(
            {
                "partner_id": self.id,
                "login": self._get_client_login(),
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def _get_client_login(self) -> str:
        """Return the contact's address, or another login where that is taken."""
        login = self.email_normalized or ""
        # sudo: archived users and those of other companies hold their logins, too.
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        taken = not login or users_sudo.search_count(
            [("login", "=ilike", login)], limit=1
        )
        return f"client-{self.id}" if taken else login
