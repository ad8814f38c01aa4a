from __future__ import annotations

from typing import Any

from odoo import fields, models

from .ticket import STAFF


class ClientHubTicket(models.Model):
    """Two tickets about the same become one."""

    _inherit = "client.hub.ticket"

    merged_into_id = fields.Many2one(
        "client.hub.ticket",
        string="Continued In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=STAFF,
        help="The ticket into which the talk of this one was put.",
    )

    def _get_client_successor(self) -> models.BaseModel:
        """Return the ticket in which this one goes on, if the user may see it."""
        # sudo: clients read no fields of staff; the ticket is searched as the user.
        ticket_sudo = self.sudo()
        return self.search([("id", "=", ticket_sudo.merged_into_id.id)])

    def _take_over(self, other: models.BaseModel) -> None:
        """Move the talk, files, activities and followers of another ticket here.

        The other is closed. Nobody gets a mail: clients have read all of it before. The
        caller has checked that both are of one client and company, and the rights.
        """
        self.ensure_one()
        # sudo: notes and files of colleagues move as well.
        self_sudo, other_sudo = self.sudo(), other.sudo()
        messages_sudo = other_sudo.message_ids.filtered(
            lambda message: message.message_type != "user_notification"
        )
        messages_sudo.write({"res_id": self.id})
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "=", other.id)]
        ).write({"res_id": self.id})
        other_sudo.activity_ids.write({"res_id": self.id})
        self_sudo.message_subscribe(other_sudo.message_partner_ids.ids)
        self_sudo._keep_times(other_sudo)
        self.message_post(
            body=self.env._("The talk of %s was put in here.", other._get_html_link()),
            subtype_xmlid="mail.mt_note",
        )
        other.message_post(
            body=self.env._("The talk went on in %s.", self._get_html_link()),
            subtype_xmlid="mail.mt_note",
        )
        other.merged_into_id = self
        self.merged_into_id = False
        other.action_close()

    def _keep_times(self, other: models.BaseModel) -> None:
        """Keep whose turn it is, and since when, of two tickets."""
        both = self | other
        names = ["last_message_at", "last_client_message_at", "last_answer_at"]
        vals = {
            name: max(filter(None, both.mapped(name)), default=False) for name in names
        }
        older, newer = both.sorted("opened_at")
        vals["opened_at"] = older.opened_at
        # While the older one rested, and the newer was not there yet, nobody was late.
        resting = older.clock_stopped_at
        gap = older._count(newer.opened_at, since=resting) if resting else 0.0
        vals["paused_hours"] = older.paused_hours + gap
        vals["first_response_at"] = min(
            _filled(both, "first_response_at"), default=False
        )
        if other.state in ("new", "open") and self.state in ("waiting", "closed"):
            vals["state"] = "open"
        self.write(vals)


def _filled(tickets: models.BaseModel, name: str) -> list[Any]:
    return list(filter(None, tickets.mapped(name)))
