from __future__ import annotations

from typing import Any

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..exceptions import ClientTemplateError
from .access_attempt import HOUR, Limit
from .client_placeholder import PlaceholderHtml, placeholder
from .client_unsent_mail import ACTIVITY
from .ticket import STAFF

TEMPLATE = "client_hub.mail_template_ticket"
# Context key: the message of the thread that a mail is about; none for the first mail.
MESSAGE = "client_hub_ticket_message"
#: how often an address is told that its questions arrived
MAX_ACKNOWLEDGEMENTS = 5


class ClientHubTicket(models.Model):
    """What clients are mailed about tickets: that it arrived, and each answer.

    Both are written by one template, which a client's own replaces. What staff get
    stays Odoo's own notification.
    """

    _inherit = "client.hub.ticket"

    tell_client = fields.Boolean(
        copy=False,
        groups=STAFF,
        help="Mail the contact that this ticket was opened for them.",
    )
    has_unsent_mail = fields.Boolean(
        compute="_compute_has_unsent_mail",
        groups=STAFF,
        help="The client was not mailed, because its own text failed.",
    )

    @api.depends("activity_ids.activity_type_id")
    def _compute_has_unsent_mail(self) -> None:
        unsent = self.env.ref(ACTIVITY, raise_if_not_found=False)
        for ticket in self:
            kinds = ticket.activity_ids.activity_type_id
            ticket.has_unsent_mail = bool(unsent and unsent in kinds)

    # ------------------------------------------------------------------ answers

    def _notify_thread_by_email(
        self,
        message: models.BaseModel,
        recipients_data: list[dict[str, Any]],
        *,
        msg_vals: dict[str, Any] | bool = False,
        **kwargs: Any,
    ) -> bool:
        """EXTENDS mail: clients get the text that is meant for them.

        If a client's own text fails, the message stays in the thread, and an activity
        tells staff that the client was not mailed.
        """
        notify = super()._notify_thread_by_email
        told = self.env.context.get(MESSAGE)
        # Whoever asked is told by `_acknowledge`, also if staff typed it in.
        recipients_data = [
            data for data in recipients_data if data["id"] != message.author_id.id
        ]
        # What a colleague of the client wrote is no answer of ours.
        is_answer = (
            self and self._is_talk(message) and not self._is_from_client(message)
        )
        if told or not is_answer:
            return notify(message, recipients_data, msg_vals=msg_vals, **kwargs)
        clients = [data for data in recipients_data if data["share"]]
        staff = [data for data in recipients_data if not data["share"]]
        notify(message, staff, msg_vals=msg_vals, **kwargs)
        with self.env["client.hub.unsent.mail"]._contained(self):
            self._notify_clients(message, clients, msg_vals, **kwargs)
        return True

    def _notify_clients(
        self,
        message: models.BaseModel,
        clients: list[dict[str, Any]],
        msg_vals: dict[str, Any] | bool = False,
        **kwargs: Any,
    ) -> None:
        """Mail a message of the thread to clients.

        :raise ClientTemplateError: if the client's own text fails
        """
        self.with_context(**{MESSAGE: message.id})._notify_thread_by_email(
            message, clients, msg_vals=msg_vals, **kwargs
        )

    def _notify_by_email_get_base_mail_values(
        self, message: models.BaseModel, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """EXTENDS mail: the subject for clients."""
        values = super()._notify_by_email_get_base_mail_values(message, *args, **kwargs)
        if self.env.context.get(MESSAGE):
            values["subject"] = self._render_ticket_text("subject")
        return values

    def _notify_by_email_render_layout(
        self,
        message: models.BaseModel,
        recipients_group: dict[str, Any],
        msg_vals: dict[str, Any] | bool = False,
        render_values: dict[str, Any] | None = None,
    ) -> str:
        """EXTENDS mail: the body for clients, in the layout of all notifications."""
        if self.env.context.get(MESSAGE):
            body = self._render_ticket_text("body_html")
            written = message.new({"body": body}, origin=message)
            render_values = {**(render_values or {}), "message": written}
        return super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )

    def _render_ticket_text(self, field: str) -> str:
        """Return subject or body in the client's language, and own words if it has any.

        :raise ClientTemplateError: if these fail
        """
        self.ensure_one()
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            text = self.env._("Email template: the one for tickets was deleted.")
            raise ClientTemplateError({self.id: text})
        # sudo: whoever answers may not read all that a text names.
        template_sudo = template.sudo()
        return template_sudo._render_field(field, self.ids, compute_lang=True)[self.id]

    # ------------------------------------------------------------------ first mail

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        """EXTENDS client_hub: tell the contact that the question arrived."""
        tickets = super().create(vals_list)
        # sudo: clients open tickets, and see neither channel nor templates.
        for ticket_sudo in tickets.sudo():
            if ticket_sudo.channel != "staff" or ticket_sudo.tell_client:
                ticket_sudo._acknowledge()
        return tickets

    def _acknowledge(self) -> None:
        """Put the mail into the queue which says that the question arrived.

        Nothing for contacts without address. The mail stays, so that what answers it
        finds the ticket.
        """
        self.ensure_one()
        address = self.partner_id.email_normalized
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not (address and template):
            return
        limit = Limit("ticket_acknowledged", address, MAX_ACKNOWLEDGEMENTS, HOUR)
        if self.env["client.hub.access.attempt"]._exceeds([limit]):
            return
        with self.env["client.hub.unsent.mail"]._contained(self):
            template.send_mail(
                self.id,
                email_layout_xmlid="mail.mail_notification_light",
                email_values={
                    "headers": {"Auto-Submitted": "auto-replied"},
                    "is_notification": True,
                    "reply_to": self._notify_get_reply_to()[self.id],
                },
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    # ------------------------------------------------------------------ again

    def action_mail_again(self) -> None:
        """Mail what could not be mailed, once the client's own text is corrected.

        :raise ClientTemplateError: if it still fails
        """
        for ticket in self:
            ticket.check_access("write")
            # sudo: see above.
            ticket_sudo = ticket.sudo()
            self.env["client.hub.unsent.mail"]._clear(ticket)
            answers_sudo = ticket_sudo._get_answers()
            if not answers_sudo:
                ticket_sudo._acknowledge()
            for answer_sudo in answers_sudo:
                ticket_sudo._notify_who_was_not_told(answer_sudo)

    def _get_answers(self) -> models.BaseModel:
        """Return what staff wrote to the client, the oldest first."""
        talk = self.message_ids.sorted("id").filtered(self._is_talk)
        return talk.filtered(lambda message: not self._is_from_client(message))

    def _notify_who_was_not_told(self, message: models.BaseModel) -> None:
        told = message.notification_ids.res_partner_id
        data = self._notify_get_recipients(message, {})
        clients = [one for one in data if one["share"] and one["id"] not in told.ids]
        if clients:
            self._notify_clients(message, clients)


class ClientHubTicketPlaceholders(models.Model):
    """What mails about tickets may name."""

    _name = "client.hub.ticket"
    _inherit = ["client.hub.ticket", "client.hub.placeholder"]

    client_placeholder_subject = placeholder("Subject of the Ticket")
    client_placeholder_state = placeholder("Status")
    client_placeholder_answer = placeholder(
        "Our Answer", PlaceholderHtml, sanitize=False
    )

    @api.model
    def _get_client_placeholders(self) -> tuple[str, ...]:
        """EXTENDS client_hub: what tickets have."""
        names = ("answer", "subject", "number", "date", "state")
        return (*names, *super()._get_client_placeholders())

    @api.depends("name", "subject", "state", "partner_id", "user_id")
    @api.depends_context("lang", "company", MESSAGE)
    def _compute_client_placeholders(self) -> None:
        return super()._compute_client_placeholders()

    def _get_client_placeholder_values(self) -> dict[str, str | Markup]:
        """EXTENDS client_hub: the answer is what the mail is about."""
        return super()._get_client_placeholder_values() | {
            "number": self.name,
            "subject": self.subject,
            "date": self._format_client_date(self.create_date),
            "state": self._get_client_states().get(self.state),
            "salesperson": self.user_id.name,
            "answer": self._get_mailed_message(),
        }

    def _get_mailed_message(self) -> Markup:
        message_id = self.env.context.get(MESSAGE)
        # A context is the browser's to choose: it names nothing but this talk.
        if isinstance(message_id, int):
            domain = Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
            message = self.env["mail.message"].search(
                domain & Domain("id", "=", message_id)
            )
            if message and self._is_talk(message):
                return message.body
        return Markup("<p>%s</p>") % self.env._(
            "We have received your request and will answer as soon as we can."
        )
