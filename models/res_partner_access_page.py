from __future__ import annotations

from odoo import fields, models

USER = "client_hub.group_user"


class ResPartner(models.Model):
    """What staff see on the page of a client about its portal."""

    _inherit = "res.partner"

    client_access_link_ids = fields.One2many(
        "client.hub.access.link", "partner_id", string="Portal Links", groups=USER
    )
    client_last_visit = fields.Datetime(
        string="Last Visit",
        compute="_compute_client_last_visit",
        groups=USER,
        help="When the client, or one of its contacts, was last in the portal.",
    )

    def _compute_client_last_visit(self) -> None:
        """Only real visits: not those of programs that open the links in mails."""
        clients = self.commercial_partner_id._origin
        rows = self.env["client.hub.access.event"]._read_group(
            [
                ("partner_id", "child_of", clients.ids),
                ("kind", "in", ("visit", "viewed")),
            ],
            ["partner_id"],
            ["date:max"],
        )
        last: dict[int, fields.Datetime] = {}
        for contact, date in rows:
            client_id = contact.commercial_partner_id.id
            last[client_id] = max(date, last.get(client_id, date))
        for partner in self:
            client_id = partner.commercial_partner_id._origin.id
            partner.client_last_visit = last.get(client_id, False)

    def action_client_revoke_links(self) -> None:
        """Kill all links of the client, whichever contact they were sent to.

        :raise AccessError: for all but managers
        """
        links = self.env["client.hub.access.link"]
        clients = self.commercial_partner_id
        links.search([("client_id", "in", clients.ids)]).action_revoke()

    def action_contact_revoke_links(self) -> None:
        """Kill all links of this contact.

        :raise AccessError: for all but managers
        """
        links = self.env["client.hub.access.link"]
        links.search([("partner_id", "in", self.ids)]).action_revoke()
