from __future__ import annotations

from typing import Any

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .ticket_common import TICKET, TicketCommon


@tagged("post_install", "-at_install")
class TestTicket(TicketCommon):
    """Numbers, clients, documents and states of tickets."""

    # ----------------------------------------------------------------- opening

    def test_numbers_count_in_each_company(self) -> None:
        first, second = self._create_ticket(), self._create_ticket()
        self.assertRegex(first.name, r"^T\d{5,}$")
        self.assertEqual(int(second.name[1:]), int(first.name[1:]) + 1)
        other = self.env["res.company"].create({"name": "Second Company"})
        apart = self.tickets.create({"subject": "First", "company_id": other.id})
        self.assertEqual(apart.name, "T00001")

    def test_each_company_has_a_sequence(self) -> None:
        sequences = self.env["ir.sequence"].search([("code", "=", TICKET)])
        companies = self.env["res.company"].with_context(active_test=False).search([])
        self.assertEqual(sequences.company_id, companies)
        self.assertEqual(len(sequences), len(companies))
        companies._create_missing_client_ticket_sequences()
        again = self.env["ir.sequence"].search([("code", "=", TICKET)])
        self.assertEqual(again, sequences)

    @mute_logger("odoo.sql_db")
    def test_a_number_is_given_once(self) -> None:
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._create_ticket(name=self.ticket.name)
        self.assertNotEqual(self.ticket.copy().name, self.ticket.name)

    def test_the_question_starts_the_thread(self) -> None:
        [question] = self._talk(self.ticket)
        self.assertIn("Why is it 100?", question.body)
        self.assertEqual(question.author_id, self.contact_fr)
        self.assertEqual(self.ticket.state, "new")
        self.assertEqual(self.ticket.last_client_message_at, question.date)
        self.assertFalse(self.ticket.last_answer_at)

    def test_who_types_it_in_is_not_made_responsible(self) -> None:
        self.assertFalse(self.ticket.user_id)
        self.assertEqual(self.ticket.message_partner_ids, self.contact_fr)

    def test_a_ticket_may_have_no_client_yet(self) -> None:
        ticket = self.tickets.create(
            {"subject": "From an unknown address", "description": "<p>Hello</p>"}
        )
        self.assertFalse(ticket.commercial_partner_id)
        self.assertFalse(self._talk(ticket))
        ticket.partner_id = self.contact_de
        self.assertEqual(ticket.commercial_partner_id, self.client_de)
        self.assertIn(self.contact_de, ticket.message_partner_ids)

    def test_another_contact_gets_the_answers_instead(self) -> None:
        self.ticket.partner_id = self.colleague_fr
        self.assertEqual(self.ticket.message_partner_ids, self.colleague_fr)
        self.assertEqual(self.ticket.commercial_partner_id, self.client_fr)

    def test_links_that_are_pasted_in_are_masked(self) -> None:
        secret = "A" * 43
        link = f"https://example.com/my/access/{'B' * 22}#{secret}"
        ticket = self._create_ticket(
            subject=f"See {link}", description=f"<p>{link}</p>"
        )
        ticket.write({"rating_comment": link})
        ticket.write({"subject": f"Look: {link}"})
        self.env.flush_all()
        for text in (ticket.subject, ticket.description, ticket.rating_comment):
            self.assertIn("/my/access/", text)
            self.assertNotIn(secret, text)
        self.assertNotIn(secret, self._talk(ticket).body)

    def test_the_question_is_sanitised(self) -> None:
        ticket = self._create_ticket(
            description="<p onclick='x()'>Hi<script>alert(1)</script></p>"
        )
        for html in (ticket.description, self._talk(ticket).body):
            self.assertNotIn("script", html)
            self.assertNotIn("onclick", html)

    def test_it_is_found_by_number_and_by_subject(self) -> None:
        tickets = self.env[TICKET].with_user(self.hub_user)
        for text in (self.ticket.name, "wrong AM"):
            found = [ticket_id for ticket_id, _name in tickets.name_search(text)]
            self.assertIn(self.ticket.id, found)
        self.assertEqual(self.ticket.display_name, f"{self.ticket.name} – Wrong amount")

    # --------------------------------------------------------------- documents

    def test_documents_are_those_of_the_client(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        order = self.orders.create({"partner_id": self.contact_fr.id})
        ticket = self._create_ticket(
            invoice_id=invoice.id,
            invoice_line_id=invoice.invoice_line_ids.id,
            sale_order_id=order.id,
        )
        foreign = self._create_invoice_of(self.client_de)
        foreign_order = self.orders.create({"partner_id": self.client_de.id})
        for vals in (
            {"invoice_id": foreign.id, "invoice_line_id": False},
            {"invoice_line_id": foreign.invoice_line_ids.id},
            {"sale_order_id": foreign_order.id},
            {"partner_id": self.contact_de.id},
            {"partner_id": False},
        ):
            with self.subTest(vals), self._assert_refused("Invoice"):
                ticket.write(vals)

    def test_a_document_of_another_company_is_refused(self) -> None:
        other = self.setup_other_company(name="Second Company")["company"]
        with self.assertRaises(UserError):
            self._create_ticket(
                invoice_id=self._create_invoice_of(
                    self.client_fr, company_id=other.id
                ).id
            )

    def test_the_form_forgets_documents_of_another_client(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        self.hub_user.group_ids += self.env.ref("account.group_account_invoice")
        form = Form(self.env[TICKET].with_user(self.hub_user))
        form.subject = "Whose?"
        form.partner_id = self.contact_fr
        form.invoice_id = invoice
        form.invoice_line_id = invoice.invoice_line_ids
        form.partner_id = self.contact_de
        self.assertFalse(form.invoice_id)
        self.assertFalse(form.save().invoice_line_id)

    # ------------------------------------------------------------------ states

    def test_an_answer_waits_for_the_client(self) -> None:
        answer = self._answer(self.ticket)
        self.assertEqual(self.ticket.state, "waiting")
        self.assertEqual(self.ticket.last_answer_at, answer.date)
        self.assertEqual(self.ticket.last_message_at, answer.date)

    def test_a_note_changes_nothing(self) -> None:
        before = self.ticket.last_message_at
        self._note(self.ticket)
        self.ticket.message_post(body="Logged")
        self.ticket.message_post(
            body="I am away",
            message_type="out_of_office",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.ticket.state, "new")
        self.assertEqual(self.ticket.last_message_at, before)

    def test_a_message_of_the_client_is_our_turn(self) -> None:
        self._answer(self.ticket)
        self._client_writes()
        self.assertEqual(self.ticket.state, "open")
        self.assertTrue(self.ticket.last_client_message_at)

    def test_what_nobody_has_answered_stays_new(self) -> None:
        self._client_writes()
        self.assertEqual(self.ticket.state, "new")

    def test_a_message_of_the_client_reopens(self) -> None:
        self.ticket.with_user(self.hub_user).action_close()
        self.assertEqual(self.ticket.state, "closed")
        self.assertTrue(self.ticket.closed_at)
        self._client_writes()
        self.assertEqual(self.ticket.state, "open")
        self.assertFalse(self.ticket.closed_at)

    def test_a_last_word_of_staff_does_not_reopen(self) -> None:
        self.ticket.action_close()
        self._answer(self.ticket)
        self.assertEqual(self.ticket.state, "closed")

    def test_closing_twice_keeps_the_time(self) -> None:
        tickets = self.ticket.with_user(self.hub_user)
        tickets.action_close()
        self.ticket.closed_at = closed_at = "2026-01-02 03:04:05"
        tickets.action_close()
        self.assertEqual(str(self.ticket.closed_at), closed_at)
        tickets.action_reopen()
        self.assertEqual(self.ticket.state, "open")
        self._answer(self.ticket)
        tickets.action_reopen()
        self.assertEqual(self.ticket.state, "waiting")

    def _client_writes(self) -> None:
        self.ticket.message_post(
            author_id=self.contact_fr.id,
            body="One more thing.",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    @mute_logger("odoo.sql_db")
    def test_a_rating_is_a_number_from_1_to_5(self) -> None:
        for rating in (-1, 6):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.ticket.rating = rating
                self.ticket.flush_recordset()


@tagged("post_install", "-at_install")
class TestTicketRights(TicketCommon):
    """Who may do what with tickets, through the model."""

    def test_staff_of_client_hub_work_with_tickets(self) -> None:
        ticket = self._as(self.hub_user, self.ticket)
        ticket.write({"priority": "3", "user_id": self.hub_user.id})
        self.assertEqual(ticket.priority, "3")
        self.assertTrue(ticket.copy())

    def test_only_administrators_delete(self) -> None:
        with self.assertRaises(AccessError):
            self._as(self.hub_user, self.ticket).unlink()
        self._as(self.hub_manager, self.ticket).unlink()
        self.assertFalse(self.ticket.exists())

    def test_other_staff_see_no_tickets(self) -> None:
        with self.assertRaises(AccessError):
            self._as(self.clerk, self.ticket).read(["subject"])

    def test_other_companies_stay_apart(self) -> None:
        other = self.env["res.company"].create({"name": "Second Company"})
        ticket = self.tickets.create(
            {
                "subject": "Elsewhere",
                "company_id": other.id,
                "partner_id": self.contact_fr.id,
            }
        )
        for user in (self.hub_manager, self.portal_user):
            with self.subTest(user.login):
                self.assertFalse(self._find(user, ticket))
        self.portal_user.company_ids = [Command.link(other.id)]
        with_both = self.portal_user.with_user(self.portal_user)
        tickets = with_both.env[TICKET].with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        self.assertTrue(tickets.search([("id", "=", ticket.id)]))

    def _find(self, user: Any, ticket: Any) -> Any:
        return self._as(user, self.env[TICKET]).search([("id", "=", ticket.id)])

    def test_a_client_reads_its_own_tickets_alone(self) -> None:
        for user in (self.portal_user, self.colleague):
            self.assertTrue(self._find(user, self.ticket))
            self.assertFalse(self._find(user, self.ticket_de))
        self.assertTrue(self._find(self.stranger, self.ticket_de))
        with self.assertRaises(AccessError):
            self._as(self.stranger, self.ticket).read(["subject"])

    def test_a_client_writes_nothing(self) -> None:
        ticket = self._as(self.portal_user, self.ticket)
        for attempt in (
            lambda: ticket.write({"subject": "Mine"}),
            lambda: ticket.action_close(),
            lambda: ticket.copy(),
            lambda: ticket.unlink(),
            lambda: ticket.create({"subject": "Mine"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()

    def test_a_client_reads_nothing_of_our_organisation(self) -> None:
        ticket = self._as(self.portal_user, self.ticket)
        for name in ("user_id", "priority", "channel", "client_link_partner_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.read([name])

    def test_contacts_see_their_own_if_the_company_wants_so(self) -> None:
        self.company.client_hub_portal_visibility = "addressed"
        self.assertTrue(self._find(self.portal_user, self.ticket))
        self.assertFalse(self._find(self.colleague, self.ticket))
        self.colleague_fr.client_portal_visibility = "all"
        self.assertTrue(self._find(self.colleague, self.ticket))

    def test_contacts_see_their_own_if_it_is_set_for_them(self) -> None:
        self.colleague_fr.client_portal_visibility = "addressed"
        self.assertFalse(self._find(self.colleague, self.ticket))
        self.ticket.message_subscribe(self.colleague_fr.ids)
        self.assertTrue(self._find(self.colleague, self.ticket))

    def test_a_follower_of_another_client_reads_nothing(self) -> None:
        self.ticket.message_subscribe(self.contact_de.ids)
        self.assertFalse(self._find(self.stranger, self.ticket))

    def test_visitors_read_nothing(self) -> None:
        with self.assertRaises(AccessError):
            self._as(self.env.ref("base.public_user"), self.ticket).read(["subject"])
