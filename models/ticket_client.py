from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools.mail import plaintext2html

from ..tools import ticket as ticket_tools
from ..tools.ticket import Sent, TicketError
from .access_attempt import HOUR, Limit

if TYPE_CHECKING:
    from typing import Self

#: what one client, and what one network address, may send within an hour
MAX_OF_CLIENT = 60
MAX_OF_ADDRESS = 120
# What clients may link, the model, and what names its client.
_DOCUMENTS = {
    "invoice_id": ("account.move", "commercial_partner_id"),
    "invoice_line_id": ("account.move.line", "move_id.commercial_partner_id"),
    "sale_order_id": ("sale.order", "partner_id.commercial_partner_id"),
}
SALES = ("out_invoice", "out_refund", "out_receipt")


class ClientHubTicket(models.Model):
    """What clients do with tickets: ask, write, close, reopen and rate.

    Each is called as the client, on records that were searched as the client, and
    checks everything before it writes.
    """

    _inherit = "client.hub.ticket"

    form_key = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Of the form that was last sent, to do nothing twice.",
    )

    _form_key_unique = models.UniqueIndex("(form_key)")

    @api.model
    def _client_find(self, ticket_id: int) -> Self:
        """Return a ticket that the user may see; none is like another's."""
        if not (self.env.user._is_portal() and 0 < ticket_id < 2**31):
            return self.browse()
        return self.search([("id", "=", ticket_id)])

    @api.model
    def _client_find_documents(self, asked: dict[str, Any]) -> dict[str, int]:
        """Return those documents of the user's client that a form names.

        :param asked: may hold ``invoice_id``, ``invoice_line_id``, ``sale_order_id``
        :return: values for a ticket; what the user may not see is left out
        """
        if not self.env.user._is_portal():
            return {}
        client = self.env.user.partner_id.commercial_partner_id
        found = {}
        for name, (model, owner) in _DOCUMENTS.items():
            res_id = ticket_tools.read_id(asked.get(name))
            domain = [("id", "=", res_id), (owner, "=", client.id)]
            found[name] = self.env[model].search(res_id and domain or [(0, "=", 1)])
        line = found["invoice_line_id"]
        if line:
            found["invoice_id"] = line.move_id
        if found["invoice_id"].move_type not in SALES:
            found["invoice_id"] = found["invoice_line_id"] = line.browse()
        return {name: record.id for name, record in found.items() if record}

    @api.model
    def _client_open(self, sent: Sent, documents: dict[str, int]) -> Self:
        """Open a ticket of the user, and return it.

        :param documents: as :meth:`_client_find_documents` returns them
        :raise TicketError: if it cannot be taken; nothing is written then
        """
        self._check_client()
        if twin := self._find_sent(sent.key):
            return twin
        ticket_tools.check_question(sent)
        kept_sudo = self._check_files(sent)
        self._check_flood()
        body = plaintext2html(sent.text)
        ticket_sudo = self._create_once(
            {
                "subject": sent.subject,
                "description": body,
                "partner_id": self.env.user.partner_id.id,
                "company_id": self._get_company_of(documents).id,
                "channel": "portal",
                "form_key": sent.key or False,
                **documents,
            }
        )
        files = [tuple(file) for file in sent.files]
        ticket_sudo._post_question(ticket_sudo.description, files, kept_sudo.ids)
        return ticket_sudo.with_env(self.env)

    @api.model
    def _find_sent(self, key: str) -> Self:
        """Return the ticket that a form has made or changed already, if it did."""
        # sudo: the keys are nobody's to read; only the user's own tickets are found.
        tickets_sudo = self.sudo()
        if key:
            tickets_sudo = tickets_sudo.search([("form_key", "=", key)])
        own_sudo = tickets_sudo.filtered(
            lambda ticket: ticket.partner_id == self.env.user.partner_id
        )
        return own_sudo.with_env(self.env)

    @api.model
    def _create_once(self, vals: dict[str, Any]) -> Self:
        """Create a ticket in sudo, even if its form is sent twice at the same time.

        :raise ConcurrencyError: for the later one, which is tried again, and finds it
        """
        try:
            with self.env.cr.savepoint():
                # sudo: clients create nothing by themselves; this was checked.
                return self.sudo().create(vals)
        except UniqueViolation as error:
            raise ConcurrencyError() from error

    @api.model
    def _get_company_of(self, documents: dict[str, int]) -> models.BaseModel:
        for name in ("invoice_id", "sale_order_id"):
            if res_id := documents.get(name):
                return self.env[_DOCUMENTS[name][0]].browse(res_id).company_id
        return self.env.company

    def _client_reply(self, sent: Sent) -> None:
        """Add a message of the user to the thread.

        :raise TicketError: if it cannot be taken; nothing is written then
        """
        self.ensure_one()
        self._check_client()
        # sudo: the key is nobody's to read. A page that is sent twice at the same time
        # changes this row twice, so the later one is tried again, and ends here.
        if sent.key and self.sudo().form_key == sent.key:
            return
        ticket_tools.check_message(sent)
        kept_sudo = self._check_files(sent)
        self._check_flood()
        # sudo: see :meth:`_create_once`.
        ticket_sudo = self.sudo()
        ticket_sudo.form_key = sent.key or False
        ticket_sudo.message_post(
            author_id=self.env.user.partner_id.id,
            body=plaintext2html(sent.text) if sent.text else "",
            attachments=[tuple(file) for file in sent.files],
            attachment_ids=kept_sudo.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _client_close(self) -> None:
        """Close the ticket: the client needs no more of us.

        :raise TicketError: if the user does too much at once
        """
        self.ensure_one()
        self._check_client()
        self._check_flood()
        self.sudo().action_close()  # sudo: clients write no tickets.

    def _client_reopen(self) -> None:
        """Take the ticket up again.

        :raise TicketError: if the user does too much at once
        """
        self.ensure_one()
        self._check_client()
        self._check_flood()
        self.sudo().action_reopen()  # sudo: see above.

    def _client_rate(self, rating: object, comment: object = "") -> None:
        """Keep what the client thinks of the answer, once the ticket is closed.

        :param rating: from "1" to "5", as a form sends it
        :raise TicketError: if it cannot be taken
        """
        self.ensure_one()
        self._check_client()
        if self.state != "closed":
            raise TicketError("not_closed")
        text = ticket_tools.clean_text(comment)
        ticket_tools.check_text(text, "comment", ticket_tools.MAX_COMMENT)
        stars = ticket_tools.read_rating(rating)
        self._check_flood()
        # sudo: see above.
        self.sudo().write({"rating": stars, "rating_comment": text})

    # ------------------------------------------------------------------ checks

    def _check_client(self) -> None:
        """Check that it is a client in person who does this, and may see the ticket.

        :raise AccessError: otherwise
        """
        if not self.env.user._is_portal():
            raise AccessError(self.env._("Only clients do this, in their portal."))
        self.check_access("read")

    @api.model
    def _check_flood(self) -> None:
        attempts = self.env["client.hub.access.attempt"]
        client = self.env.user.partner_id.commercial_partner_id
        limits = [
            Limit("ticket", client.id, MAX_OF_CLIENT, HOUR),
            attempts._limit_by_address("ticket", MAX_OF_ADDRESS),
        ]
        if attempts._exceeds(limits):
            raise TicketError("flood")

    @api.model
    def _check_files(self, sent: Sent) -> models.BaseModel:
        """Return the files that were sent before, in sudo, all within the limits."""
        kept_sudo = self._find_kept_files(sent.kept)
        ticket_tools.check_files(sent.files, kept_sudo.mapped("file_size"))
        return kept_sudo
