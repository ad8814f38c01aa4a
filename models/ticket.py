from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.access_link import mask_links

if TYPE_CHECKING:
    from typing import Self

STATES = [
    ("new", "New"),
    ("open", "Waiting for Us"),
    ("waiting", "Waiting for Client"),
    ("closed", "Closed"),
]
PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
CHANNELS = [("portal", "Portal"), ("email", "E-Mail"), ("staff", "Staff")]
SEQUENCE = "client.hub.ticket"
STAFF = "base.group_user"
# Texts that people type, and paste links into.
_TEXTS = ("subject", "description", "rating_comment")


class ClientHubTicket(models.Model):
    """A question of a client, and the talk about it.

    The thread starts with the question, whoever typed it in, and goes on with what the
    client and staff write. Clients only read tickets; what else they do goes through
    the methods ``_client_...``, which check everything.
    """

    _name = "client.hub.ticket"
    _description = "Ticket"
    _inherit = [  # noqa: RUF012
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "client.hub.access.document",
    ]
    _order = "last_message_at desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False)
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(string="Question", sanitize_style=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Who asks; empty while staff do not know who it is.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        compute="_compute_commercial_partner_id",
        store=True,
        ondelete="restrict",
        help="Stays the same when the contact moves to another client.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
        tracking=True,
        copy=False,
        groups=STAFF,
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="new",
        copy=False,
        tracking=True,
        group_expand=True,
    )
    priority = fields.Selection(
        PRIORITIES, required=True, default="1", tracking=True, groups=STAFF
    )
    channel = fields.Selection(
        CHANNELS,
        required=True,
        default="staff",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="How the question reached us.",
    )
    last_message_at = fields.Datetime(
        string="Last Message",
        required=True,
        default=lambda self: fields.Datetime.now(),
        readonly=True,
        copy=False,
        help="When the client or staff last wrote, or the ticket was opened.",
    )
    last_client_message_at = fields.Datetime(
        string="Last Message of the Client", readonly=True, copy=False
    )
    last_answer_at = fields.Datetime(
        string="Last Answer",
        readonly=True,
        copy=False,
        help="When staff last wrote to the client.",
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    rating = fields.Integer(
        readonly=True,
        copy=False,
        tracking=True,
        aggregator="avg",
        help="What the client thinks of the answer, from 1 to 5; 0 is not rated.",
    )
    rating_comment = fields.Text(
        string="Comment on the Rating", readonly=True, copy=False
    )

    _rating_check = models.Constraint(
        "CHECK (rating BETWEEN 0 AND 5)", "A rating is a number from 1 to 5."
    )
    _name_unique = models.UniqueIndex("(company_id, name)")
    _last_message_idx = models.Index("(last_message_at DESC, id DESC)")
    _state_idx = models.Index("(state, last_message_at DESC, id DESC)")
    _client_idx = models.Index("(commercial_partner_id, last_message_at DESC, id DESC)")

    # ------------------------------------------------------------------ values

    # Not when the contact moves: see `_keep_with_client`.
    @api.depends("partner_id")
    def _compute_commercial_partner_id(self) -> None:
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    def _compute_access_url(self) -> None:
        """EXTENDS portal: where the client reads it."""
        for ticket in self:
            ticket.access_url = f"/my/support/{ticket.id}"

    @api.depends("name", "subject")
    def _compute_display_name(self) -> None:
        for ticket in self:
            parts = filter(None, (ticket.name, ticket.subject))
            ticket.display_name = " – ".join(parts)

    @api.model
    def _search_display_name(self, operator: str, value: Any) -> Any:
        """EXTENDS base: tickets are found by number and by subject."""
        if operator in ("in", "not in"):
            return [("name", operator, value)]
        either = "&" if operator.startswith("not") else "|"
        return [either, ("name", operator, value), ("subject", operator, value)]

    # ------------------------------------------------------------------ saving

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS mail: number the tickets, and let the contact follow them.

        What staff type in for a client becomes the first message of the thread, as if
        the client had written it.
        """
        vals_list = [self._number(self._clean_vals(vals)) for vals in vals_list]
        quiet = self.with_context(mail_create_nosubscribe=True)
        tickets = super(ClientHubTicket, quiet).create(vals_list)
        for ticket in tickets:
            ticket._follow_contact()
            # sudo: clients open tickets, and the channel is for staff to know.
            if ticket.sudo().channel == "staff":
                ticket._post_question(ticket.description)
        return tickets.with_env(self.env)

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS mail: keep the times that follow from the state."""
        vals = self._clean_vals(vals)
        if "state" in vals:
            closed = vals["state"] == "closed"
            vals.setdefault("closed_at", closed and fields.Datetime.now())
        if "partner_id" not in vals:
            return super().write(vals)
        before = [
            (ticket, ticket.partner_id, ticket.commercial_partner_id) for ticket in self
        ]
        result = super().write(vals)
        for ticket, partner, client in before:
            if partner != ticket.partner_id:
                ticket._follow_contact(partner)
            if client and client != ticket.commercial_partner_id:
                ticket._leave_client()
        return result

    def _leave_client(self) -> None:
        """Have nobody else's talk shown, or mailed, to the client it now belongs to.

        :raise UserError: if another client has written in it
        """
        client = self.commercial_partner_id
        # sudo: whoever answers may not read all messages and contacts.
        ticket_sudo = self.sudo()

        def is_stranger(partner: models.BaseModel) -> bool:
            return partner.partner_share and partner.commercial_partner_id != client

        if ticket_sudo.message_ids.author_id.filtered(is_stranger):
            raise UserError(
                self.env._(
                    "Contact: another client has written in this ticket, and would be"
                    " shown to %(client)s. Open a new ticket for that client.",
                    client=client.display_name or self.env._("nobody"),
                )
            )
        strangers_sudo = ticket_sudo.message_partner_ids.filtered(is_stranger)
        ticket_sudo.message_unsubscribe(strangers_sudo.ids)

    @api.model
    def _clean_vals(self, vals: dict[str, Any]) -> dict[str, Any]:
        """Return the values with the secrets of magic links masked in all texts."""
        texts = {key: vals[key] for key in _TEXTS if isinstance(vals.get(key), str)}
        return vals | {key: type(text)(mask_links(text)) for key, text in texts.items()}

    @api.model
    def _number(self, vals: dict[str, Any]) -> dict[str, Any]:
        """Return the values with the next number of the company."""
        if vals.get("name"):
            return vals
        company_id = vals.get("company_id") or self.default_get(["company_id"]).get(
            "company_id"
        )
        # sudo: clients, who open tickets, read no sequences.
        sequences_sudo = self.env["ir.sequence"].sudo().with_company(company_id)
        return vals | {"name": sequences_sudo.next_by_code(SEQUENCE)}

    def _follow_contact(self, former: models.BaseModel | None = None) -> None:
        """Mail the answers to the contact, and no longer to a former one."""
        if former and former.partner_share:
            self.message_unsubscribe(former.ids)
        self.message_subscribe(self.partner_id.ids)

    # ------------------------------------------------------------------ states

    def action_close(self) -> None:
        """Close the tickets; closed ones stay as they are."""
        self.check_access("write")
        self.filtered(lambda ticket: ticket.state != "closed").write(
            {"state": "closed"}
        )

    def action_reopen(self) -> None:
        """Take closed tickets up again: it is our turn."""
        self.check_access("write")
        self.filtered(lambda ticket: ticket.state == "closed").write({"state": "open"})

    def _keep_with_client(self, moved: models.BaseModel) -> None:
        """Leave tickets with their client when a contact is no longer of it.

        Where the client itself became a contact of another one, its tickets go along.
        Call it in sudo.

        :param moved: contacts that moved or were merged; they follow the tickets of
            their former client no more
        """
        for ticket in self:
            client = ticket.commercial_partner_id.commercial_partner_id
            # First, as the talk goes along with it: nobody is given another's.
            if ticket.commercial_partner_id != client:
                ticket.commercial_partner_id = client
            if ticket.partner_id.commercial_partner_id != client:
                ticket.partner_id = client
            strangers = (ticket.message_partner_ids & moved).filtered(
                lambda partner, client=client: partner.commercial_partner_id != client
            )
            ticket.message_unsubscribe(strangers.ids)
