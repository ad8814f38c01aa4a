from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .ticket_common import TICKET, TicketCommon


@tagged("post_install", "-at_install")
class TestTicketHistory(TicketCommon):
    """What was asked and said is part of the history of the client."""

    def _get_events(self, user: Any = None, client: Any = None) -> Any:
        self.env.flush_all()
        self.cr.flush()
        events = self._as(user or self.hub_user, self.env["client.hub.event"])
        client = client or self.client_fr
        found = events.search([("client_id", "=", client.id)], order="id")
        return found.filtered(lambda event: event.res_model == TICKET)

    def _get_kinds(self, **kwargs: Any) -> list[str]:
        return sorted(self._get_events(**kwargs).mapped("kind"))

    def test_a_ticket_is_one_line(self) -> None:
        [event] = self._get_events()
        self.assertEqual(event.kind, "created")
        self.assertEqual(event.name, self.ticket.name)
        self.assertEqual(event.summary, "Wrong amount")
        self.assertEqual(event.author_id, self.hub_user.partner_id)
        self.assertEqual(event.res_id, self.ticket.id)

    def test_a_ticket_of_the_client_names_the_client(self) -> None:
        self.ticket.channel = "portal"
        [event] = self._get_events()
        self.assertEqual(event.author_id, self.contact_fr)

    def test_answers_and_notes_are_lines_of_their_own(self) -> None:
        self._answer(self.ticket, "Here is why.")
        self._note(self.ticket, "Between us.")
        self.ticket.message_post(
            author_id=self.contact_fr.id,
            body="I see.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        events = self._get_events()
        talk = events.filtered(lambda event: event.kind == "mail")
        summaries = talk.sorted(lambda event: event.message_id.id).mapped("summary")
        self.assertEqual(summaries, ["Here is why.", "I see."])
        notes = events.filtered(lambda event: event.kind == "note")
        self.assertEqual(notes.summary, "Between us.")

    def test_closing_is_a_line(self) -> None:
        self._as(self.hub_user, self.ticket).action_close()
        [update] = self._get_events().filtered(lambda event: event.kind == "update")
        self.assertIn("Closed", update.summary)

    def test_a_line_opens_its_ticket(self) -> None:
        [event] = self._get_events()
        action = event.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (TICKET, self.ticket.id)
        )

    def test_lines_stay_with_the_client(self) -> None:
        self.contact_fr.parent_id = self.client_de
        self.assertIn("created", self._get_kinds())
        self.assertEqual(self._get_kinds(client=self.client_de), ["created"])

    def test_who_sees_no_tickets_sees_no_line_of_them(self) -> None:
        accountant = self._create_staff("tk_books", "account.group_account_invoice")
        self.assertFalse(self._get_events(accountant))
        self.company_elsewhere = self.env["res.company"].sudo().create({"name": "Two"})
        self.ticket.company_id = self.company_elsewhere
        self.assertFalse(self._get_events())

    def test_a_link_to_a_ticket_has_its_number(self) -> None:
        links = self.env["client.hub.access.link"].sudo()
        links._issue_links(
            [
                {
                    "partner_id": self.contact_fr.id,
                    "email": self.contact_fr.email,
                    "company_id": self.company.id,
                    "res_model": TICKET,
                    "res_id": self.ticket.id,
                }
            ]
        )
        [event] = self._get_events().filtered(lambda event: event.kind == "link")
        self.assertEqual(event.name, self.ticket.name)
