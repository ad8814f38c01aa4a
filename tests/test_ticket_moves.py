from __future__ import annotations

from typing import Any

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketMoves(TicketCommon):
    """Tickets stay with their client for good."""

    def _find(self, user: Any, ticket: Any) -> Any:
        return self._as(user, self.tickets).search([("id", "=", ticket.id)])

    def _merge(self, source: Any, kept: Any) -> None:
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((source | kept).ids, kept)
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    # ------------------------------------------------------------------- moves

    def test_a_contact_who_moves_leaves_the_tickets(self) -> None:
        self._answer(self.ticket)
        self.ticket.message_subscribe(self.colleague_fr.ids)
        self.contact_fr.parent_id = self.client_de
        self.assertEqual(self.ticket.commercial_partner_id, self.client_fr)
        self.assertEqual(self.ticket.partner_id, self.client_fr)
        self.assertEqual(
            self.ticket.message_partner_ids,
            self.client_fr | self.colleague_fr | self.hub_user.partner_id,
        )
        self.assertFalse(self._find(self.portal_user, self.ticket))
        self.assertFalse(self._find(self.stranger, self.ticket))
        self.assertTrue(self._find(self.colleague, self.ticket))
        self.assertEqual(len(self._talk(self.ticket)), 2)

    def test_followers_who_move_get_no_more_answers(self) -> None:
        self.ticket.message_subscribe((self.colleague_fr | self.contact_de).ids)
        self.colleague_fr.parent_id = self.client_de
        self.assertNotIn(self.colleague_fr, self.ticket.message_partner_ids)
        # Who was never of this client was added on purpose.
        self.assertIn(self.contact_de, self.ticket.message_partner_ids)
        self.assertEqual(self.ticket.partner_id, self.contact_fr)

    def test_a_person_who_becomes_a_contact_brings_the_tickets(self) -> None:
        person = self._create_partner(name="Jeanne", email="jeanne@example.com")
        ticket = self._create_ticket(person)
        self.assertEqual(ticket.commercial_partner_id, person)
        person.parent_id = self.client_de
        self.assertEqual(ticket.commercial_partner_id, self.client_de)
        self.assertEqual(ticket.partner_id, person)
        self.assertIn(person, ticket.message_partner_ids)

    def test_a_company_that_joins_a_group_keeps_its_tickets(self) -> None:
        self.client_fr.parent_id = self.client_de
        self.assertEqual(self.ticket.commercial_partner_id, self.client_fr)
        self.assertEqual(self.ticket.partner_id, self.contact_fr)

    def test_a_company_that_is_none_any_more_takes_them_along(self) -> None:
        self.client_fr.parent_id = self.client_de
        self.client_fr.is_company = False
        self.assertEqual(self.contact_fr.commercial_partner_id, self.client_de)
        self.assertEqual(self.ticket.commercial_partner_id, self.client_de)
        self.assertEqual(self.ticket.partner_id, self.contact_fr)

    def test_whoever_moves_a_contact_need_not_see_tickets(self) -> None:
        clerk = self._create_staff(
            "tk_partners", "base.group_user,base.group_partner_manager"
        )
        self._as(clerk, self.contact_fr).parent_id = self.client_de.id
        self.assertEqual(self.ticket.partner_id, self.client_fr)

    def test_an_archived_contact_leaves_the_tickets_where_they_are(self) -> None:
        self.portal_user.active = False
        self.contact_fr.active = False
        self.assertEqual(self.ticket.partner_id, self.contact_fr)
        self.assertEqual(self.ticket.commercial_partner_id, self.client_fr)

    # ------------------------------------------------------------------ merges

    def test_merged_clients_have_the_tickets_of_both(self) -> None:
        double = self._create_client("Atelier du Quai SARL", "fr")
        office = self._create_partner(name="Bureau", parent_id=double.id)
        ticket = self._create_ticket(office)
        own = self._create_ticket(double)
        self._merge(double, self.client_fr)
        self.assertEqual((ticket | own).commercial_partner_id, self.client_fr)
        self.assertEqual(ticket.partner_id, office)
        self.assertEqual(own.partner_id, self.client_fr)
        self.assertEqual(self._as(self.hub_user, self.client_fr).client_ticket_count, 3)

    def test_merged_contacts_of_one_client(self) -> None:
        double = self._create_partner(name="Compta", parent_id=self.client_fr.id)
        ticket = self._create_ticket(double)
        self._merge(double, self.contact_fr)
        self.assertEqual(ticket.partner_id, self.contact_fr)
        self.assertEqual(ticket.commercial_partner_id, self.client_fr)
        self.assertIn(self.contact_fr, ticket.message_partner_ids)

    def test_a_contact_merged_into_one_of_another_client(self) -> None:
        double = self._create_partner(name="Compta", parent_id=self.client_fr.id)
        ticket = self._create_ticket(double)
        self._merge(double, self.contact_de)
        self.assertEqual(ticket.commercial_partner_id, self.client_fr)
        self.assertEqual(ticket.partner_id, self.client_fr)
        self.assertFalse(self._find(self.stranger, ticket))
        self.assertNotIn(self.contact_de, ticket.message_partner_ids)

    def test_a_person_merged_into_a_contact(self) -> None:
        person = self._create_partner(name="Comptable")
        ticket = self._create_ticket(person)
        self._merge(person, self.contact_fr)
        self.assertEqual(ticket.partner_id, self.contact_fr)
        self.assertEqual(ticket.commercial_partner_id, self.client_fr)

    def test_files_and_thread_survive_a_merge(self) -> None:
        self._answer(self.ticket, attachments=[("a.txt", b"a")])
        double = self._create_client("Atelier du Quai SARL", "fr")
        self._merge(self.client_fr, double)
        self.assertEqual(self.ticket.commercial_partner_id, double)
        self.assertEqual(self._talk(self.ticket)[-1].attachment_ids.raw, b"a")
        self.assertEqual(self.ticket.partner_id, self.contact_fr)
        self.assertTrue(self._find(self.portal_user, self.ticket))

    # ----------------------------------------------------------------- counting

    def test_the_client_counts_all_its_tickets(self) -> None:
        self._create_ticket(self.colleague_fr)
        self._create_ticket(self.client_fr)
        for partner in (self.client_fr, self.contact_fr):
            self.assertEqual(self._as(self.hub_user, partner).client_ticket_count, 3)
        client = self._as(self.hub_user, self.client_fr)
        self.assertEqual(len(client.client_ticket_ids), 3)
        none = self._as(self.hub_user, self.client_us)
        self.assertEqual(none.client_ticket_count, 0)

    def test_others_count_nothing(self) -> None:
        for user in (self.clerk, self.portal_user):
            for name in ("client_ticket_count", "client_ticket_ids"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self._as(user, self.client_fr).read([name])

    def test_queries_of_counts_do_not_grow(self) -> None:
        clients = self.client_fr | self.client_de | self.client_us | self.contact_fr
        few = self._as(self.hub_user, self.client_fr)
        many = self._as(self.hub_user, clients)
        few.mapped("client_ticket_count")
        for partners in (few, many):
            partners.invalidate_recordset()
            partners.mapped("commercial_partner_id.name")
            with self.assertQueryCount(1):
                partners.mapped("client_ticket_count")

    def test_a_client_with_tickets_is_not_deleted(self) -> None:
        person = self._create_partner(name="Jeanne")
        self._create_ticket(person)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            person.unlink()
