from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, models
from odoo.fields import Domain

from .ticket_member import USER_GROUP

if TYPE_CHECKING:
    from typing import Self

#: the message to open windows of the back office
CHANGED = "client_hub.ticket/changed"
# What the badge counts depends on these.
_COUNTED = {"state", "user_id", "company_id", "partner_id"}


class ClientHubTicket(models.Model):
    """How many tickets wait for staff, kept right in every open window."""

    _inherit = "client.hub.ticket"

    @api.model
    def get_waiting_count(self) -> int | bool:
        """Return how many tickets wait for the user: their own and nobody's.

        :return: False for users who do not work with tickets
        """
        if not self.env.user.has_group(USER_GROUP):
            return False
        return self.search_count(self._get_waiting_domain())

    @api.model
    def _get_waiting_domain(self) -> Domain:
        return Domain("state", "in", ("new", "open")) & Domain(
            "user_id", "in", (self.env.uid, False)
        )

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS client_hub: open windows count anew."""
        tickets = super().create(vals_list)
        tickets._tell_windows()
        return tickets

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS client_hub: open windows count anew."""
        if not _COUNTED & vals.keys():
            return super().write(vals)
        # sudo: clients write in their tickets and cannot see who answers.
        before = self.sudo()._get_responsible()
        result = super().write(vals)
        self._tell_windows(before)
        return result

    def unlink(self) -> bool:
        """EXTENDS client_hub: open windows count anew."""
        self._tell_windows()
        return super().unlink()

    def _tell_windows(self, before: models.BaseModel | None = None) -> None:
        """Have the windows of those responsible count anew, once this is committed.

        :param before: who was responsible before
        """
        # sudo: clients cannot see who answers.
        users_sudo = self.sudo()._get_responsible()
        users_sudo |= before or users_sudo.browse()
        users_sudo._bus_send(CHANGED, {})

    def _get_responsible(self) -> models.BaseModel:
        """Return the users whose turn it is: those of the tickets, else all staff.

        What nobody is responsible for counts for everybody who works with tickets.
        """
        unassigned = self.filtered(lambda ticket: not ticket.user_id)
        return self.user_id | unassigned.company_id._get_ticket_users()
