from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..tools import ticket as ticket_tools
from ..tools.ticket import File, TicketError
from .access_attempt import HOUR, Limit

#: how often the files of forms with a mistake are kept for one client within an hour
MAX_KEPT = 20
#: messages of a thread that a page shows at once
MAX_SHOWN = 100
# What clients see of a thread; Odoo's own portal shows the same.
_SHOWN = ("comment", "email", "email_outgoing", "auto_comment", "out_of_office")
# Where Odoo keeps files that wait for their message; it deletes the forgotten ones.
_WAITING = "mail.compose.message"


class KeptFile(NamedTuple):
    """A file that waits until the form it came with is right.

    :param proof: shows in a form that it is the user's
    """

    name: str
    proof: str


class ClientHubTicket(models.Model):
    """What clients see of threads, and the files in them."""

    _inherit = "client.hub.ticket"

    # ------------------------------------------------------------------ reading

    def _get_client_thread(self, limit: int | None = MAX_SHOWN) -> models.BaseModel:
        """Return what client and staff have said, the oldest first, as the user.

        :param limit: how many of the latest, None for all
        """
        self.ensure_one()
        messages = self.env["mail.message"].search(
            self._get_thread_domain(), order="id desc", limit=limit
        )
        return messages.sorted("id")

    def _count_client_thread(self) -> int:
        """Return how many messages :meth:`_get_client_thread` has without a limit."""
        self.ensure_one()
        return self.env["mail.message"].search_count(self._get_thread_domain())

    def _get_thread_domain(self) -> Domain:
        return (
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", _SHOWN)
            & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
            & Domain("is_internal", "=", False)
        )

    def _find_client_file(self, attachment_id: int) -> models.BaseModel:
        """Return a file of the thread in sudo; none for whatever the user may not see.

        Files of notes, and those that staff keep with the ticket, are not in it.
        """
        files_sudo = self.env["ir.attachment"].sudo()
        if not (self and 0 < attachment_id < 2**31):
            return files_sudo.browse()
        domain = self._get_thread_domain() & Domain(
            "attachment_ids", "=", attachment_id
        )
        message = self.env["mail.message"].search(domain, limit=1)
        # sudo: clients read no attachments; the message is theirs to read.
        return message.sudo().attachment_ids.filtered(
            lambda file: file.id == attachment_id and file.type == "binary"
        )

    # ------------------------------------------------------------------ sending

    @api.model
    def _keep_files(
        self, files: Iterable[File], proofs: Iterable[str]
    ) -> list[KeptFile]:
        """Keep the files of a form that comes back, as far as they may be sent at all.

        :param proofs: of files that were kept before
        """
        kept_sudo = self._find_kept_files(proofs)
        client = self.env.user.partner_id.commercial_partner_id
        limit = Limit("ticket_files", client.id, MAX_KEPT, HOUR)
        # Or a form that is wrong on purpose would fill the disk.
        if files and self.env["client.hub.access.attempt"]._exceeds([limit]):
            files = ()
        for file in files:
            try:
                ticket_tools.check_files([file], kept_sudo.mapped("file_size"))
            except TicketError:
                continue
            # sudo: clients create no attachments; this one is nobody's but theirs.
            kept_sudo |= kept_sudo.create(
                {"name": file.name, "raw": file.content, "res_model": _WAITING}
            )
        return [
            KeptFile(file.name, f"{file.id}-{file._get_ownership_token()}")
            for file in kept_sudo
        ]

    @api.model
    def _find_kept_files(self, proofs: Iterable[str]) -> models.BaseModel:
        """Return files that wait for a message of the user, in sudo."""
        # sudo: clients read no attachments; the proof shows whose it is.
        kept_sudo = self.env["ir.attachment"].sudo()
        for proof in list(proofs)[: ticket_tools.MAX_FILES]:
            res_id, _dash, token = proof.partition("-")
            file_sudo = kept_sudo.browse(ticket_tools.read_id(res_id) or ()).exists()
            waits = (
                file_sudo
                and file_sudo.create_uid == self.env.user
                and (file_sudo.res_model, file_sudo.res_id) == (_WAITING, 0)
            )
            if waits and file_sudo.sudo(False)._has_attachments_ownership([token]):
                kept_sudo |= file_sudo
        return kept_sudo
