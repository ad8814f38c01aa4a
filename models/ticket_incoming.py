from __future__ import annotations

from typing import Any

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext, plaintext2html

from ..tools import ticket as ticket_tools
from ..tools.ticket_mail import fitting, is_automatic, is_forged, is_proven
from .access_attempt import HOUR, Limit
from .ticket import STAFF

#: mails of one address within an hour
MAX_MAILS = 30
#: characters of HTML, quoted history included
MAX_BODY = 200_000
#: System parameter: the name under which our mail server notes whether a sender is who
#: it says (the first word of its ``Authentication-Results``).
CHECKER_PARAMETER = "client_hub.mail_checker"


class ClientHubTicket(models.Model):
    """What arrives by mail: answers to tickets, and new ones.

    A mail joins a ticket only if it answers a mail of this ticket, and comes from
    somebody who sees it. Any other opens a ticket, which is a client's only if the
    address is known to be of one client alone.
    """

    _inherit = "client.hub.ticket"

    email_from = fields.Char(
        string="Sender",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="The address that a ticket came from by mail.",
    )

    # ------------------------------------------------------------------ routes

    @api.model
    def _check_mail_route(
        self, message: Any, message_dict: dict[str, Any], route: tuple
    ) -> tuple | None:
        """Return where a mail goes that Odoo would put into a ticket.

        :param message: the mail
        :param message_dict: what Odoo read of it; who wrote it is set here
        :param route: model, id of the ticket if it is an answer, values, user, alias
        :return: the route, without the ticket if the sender does not belong to it; None
            if the mail is not taken at all
        """
        model, ticket_id, values, user_id, alias = route
        address = email_normalize(message_dict.get("email_from") or "")
        automatic = is_automatic(message)
        known = bool(address) and not is_forged(message)
        ticket = self.sudo().browse(ticket_id or ()).exists()
        writer = ticket._find_writer(address) if ticket and known else None
        if not writer and automatic:
            return None
        # Apart, so that nobody who does not belong to a ticket uses up its limit.
        scope = "ticket_answer" if writer else "ticket_mail"
        if self._is_mail_flood(message, address, automatic, scope):
            return None
        self._fit(message_dict)
        if not writer:
            values = self._read_new_ticket(message_dict, ticket, values, known)
            return model, False, values, user_id, alias
        message_dict["author_id"] = writer.id
        if automatic or self._is_doubtful(message, writer):
            # Not part of the talk, and no reason to open the ticket again. Without
            # parent, or whoever wrote that would be mailed the note.
            message_dict["is_internal"] = True
            message_dict.pop("parent_id", None)
        return route

    @api.model
    def _read_new_ticket(
        self,
        message_dict: dict[str, Any],
        answered: models.BaseModel,
        values: dict[str, Any] | None,
        known: bool,
    ) -> dict[str, Any]:
        """Return the values of a ticket that a mail opens; set who wrote it.

        :param answered: the ticket that it answers without belonging to it
        :param values: those of the address it was sent to
        :param known: whether its sender may be who it says
        """
        company = answered.company_id or self._get_alias_company(values)
        address = email_normalize(message_dict.get("email_from") or "")
        contact = self._find_contact(address, company) if known else None
        contact_id = contact.id if contact else False
        # False, not None: Odoo would look for an author by the address alone.
        message_dict |= {"author_id": contact_id, "is_internal": False}
        return {**(values or {}), "company_id": company.id, "partner_id": contact_id}

    @api.model
    def _is_doubtful(self, message: Any, writer: models.BaseModel) -> bool:
        """Tell whether a mail in the name of staff may be somebody else's.

        Anybody can write a sender's address. What claims to be an answer of ours is
        one only if our own mail server has checked that; it becomes a note otherwise.
        """
        # sudo: a system parameter.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        checker = parameters_sudo.get_param(CHECKER_PARAMETER) or ""
        return not writer.partner_share and not is_proven(message, checker)

    @api.model
    def _get_alias_company(self, values: dict[str, Any] | None) -> models.BaseModel:
        company_id = (values or {}).get("company_id")
        return self.env["res.company"].browse(company_id or self.env.company.id)

    def _find_writer(self, address: str) -> models.BaseModel:
        """Return who of those that see the ticket has this address; none otherwise."""
        self.ensure_one()
        partners = self.env["res.partner"].search([("email_normalized", "=", address)])
        belonging = self.partner_id | self.message_partner_ids | self.user_id.partner_id
        writers = partners & belonging
        if not writers:
            writers = partners.filtered(self._may_write_by_mail)
        return writers[:1]

    def _may_write_by_mail(self, partner: models.BaseModel) -> bool:
        """Tell whether somebody who does not follow a ticket may write into it."""
        users = partner.with_context(active_test=True).user_ids
        return any(
            self.with_user(user).has_access("read")
            for user in users
            if not user._is_public()
        )

    @api.model
    def _find_contact(
        self, address: str, company: models.BaseModel
    ) -> models.BaseModel | None:
        """Return the contact of a client with this address, if it is of one alone."""
        contacts = (
            self.env["res.partner"]
            .sudo()
            .search(
                Domain("email_normalized", "=", address)
                & Domain("partner_share", "=", True)
                & Domain("company_id", "in", [False, company.id]),
                order="id",
            )
        )
        one_client = len(contacts.commercial_partner_id) == 1
        return contacts[:1] if one_client else None

    @api.model
    def _is_mail_flood(
        self, message: Any, address: str | bool, automatic: bool, scope: str
    ) -> bool:
        """Tell whether an address has sent too much; it is told so once."""
        attempts = self.env["client.hub.access.attempt"]
        if not attempts._exceeds([Limit(scope, address, MAX_MAILS, HOUR)]):
            return False
        told = attempts._exceeds([Limit("ticket_mail_refused", address, 1, HOUR)])
        if address and not (told or automatic):
            text = self.env._(
                "You have sent us a lot within the last hour. This message was not"
                " delivered. Please wait a while, then send it again."
            )
            self._routing_create_bounce_email(
                address, text, message, headers={"Auto-Submitted": "auto-replied"}
            )
        return True

    # ------------------------------------------------------------------ new ones

    @api.model
    def message_new(
        self, msg_dict: dict[str, Any], custom_values: dict[str, Any] | None = None
    ) -> models.BaseModel:
        """EXTENDS mail: a mail opens a ticket, of the client it is from if known."""
        subject = ticket_tools.clean_line(msg_dict.get("subject"))
        values = {
            **(custom_values or {}),
            "subject": subject[: ticket_tools.MAX_SUBJECT]
            or self.env._("(No subject)"),
            "channel": "email",
            "description": msg_dict.get("body"),
            "email_from": msg_dict.get("email_from"),
        }
        # Else Odoo names it after the mail.
        return super().message_new(msg_dict, self._number(values))

    # ------------------------------------------------------------------ limits

    @api.model
    def _fit(self, message_dict: dict[str, Any]) -> None:
        """Cut what a mail brings down to the limits of a message, and say so in it."""
        body = message_dict.get("body") or ""
        files = message_dict.get("attachments") or []
        kept = fitting(files)
        left_out = []
        if len(body) > MAX_BODY:
            text = html2plaintext(body)[: ticket_tools.MAX_TEXT]
            body = plaintext2html(text)
            left_out.append(self.env._("The message was longer and is cut off here."))
        if len(kept) < len(files):
            count = len(files) - len(kept)
            left_out.append(
                self.env._(
                    "%(count)s files were too many or too large and are left out.",
                    count=count,
                )
            )
        notes = Markup("").join(Markup("<p>[%s]</p>") % text for text in left_out)
        message_dict |= {"attachments": kept, "body": Markup(body) + notes}
