from __future__ import annotations

from email.message import EmailMessage

from odoo import SUPERUSER_ID
from odoo.tests import tagged

from ..models.ticket_incoming import CHECKER_PARAMETER, MAX_MAILS
from ..tools.access_link import MASK
from ..tools.ticket import MAX_FILES
from .ticket_mail_common import SUPPORT, TicketMailCommon


@tagged("post_install", "-at_install")
class TestTicketIncoming(TicketMailCommon):
    """Mails that arrive: answers, new questions, and what is neither."""

    def setUp(self) -> None:
        super().setUp()
        self._answer(self.ticket, "Is it blue?")
        self.sent = self._mail_to(self.contact_fr)

    # ------------------------------------------------------------------ answers

    def test_an_answer_lands_in_the_thread_with_its_files(self) -> None:
        mail = self._mail_from(self.contact_fr.email, "Yes, blue.", self.sent)
        mail.add_attachment("a picture", filename="blue.txt")
        message = self._receive(mail)
        self.assertEqual(message.res_id, self.ticket.id)
        self.assertEqual(message.author_id, self.contact_fr)
        self.assertIn("blue.txt", message.attachment_ids.mapped("name"))
        self.assertEqual(self.ticket.state, "open")
        self.assertIn(message, self._talk(self.ticket))

    def test_an_answer_to_a_closed_ticket_reopens_it(self) -> None:
        self.ticket.action_close()
        self._receive(self._mail_from(self.contact_fr.email, "No!", self.sent))
        self.assertEqual(self.ticket.state, "open")

    def test_a_colleague_who_sees_the_ticket_may_answer(self) -> None:
        mail = self._mail_from(self.colleague_fr.email, "Green.", self.sent)
        message = self._receive(mail)
        self.assertEqual(message.res_id, self.ticket.id)
        self.assertEqual(message.author_id, self.colleague_fr)

    def _set_checker(self, name: str) -> None:
        # sudo: a system parameter.
        self.env["ir.config_parameter"].sudo().set_param(CHECKER_PARAMETER, name)

    def test_staff_answer_by_mail_if_our_server_proves_it(self) -> None:
        self._set_checker("mx.example.com")
        self.ticket.write({"state": "open"})
        mail = self._mail_from(
            self.hub_user.email,
            "We send a new one.",
            self.sent,
            Authentication_Results="mx.example.com; dmarc=pass",
        )
        message = self._receive(mail)
        self.assertEqual(message.res_id, self.ticket.id)
        self.assertIn(message, self._talk(self.ticket))
        self.assertEqual(self.ticket.state, "waiting")

    def test_a_mail_in_the_name_of_staff_is_a_note_otherwise(self) -> None:
        self._set_checker("mx.example.com")
        self.ticket.write({"state": "open"})
        self.inbox.mails.clear()
        for headers in ({}, {"Authentication_Results": "evil.example; dmarc=pass"}):
            mail = self._mail_from(
                self.hub_user.email, "Pay to my account.", self.sent, **headers
            )
            message = self._receive(mail)
            with self.subTest(headers):
                self.assertEqual(message.res_id, self.ticket.id)
                self.assertNotIn(message, self._talk(self.ticket))
                self.assertEqual(self.ticket.state, "open")
        self.assertFalse(self._mails_to(self.contact_fr))

    def test_the_absence_of_staff_is_not_mailed_to_the_client(self) -> None:
        self.ticket.with_user(self.hub_manager).user_id = self.hub_user
        self.inbox.mails.clear()
        # Not as whoever has written before: nobody is told of what they do themselves.
        self.ticket.with_user(SUPERUSER_ID).message_post(
            author_id=self.contact_fr.id,
            body="Still nothing.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        told = self._mails_to(self.hub_user)[-1]
        self.inbox.mails.clear()
        self._receive(
            self._mail_from(
                self.hub_user.email, "I am away", told, Auto_Submitted="auto-replied"
            )
        )
        self.assertFalse(self._mails_to(self.contact_fr))

    def test_what_answers_the_first_mail_joins_the_ticket(self) -> None:
        ticket = self._create_ticket(self.contact_de, channel="portal")
        first = self._mails_to(self.contact_de)[-1]
        self.assertIn(SUPPORT, first["Reply-To"])
        message = self._receive(self._mail_from(self.contact_de.email, "And?", first))
        self.assertEqual(message.res_id, ticket.id)

    def test_what_staff_forward_waits_for_an_answer(self) -> None:
        mail = self._mail_from(self.hub_user.email, "A client writes: where is it?")
        ticket = self.tickets.browse(self._receive(mail).res_id)
        self.assertEqual(ticket.state, "new")
        self.assertFalse(ticket.first_response_at)

    def test_two_mails_with_one_subject_are_two_tickets(self) -> None:
        first = self._receive(self._mail_from(self.contact_de.email, "One"))
        second = self._receive(self._mail_from(self.contact_de.email, "Two"))
        tickets = self.tickets.browse([first.res_id, second.res_id])
        self.assertEqual(len(set(tickets.mapped("name"))), 2)

    def test_a_date_in_the_future_does_not_count(self) -> None:
        mail = self._mail_from(
            self.contact_fr.email,
            "Hi",
            self.sent,
            Date="Thu, 1 Jan 2099 10:00:00 +0000",
        )
        self._receive(mail)
        self.assertLess(self.ticket.last_message_at.year, 2099)

    # ------------------------------------------------------------------ forgeries

    def _assert_not_joined(self, mail: EmailMessage) -> None:
        before = self._talk(self.ticket)
        message = self._receive(mail)
        self.assertEqual(self._talk(self.ticket), before)
        self.assertNotEqual(message.res_id, self.ticket.id)
        ticket = self.tickets.browse(message.res_id)
        self.assertNotIn("Is it blue?", "".join(ticket.message_ids.mapped("body")))

    def test_a_stranger_who_knows_the_message_id_is_not_joined(self) -> None:
        self._assert_not_joined(
            self._mail_from("mallory@evil.example.com", "Pay me", self.sent)
        )

    def test_another_client_who_knows_it_is_not_joined(self) -> None:
        self._assert_not_joined(
            self._mail_from(self.contact_de.email, "Me too", self.sent)
        )

    def test_a_number_in_the_subject_joins_nothing(self) -> None:
        subject = f"Re: [{self.ticket.name}] {self.ticket.subject}"
        mail = self._mail_from(self.contact_fr.email, "Hello", Subject=subject)
        self.assertNotEqual(self._receive(mail).res_id, self.ticket.id)

    def test_a_sender_who_failed_the_check_of_the_mail_server(self) -> None:
        results = "mx.example.com; spf=fail; dmarc=fail header.from=example.com"
        mail = self._mail_from(
            self.contact_fr.email, "Pay", self.sent, Authentication_Results=results
        )
        before = self._talk(self.ticket)
        ticket = self.tickets.browse(self._receive(mail).res_id)
        self.assertEqual(self._talk(self.ticket), before)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.message_ids.author_id & self.contact_fr)
        self.assertNotIn(self.contact_fr, ticket.message_partner_ids)

    # ------------------------------------------------------------------ new tickets

    def test_a_known_address_opens_a_ticket_of_its_client(self) -> None:
        message = self._receive(self._mail_from(self.contact_de.email, "Hallo"))
        ticket = self.tickets.browse(message.res_id)
        self.assertEqual(ticket.partner_id, self.contact_de)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual((ticket.channel, ticket.state), ("email", "new"))
        self.assertIn("Hallo", self._talk(ticket).body)
        self.assertIn("A question", self._mail_to(self.contact_de)["Subject"])

    def test_an_unknown_sender_waits_to_be_placed(self) -> None:
        partners = self.env["res.partner"].sudo().search_count([])
        message = self._receive(self._mail_from("new@nowhere.example.com", "Hi"))
        ticket = self.tickets.browse(message.res_id)
        self.assertFalse(ticket.partner_id)
        self.assertIn("new@nowhere.example.com", ticket.email_from)
        self.assertEqual(self.env["res.partner"].sudo().search_count([]), partners)
        ticket.with_user(self.hub_user).partner_id = self.contact_de
        seen = ticket.with_user(self.stranger)
        self.assertEqual(seen.subject, "A question")

    def test_an_address_of_two_clients_waits_to_be_placed(self) -> None:
        self.contact_de.email = self.contact_fr.email
        message = self._receive(self._mail_from(self.contact_fr.email, "Who am I?"))
        ticket = self.tickets.browse(message.res_id)
        self.assertFalse(ticket.partner_id or message.author_id)
        self.assertFalse(
            ticket.message_partner_ids & (self.contact_fr + self.contact_de)
        )

    # ------------------------------------------------------------------ programs

    def test_the_absence_of_a_client_is_a_note(self) -> None:
        mail = self._mail_from(
            self.contact_fr.email, "I am away", self.sent, Auto_Submitted="auto-replied"
        )
        message = self._receive(mail)
        self.assertEqual(message.res_id, self.ticket.id)
        self.assertNotIn(message, self._talk(self.ticket))
        self.assertEqual(self.ticket.state, "waiting")

    def test_programs_open_no_tickets_and_get_no_answers(self) -> None:
        self.inbox.mails.clear()
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
        ):
            mail = self._mail_from(self.contact_fr.email, "News", **headers)
            with self.subTest(headers):
                self.assertFalse(self._receive(mail))
        self._send_all()
        self.assertFalse(self.inbox.mails)

    def test_a_flood_is_refused_once_in_words(self) -> None:
        address = "flood@nowhere.example.com"
        self.inbox.mails.clear()
        for number in range(MAX_MAILS):
            self.assertTrue(self._receive(self._mail_from(address)), number)
        for _number in range(3):
            self.assertFalse(self._receive(self._mail_from(address)))
        self._send_all()
        refused = [mail for to, mail in self.inbox.mails if address in to]
        self.assertEqual(len(refused), 1)

    # ------------------------------------------------------------------ content

    def test_links_that_are_quoted_do_not_work(self) -> None:
        quoted = self.sent.get_body(("plain",)).get_content()
        mail = self._mail_from(self.contact_fr.email, f"You wrote: {quoted}", self.sent)
        body = self._receive(mail).body
        self.assertIn(MASK, body)

    def test_scripts_do_not_survive(self) -> None:
        mail = self._mail_from(self.contact_fr.email, "text", self.sent)
        mail.add_alternative("<p>Hi<script>alert(1)</script></p>", "html")
        self.assertNotIn("script", self._receive(mail).body)

    def test_more_files_than_a_message_has_are_left_out(self) -> None:
        mail = self._mail_from(self.contact_fr.email, "many", self.sent)
        for number in range(MAX_FILES + 3):
            mail.add_attachment("text", filename=f"{number}.txt")
        self.assertLessEqual(len(self._receive(mail).attachment_ids), MAX_FILES)

    def test_a_mail_without_subject_is_taken(self) -> None:
        mail = self._mail_from(self.contact_de.email, "Hallo", Subject="")
        ticket = self.tickets.browse(self._receive(mail).res_id)
        self.assertTrue(ticket.subject)
