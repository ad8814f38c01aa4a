from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

USER_GROUP = "client_hub.group_user"


class ClientHubTicketMember(models.Model):
    """A user who answers tickets of a company."""

    _name = "client.hub.ticket.member"
    _description = "Member of the Support Team"
    _order = "company_id, sequence, id"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    sequence = fields.Integer(default=10)
    turn = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        copy=False,
        help="The member with the lowest number gets the next ticket.",
    )

    _user_unique = models.UniqueIndex(
        "(company_id, user_id)", "Member: this user is in the team already."
    )

    @api.constrains("user_id")
    def _check_user(self) -> None:
        for member in self:
            if not member.user_id.has_group(USER_GROUP):
                raise ValidationError(
                    self.env._(
                        "Member: %(user)s cannot see tickets. Choose somebody of the"
                        " group Client Hub / User, or add the user to it.",
                        user=member.user_id.name,
                    )
                )

    @api.model
    def _take_turn(self, company: models.BaseModel) -> models.BaseModel:
        """Return the user whose turn it is, none if the company has no team.

        Two tickets at once get different members, as each turn is locked.
        """
        turns = self.search(
            Domain("company_id", "=", company.id)
            & Domain("user_id.active", "=", True)
            & Domain("user_id.company_ids", "in", company.id),
            order="turn, sequence, id",
        )
        for member in turns:
            if member.try_lock_for_update(allow_referencing=True):
                member.turn = max(turns.mapped("turn")) + 1
                return member.user_id
        return turns[:1].user_id
