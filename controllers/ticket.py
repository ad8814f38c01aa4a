from __future__ import annotations

import secrets
import time
from typing import Any

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import Response, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools import ticket as ticket_tools
from ..tools.ticket import File, Sent, TicketError

URL = "/my/support"
TICKET = f"{URL}/<int:ticket_id>"
_SENT_AT = "client_hub_ticket_sent_at"
_REPLICA_SECONDS = 10


def may_lag(_controller: object, _rule: object, _args: object) -> bool:
    """Tell whether a replica will do: not for who has just sent something."""
    return time.time() - request.session.get(_SENT_AT, 0) > _REPLICA_SECONDS


class ClientHubTicket(CustomerPortal):
    """The page of a ticket, and what clients do there.

    Another client's ticket answers like one that is not.
    """

    @route(
        f"{URL}/new",
        type="http",
        auth="user",
        website=True,
        readonly=may_lag,
        methods=["GET"],
    )
    def portal_ticket_new(self, subject: str = "", **asked: Any) -> Response:
        """Show the form of a new ticket, about a document if one is named."""
        documents = self._get_tickets()._client_find_documents(asked)
        subject = ticket_tools.clean_line(subject)[: ticket_tools.MAX_SUBJECT]
        return self._render_new(Sent(subject=subject), documents)

    @route(f"{URL}/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_ticket_open(self, **post: Any) -> Response:
        """Open a ticket, or show the form again with what is wrong."""
        tickets, sent = self._get_tickets(), self._read_sent(post)
        documents = tickets._client_find_documents(post)
        try:
            ticket = tickets._client_open(sent, documents)
        except TicketError as error:
            return self._render_new(sent, documents, error)
        return self._go_to(ticket, "opened")

    @route(
        TICKET,
        type="http",
        auth="user",
        website=True,
        readonly=may_lag,
        methods=["GET"],
    )
    def portal_ticket(
        self, ticket_id: int, done: str = "", messages: str = "", **kwargs: Any
    ) -> Response:
        """Show a ticket and its thread."""
        ticket = self._find_ticket(ticket_id)
        return self._render_ticket(ticket, done=done, everything=messages == "all")

    @route(f"{TICKET}/reply", type="http", auth="user", website=True, methods=["POST"])
    def portal_ticket_reply(self, ticket_id: int, **post: Any) -> Response:
        """Add a message, or show the page again with what is wrong."""
        ticket, sent = self._find_ticket(ticket_id), self._read_sent(post)
        try:
            ticket._client_reply(sent)
        except TicketError as error:
            return self._render_ticket(ticket, sent, error)
        return self._go_to(ticket, "sent")

    @route(f"{TICKET}/close", type="http", auth="user", website=True, methods=["POST"])
    def portal_ticket_close(self, ticket_id: int, **post: Any) -> Response:
        """Close a ticket."""
        ticket = self._find_ticket(ticket_id)
        try:
            ticket._client_close()
        except TicketError as error:
            return self._render_ticket(ticket, error=error)
        return self._go_to(ticket, "closed")

    @route(f"{TICKET}/reopen", type="http", auth="user", website=True, methods=["POST"])
    def portal_ticket_reopen(self, ticket_id: int, **post: Any) -> Response:
        """Take a closed ticket up again."""
        ticket = self._find_ticket(ticket_id)
        try:
            ticket._client_reopen()
        except TicketError as error:
            return self._render_ticket(ticket, error=error)
        return self._go_to(ticket, "reopened")

    @route(f"{TICKET}/rate", type="http", auth="user", website=True, methods=["POST"])
    def portal_ticket_rate(
        self, ticket_id: int, rating: str = "", comment: str = "", **post: Any
    ) -> Response:
        """Keep what the client thinks of the answer."""
        ticket = self._find_ticket(ticket_id)
        try:
            ticket._client_rate(rating, comment)
        except TicketError as error:
            rated = {"rating": rating, "rating_comment": comment}
            return self._render_ticket(ticket, error=error, **rated)
        return self._go_to(ticket, "rated")

    @route(
        f"{TICKET}/file/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=may_lag,
        methods=["GET"],
    )
    def portal_ticket_file(self, ticket_id: int, attachment_id: int) -> Response:
        """Download a file of the thread; nothing is ever shown by the browser."""
        file_sudo = self._find_ticket(ticket_id)._find_client_file(attachment_id)
        if not file_sudo:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        return stream.get_response(as_attachment=True)

    # ------------------------------------------------------------------ helpers

    def _get_tickets(self) -> models.BaseModel:
        """Return the model, for clients alone."""
        if not request.env.user._is_portal():
            raise NotFound()
        return request.env["client.hub.ticket"]

    def _find_ticket(self, ticket_id: int) -> models.BaseModel:
        ticket = request.env["client.hub.ticket"]._client_find(ticket_id)
        if not ticket:
            raise NotFound()
        return ticket

    def _read_sent(self, post: dict[str, Any]) -> Sent:
        form = request.httprequest
        files = []
        for upload in form.files.getlist("attachments"):
            # A request that is tried again rewinds but the first file.
            upload.stream.seek(0)
            if upload.filename:
                name = ticket_tools.clean_name(upload.filename)
                files.append(File(name, upload.stream.read()))
        return Sent(
            ticket_tools.clean_text(post.get("text")),
            ticket_tools.clean_line(post.get("subject")),
            files,
            form.form.getlist("kept"),
            ticket_tools.clean_line(post.get("key"))[:64],
        )

    def _go_to(self, ticket: models.BaseModel, done: str) -> Response:
        request.session[_SENT_AT] = time.time()
        return request.redirect(f"{ticket.access_url}?done={done}#end", code=303)

    def _render_new(
        self, sent: Sent, documents: dict[str, int], error: TicketError | None = None
    ) -> Response:
        tickets = self._get_tickets()
        values = self._prepare_form_values(sent, error) | {
            "page_name": "ticket_new",
            "about": tickets._get_client_documents(documents),
            "ticket_lines": tickets._get_client_lines(documents.get("invoice_id")),
        }
        status = self._get_status(error)
        return request.render("client_hub.portal_ticket_new", values, status=status)

    def _render_ticket(
        self,
        ticket: models.BaseModel,
        sent: Sent | None = None,
        error: TicketError | None = None,
        everything: bool = False,
        **values: Any,
    ) -> Response:
        thread = ticket._get_client_thread(**({"limit": None} if everything else {}))
        values = self._prepare_form_values(sent or Sent(), error) | {
            "page_name": "ticket",
            "ticket": ticket,
            "states": ticket._get_client_states(),
            "thread": ticket._get_client_messages(thread),
            "hidden_count": ticket._count_client_thread() - len(thread),
            "successor": ticket._get_client_successor(),
            "about": ticket._get_client_documents(ticket._get_documents()),
            "rating": str(ticket.rating or ""),
            "rating_comment": ticket.rating_comment,
            **values,
        }
        status = self._get_status(error)
        return request.render("client_hub.portal_ticket", values, status=status)

    def _prepare_form_values(
        self, sent: Sent, error: TicketError | None
    ) -> dict[str, Any]:
        tickets = request.env["client.hub.ticket"]
        # Who floods us shall not fill our disks.
        files = () if error and error.reason == "flood" else sent.files
        return self._prepare_portal_layout_values() | {
            "sent": sent,
            "key": secrets.token_urlsafe(16),
            "kept": tickets._keep_files(files, sent.kept) if error else [],
            "error": error and tickets._get_client_error(error),
            "most": ticket_tools.LIMITS,
            "hint": tickets._get_client_hint(),
        }

    def _get_status(self, error: TicketError | None) -> int:
        if not error:
            return 200
        return 429 if error.reason == "flood" else 422
