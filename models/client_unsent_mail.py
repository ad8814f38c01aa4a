from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import plaintext2html

from ..exceptions import ClientTemplateError

ACTIVITY = "client_hub.mail_activity_type_unsent"


class ClientHubUnsentMail(models.AbstractModel):
    """Mails that could not be written are noted as activities of their documents.

    Staff find them where they find their other work, and send again from the document
    when the text is corrected; that removes the activity.
    """

    _name = "client.hub.unsent.mail"
    _description = "Unsent Mail of a Client"

    @api.model
    @contextmanager
    def _contained(self, documents: models.BaseModel) -> Iterator[None]:
        """Let a mail fail without what it reports: undo the block, note the failure.

        :param documents: the records whose mail the block sends, one or more
        """
        try:
            with self.env.cr.savepoint():
                yield
        except ClientTemplateError as error:
            self._note(documents, error.reasons)

    @api.model
    def _note(self, documents: models.BaseModel, reasons: dict[int, str]) -> None:
        """Show on each document why its mail was not sent.

        :param reasons: what to tell, by id; ids of other documents are passed over
        """
        # sudo: the mail of a client may fail while the client itself is at work.
        failed_sudo = documents.sudo().filtered(lambda record: record.id in reasons)
        self._clear(failed_sudo)
        for document_sudo in failed_sudo:
            # Quick: one mail to staff for each mail not sent would help nobody.
            document_sudo.with_context(
                mail_activity_quick_update=True
            ).activity_schedule(
                ACTIVITY,
                note=plaintext2html(reasons[document_sudo.id]),
                user_id=self._get_responsible(document_sudo).id,
            )
        if failed_sudo and self._is_staff(self.env.user):
            self._tell_user(failed_sudo)

    @api.model
    def _clear(self, documents: models.BaseModel) -> None:
        """Forget what was noted, because the mail is being sent again."""
        # sudo: whoever sends clears, whoever was told.
        documents.sudo().activity_unlink([ACTIVITY])

    @api.model
    def _get_responsible(self, document_sudo: models.BaseModel) -> models.BaseModel:
        """Return who is told: who sends, else who looks after the document."""
        users_sudo = self.env.user.sudo()
        for name in ("invoice_user_id", "user_id", "create_uid"):
            if name in document_sudo:
                users_sudo += document_sudo[name]
        return users_sudo.filtered(self._is_staff)[:1]

    @api.model
    def _is_staff(self, user: models.BaseModel) -> bool:
        return user.active and user._is_internal() and not user._is_superuser()

    @api.model
    def _tell_user(self, failed_sudo: models.BaseModel) -> None:
        names = ", ".join(failed_sudo[:10].mapped("display_name"))
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "danger",
                "sticky": True,
                "title": self.env._("E-mail not sent"),
                "message": self.env._(
                    "%(count)s not sent: %(names)s. The activities of the documents say"
                    " why.",
                    count=len(failed_sudo),
                    names=names,
                ),
            },
        )
