from __future__ import annotations

from random import randint

from odoo import fields, models

from .ticket import STAFF


class ClientHubTicketTag(models.Model):
    """What a ticket is about, in staff's own words."""

    _name = "client.hub.ticket.tag"
    _description = "Ticket Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11))

    _name_unique = models.UniqueIndex(
        "(name)", "Name: there is a tag of this name already."
    )


class ClientHubTicket(models.Model):
    _inherit = "client.hub.ticket"

    tag_ids = fields.Many2many("client.hub.ticket.tag", string="Tags", groups=STAFF)
