from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from odoo import api, fields, models
from odoo.exceptions import UserError

if TYPE_CHECKING:
    from typing import Self

# What people write; neither what programs answer nor what Odoo notes.
_TALK = ("comment", "email")


class ClientHubTicket(models.Model):
    """The thread of a ticket: whose turn it is, and who may write in it how.

    Clients write through the portal's own form and by mail, which check what they send.
    The routes and calls that Odoo offers for its chatter are for staff alone.
    """

    _inherit = "client.hub.ticket"

    # Searching through these asks for no rights: notes could be guessed word by word.
    message_ids = fields.One2many(groups="base.group_user")
    website_message_ids = fields.One2many(groups="base.group_user")

    def _post_question(
        self,
        body: str,
        attachments: Sequence[tuple[str, bytes]] = (),
        attachment_ids: Sequence[int] = (),
    ) -> models.BaseModel:
        """Start the thread with the question, in the name of the contact.

        :param body: HTML as stored, ``Markup``
        :param attachments: names and contents of files
        :param attachment_ids: of files that wait for their message
        :return: the message; none if there is no contact or no question
        """
        self.ensure_one()
        if not (self.partner_id and body):
            return self.env["mail.message"]
        # sudo: clients post nothing by themselves, staff not in another's name.
        return self.sudo().message_post(
            author_id=self.partner_id.id,
            body=body,
            attachments=list(attachments),
            attachment_ids=list(attachment_ids),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _message_post_after_hook(
        self, message: models.BaseModel, msg_values: dict[str, Any]
    ) -> Any:
        """EXTENDS mail: it is the other side's turn."""
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_talk(message):
            # sudo: whoever may write to the thread need not write the ticket.
            self.sudo()._note_talk(message.sudo())
        return result

    @api.model
    def _is_talk(self, message: models.BaseModel) -> bool:
        """Tell whether client and staff talk in this message, and both see it."""
        return (
            message.message_type in _TALK
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and not message.is_internal
        )

    def _is_from_client(self, message: models.BaseModel) -> bool:
        """Tell whether a message of the thread is the client's and not an answer."""
        author = message.author_id
        return not author or author.partner_share or author == self.partner_id

    def _note_talk(self, message: models.BaseModel) -> None:
        """Keep when each side last wrote, and whose turn it is; extend it.

        A question that nobody has answered stays new, and closed what staff add to.
        The clock is ours: a mail may claim any date.
        """
        now = fields.Datetime.now()
        vals = {"last_message_at": now}
        if self._is_from_client(message):
            vals["last_client_message_at"] = now
            turn = {"waiting": "open", "closed": "open"}
        else:
            vals["last_answer_at"] = now
            turn = {"new": "waiting", "open": "waiting"}
        if self.state in turn:
            vals["state"] = turn[self.state]
        self.write(vals)

    # ------------------------------------------------------------------ rights

    def _mail_get_operation_for_mail_message_operation(
        self, message_operation: str
    ) -> dict[Self, str]:
        """EXTENDS mail: clients write through the portal's own form, see there."""
        if message_operation == "create" and self.env.user.share:
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def _get_thread_with_access(
        self, thread_id: int, *, mode: str = "read", **kwargs: Any
    ) -> Self:
        """EXTENDS portal: no token opens a thread; links make sessions instead."""
        return super()._get_thread_with_access(thread_id, mode=mode)

    def _check_can_update_message_content(self, messages: models.BaseModel) -> None:
        """EXTENDS mail: what a client has asked stays as it was answered.

        :raise UserError: for clients
        """
        if self.env.user.share:
            raise UserError(
                self.env._("What was sent cannot be changed. Write another message.")
            )
        return super()._check_can_update_message_content(messages)
