"""Clients who ask, staff who answer, and what the tests of tickets share."""

from __future__ import annotations

from typing import Any

from lxml import html

from odoo import Command
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import ClientHubCommon, JsonRpcMixin

TICKET = "client.hub.ticket"
URL = "/my/support"


class TicketCommon(ClientHubCommon, AccountTestInvoicingCommon):
    """Two contacts of a French client, one of a German one, and two of the staff."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # Fixtures of core switch the chatter off.
        cls.env = cls.env(context={})
        # sudo: what the tests prepare is not about rights.
        cls.tickets = cls.env[TICKET].sudo()
        cls.orders = cls.env["sale.order"].sudo()
        cls.colleague_fr = cls._create_partner(
            name="Direction", parent_id=cls.client_fr.id, email="chef@example.com"
        )
        cls.contact_de = cls._create_partner(
            name="Buchhaltung", parent_id=cls.client_de.id, email="konto@example.com"
        )
        cls.portal_user = cls._create_portal_user(cls.contact_fr, "tk_portal")
        cls.colleague = cls._create_portal_user(cls.colleague_fr, "tk_colleague")
        cls.stranger = cls._create_portal_user(cls.contact_de, "tk_stranger")
        cls.hub_user = cls._create_staff("tk_user", "client_hub.group_user")
        cls.hub_manager = cls._create_staff("tk_manager", "client_hub.group_manager")
        cls.clerk = cls._create_staff("tk_clerk", "base.group_user")
        cls.ticket = cls._create_ticket()
        cls.ticket_de = cls._create_ticket(
            cls.contact_de, subject="Mahnung", description="<p>Warum denn?</p>"
        )
        # What is new is not tracked before.
        cls.cr.flush()

    @classmethod
    def _create_portal_user(cls, contact: Any, login: str) -> Any:
        return cls._create_staff(login, "base.group_portal", partner_id=contact.id)

    @classmethod
    def _create_staff(cls, login: str, groups: str, **vals: Any) -> Any:
        return cls._create_user(
            login,
            groups,
            email=f"{login}@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **vals,
        )

    @classmethod
    def _create_ticket(cls, contact: Any = None, **vals: Any) -> Any:
        """Open a ticket as staff do for a client."""
        return (
            cls.env[TICKET]
            .with_user(cls.hub_user)
            .create(
                {
                    "subject": "Wrong amount",
                    "description": "<p>Why is it 100?</p>",
                    "partner_id": (contact or cls.contact_fr).id,
                    **vals,
                }
            )
            .sudo()
        )

    @classmethod
    def _create_invoice_of(cls, partner: Any, **vals: Any) -> Any:
        line = {"name": "Work", "price_unit": 100.0, "tax_ids": [Command.clear()]}
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _answer(cls, ticket: Any, body: str = "Here is why.", **kwargs: Any) -> Any:
        """Answer as staff do in the chatter."""
        return ticket.with_user(cls.hub_user).message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **kwargs,
        )

    @classmethod
    def _note(cls, ticket: Any, body: str = "Between us.", **kwargs: Any) -> Any:
        return ticket.with_user(cls.hub_user).message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_note", **kwargs
        )

    @classmethod
    def _talk(cls, ticket: Any) -> Any:
        """Return what client and staff have said, the oldest first."""
        comment = cls.env.ref("mail.mt_comment")
        messages = ticket.sudo().message_ids.sorted("id")
        return messages.filtered(lambda message: message.subtype_id == comment)


class TicketHttpCommon(TicketCommon, HttpCase):
    """The pages of tickets, as a browser without JavaScript asks for them."""

    def setUp(self) -> None:
        super().setUp()
        self.env.flush_all()

    def _sign_in(self, user: Any) -> None:
        self.authenticate(user.login, user.login)

    def _get(self, path: str = "", status: int = 200, **kwargs: Any) -> Any:
        with mute_logger("odoo.http"):
            response = self.url_open(f"{URL}{path}", **kwargs)
        self.assertEqual(response.status_code, status, path)
        return response

    def _page(self, path: str = "") -> Any:
        return html.fromstring(self._get(path).text)

    def _post(
        self,
        path: str,
        status: int = 303,
        files: Any = (),
        token: str | None = None,
        **data: Any,
    ) -> Any:
        """Send a form as the page of new tickets holds it.

        :param files: names and contents
        """
        if token is None:
            token = self._get_token()
        parts = [("attachments", file) for file in files]
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"{URL}{path}",
                data={"csrf_token": token, **data},
                files=parts or None,
                allow_redirects=False,
            )
        self.assertEqual(response.status_code, status, response.text[:2000])
        self.env.invalidate_all()
        return response

    def _get_token(self) -> str:
        return self._page("/new").xpath("//input[@name='csrf_token']/@value")[0]

    def _open_ticket(self, status: int = 303, **data: Any) -> Any:
        """Open a ticket and return it; or the page, if it is refused."""
        before = self.tickets.search([], limit=1, order="id desc").id
        data = {"subject": "Wrong amount", "text": "Why is it 100?", **data}
        response = self._post("/new", status, **data)
        if status != 303:
            return html.fromstring(response.text)
        ticket = self.tickets.search([], limit=1, order="id desc")
        self.assertGreater(ticket.id, before)
        self.assertIn(f"{URL}/{ticket.id}?", response.headers["Location"])
        return ticket

    def _get_error(self, page: Any) -> str:
        [alert] = page.xpath("//div[@role='alert']")
        return " ".join(alert.text_content().split())


class TicketAbuseCommon(TicketHttpCommon, JsonRpcMixin):
    """What the other client has, and must stay as it is."""

    def setUp(self) -> None:
        super().setUp()
        self.foreign = self.ticket_de
        answer = self._answer(self.foreign, attachments=[("secret.txt", b"secret")])
        self.foreign_file = answer.attachment_ids.sudo()
        self.foreign.action_close()
        self.env.flush_all()
        self._sign_in(self.portal_user)

    def _get_state(self, ticket: Any = None) -> tuple[Any, ...]:
        self.env.invalidate_all()
        ticket = (ticket or self.foreign).sudo()
        return (
            ticket.state,
            ticket.rating,
            ticket.write_date,
            ticket.message_ids.ids,
            ticket.message_partner_ids.ids,
            self._count_files(ticket),
        )

    def _count_files(self, ticket: Any) -> int:
        domain = [("res_model", "=", TICKET), ("res_id", "=", ticket.id)]
        return self.env["ir.attachment"].sudo().search_count(domain)
