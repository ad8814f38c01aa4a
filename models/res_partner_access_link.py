from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL, email_normalize

from .res_company_access_link import VISIBILITIES

if TYPE_CHECKING:
    from odoo.addons.base.models.res_users import ResUsers

# Fields that decide whether links of the contact go on working, and what it sees.
CHANGES_ACCESS = {
    "active",
    "client_portal_visibility",
    "email",
    "is_company",
    "parent_id",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    client_portal_visibility = fields.Selection(
        VISIBILITIES,
        string="Sees in the Portal",
        groups="base.group_user",
        help="Which documents of their company this contact sees in the portal; empty: "
        "as set for all contacts.",
    )

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS base: links die with what they were sent for.

        They do when the contact gets another address, is archived, or moves to another
        client, and with that of a client when it is archived or moves.
        """
        if not CHANGES_ACCESS & vals.keys():
            return super().write(vals)
        before = self._get_client_access_states()
        result = super().write(vals)
        after = self._get_client_access_states()
        changed = [key for key, state in after.items() if state != before[key]]
        if changed:
            self.browse(changed)._end_client_access(before, after)
        return result

    def _get_client_access_states(self) -> dict[int, tuple[Any, ...]]:
        # sudo: whoever may write a contact may not read every setting of it.
        return {
            partner.id: (
                partner.commercial_partner_id.id,
                partner.client_portal_visibility,
                email_normalize(partner.email) or partner.email,
                partner.active,
            )
            for partner in self.sudo()
        }

    def _end_client_access(
        self, before: dict[int, tuple[Any, ...]], after: dict[int, tuple[Any, ...]]
    ) -> None:
        """Kill links and forget cached rights, as far as contacts have any."""
        dead = [key for key in self.ids if before[key][2:] != after[key][2:]]
        moved = [key for key in self.ids if before[key][:1] != after[key][:1]]
        archived = [key for key in dead if before[key][3] != after[key][3]]
        if dead or moved:
            self.env["client.hub.access.link"]._revoke_where(
                Domain("partner_id", "in", dead + moved)
                | Domain("client_id", "in", archived + moved)
            )
        if before_rights := [
            key for key in self.ids if before[key][:2] != after[key][:2]
        ]:
            self.browse(before_rights)._forget_client_rights()

    def _forget_client_rights(self) -> None:
        """Make every worker compute anew what the users among the contacts may see."""
        # sudo: whoever may write a contact may not read users.
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        if users_sudo.search_count([("partner_id", "child_of", self.ids)], limit=1):
            self.env.registry.clear_cache()

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

    def _is_client_contact(self) -> bool:
        """Tell whether there is a document that this contact's client may see."""
        self.ensure_one()
        client = self.commercial_partner_id
        return bool(client.customer_rank) or any(
            self.env[model].search_count(
                [("partner_id", "child_of", client.id)], limit=1
            )
            for model in ("account.move", "sale.order")
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
        quiet_sudo = users_sudo.with_context(
            no_reset_password=True, mail_create_nolog=True
        )
        return quiet_sudo.create(
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
