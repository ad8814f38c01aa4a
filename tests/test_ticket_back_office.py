from __future__ import annotations

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .ticket_common import TICKET, TicketCommon


@tagged("post_install", "-at_install")
class TestTicketBackOffice(TicketCommon):
    def test_the_client_page_opens_the_client_s_tickets(self) -> None:
        contact = self.contact_fr.with_user(self.hub_user)
        action = contact.action_client_tickets()
        tickets = self.env[TICKET].with_user(self.hub_user)
        found = tickets.search(action["domain"])
        self.assertIn(self.ticket, found)
        self.assertNotIn(self.ticket_de, found)
        self.assertEqual(len(found), contact.client_ticket_count)

    def test_a_new_ticket_has_the_client_filled_in(self) -> None:
        contact = self.contact_fr.with_user(self.hub_user)
        context = contact.action_client_new_ticket()["context"]
        tickets = self.env[TICKET].with_user(self.hub_user).with_context(**context)
        with Form(tickets) as form:
            form.subject = "On the phone"
        self.assertEqual(form.record.partner_id, self.contact_fr)
        self.assertEqual(form.record.channel, "staff")

    def test_all_views_load_for_the_least_of_the_staff(self) -> None:
        tickets = self.env[TICKET].with_user(self.hub_user)
        kinds = ("kanban", "list", "form", "activity", "pivot", "graph", "search")
        views = tickets.get_views([(False, kind) for kind in kinds])["views"]
        self.assertEqual(set(views), set(kinds))

    def test_the_page_of_a_client_hides_tickets_from_others(self) -> None:
        form = self.env["res.partner"].with_user(self.clerk).get_view(view_type="form")
        self.assertNotIn("client_tickets", form["arch"])
        form = (
            self.env["res.partner"].with_user(self.hub_user).get_view(view_type="form")
        )
        self.assertIn("client_tickets", form["arch"])

    def test_what_a_client_wrote_is_not_given_to_another(self) -> None:
        ticket = self.ticket.with_user(self.hub_user)
        with self.assertRaises(UserError):
            ticket.partner_id = self.contact_de
        self.assertEqual(ticket.partner_id, self.contact_fr)
        ticket.partner_id = self.colleague_fr

    def test_followers_of_the_former_client_do_not_stay(self) -> None:
        ticket = self._create_ticket(description=False)
        ticket.message_subscribe(self.colleague_fr.ids)
        ticket.with_user(self.hub_user).partner_id = self.contact_de
        self.assertNotIn(self.colleague_fr, ticket.message_partner_ids)
        self.assertIn(self.contact_de, ticket.message_partner_ids)

    def test_a_card_can_be_moved_to_another_state(self) -> None:
        self.assertFalse(self.env[TICKET]._fields["state"].readonly)
        groups = (
            self.env[TICKET]
            .with_user(self.hub_user)
            ._read_group([("id", "=", self.ticket.id)], ["state"], ["__count"])
        )
        self.assertEqual([state for state, _count in groups], ["new"])
        self.ticket.with_user(self.hub_user).state = "closed"
        self.assertTrue(self.ticket.closed_at)

    def test_others_see_no_tickets(self) -> None:
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.clerk).read(["subject"])

    def test_tags_are_staff_s_own(self) -> None:
        tags = self.env["client.hub.ticket.tag"]
        tag = tags.with_user(self.hub_user).create({"name": "Shipping"})
        self.ticket.with_user(self.hub_user).tag_ids = tag
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.portal_user).read(["tag_ids"])
        with self.assertRaises(AccessError):
            tag.with_user(self.portal_user).read(["name"])
        with self.assertRaises(AccessError):
            tag.with_user(self.hub_user).unlink()
