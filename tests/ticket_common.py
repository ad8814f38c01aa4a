"""Clients who ask, staff who answer, and what the tests of tickets share."""

from __future__ import annotations

from typing import Any

from odoo import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import ClientHubCommon

TICKET = "client.hub.ticket"


class TicketCommon(ClientHubCommon, AccountTestInvoicingCommon):
    """Two contacts of a French client, one of a German one, and two of the staff."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
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
