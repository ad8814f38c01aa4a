from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, models
from odoo.exceptions import ValidationError

if TYPE_CHECKING:
    from typing import Self


class ClientHubTicket(models.Model):
    """Who answers a new ticket."""

    _inherit = "client.hub.ticket"

    @api.constrains("user_id", "company_id")
    def _check_responsible(self) -> None:
        # sudo: whoever opens a ticket cannot see who answers.
        for ticket_sudo in self.sudo():
            user = ticket_sudo.user_id
            if user and (user.share or ticket_sudo.company_id not in user.company_ids):
                raise ValidationError(
                    self.env._(
                        "Responsible: %(user)s does not work for %(company)s. Choose"
                        " one of its staff.",
                        user=user.name,
                        company=ticket_sudo.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS client_hub: assign what nobody is responsible for."""
        tickets = super().create(vals_list)
        # sudo: clients open tickets, and cannot see who answers.
        for ticket_sudo in tickets.sudo():
            if not ticket_sudo.user_id and ticket_sudo.state != "closed":
                ticket_sudo.user_id = ticket_sudo._choose_responsible()
            if not ticket_sudo.user_id and ticket_sudo.channel != "staff":
                ticket_sudo._tell_team()
        return tickets

    def _tell_team(self) -> None:
        """Tell the team of a new ticket, each by mail or in Odoo as they prefer."""
        self.ensure_one()
        self.message_notify(
            partner_ids=self.company_id._get_ticket_team().partner_id.ids,
            subject=self.display_name,
            body=self.env._("A client has opened a ticket: %s", self._get_html_link()),
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _choose_responsible(self) -> models.BaseModel:
        """Return who is to answer by the company's setting; extend it for own ways.

        :return: a user, or none if staff are to choose
        """
        way = self.company_id.client_hub_ticket_assignment
        user = self.env["res.users"]
        if way == "salesperson":
            user = self._get_salesperson()
        if way in ("turn", "salesperson") and not user:
            user = self.env["client.hub.ticket.member"]._take_turn(self.company_id)
        return user

    def _get_salesperson(self) -> models.BaseModel:
        """Return the salesperson of the contact, else of the client."""
        users = [self.partner_id.user_id, self.commercial_partner_id.user_id]
        for user in users:
            may_answer = user and self.company_id in user.company_ids
            if may_answer and user.active and user.has_group("client_hub.group_user"):
                return user
        return self.env["res.users"]
