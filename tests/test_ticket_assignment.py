from __future__ import annotations

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketAssignment(TicketCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.second = cls._create_staff("tk_second", "client_hub.group_user")
        # sudo: what the tests prepare is not about rights.
        cls.members = cls.env["client.hub.ticket.member"].sudo()
        cls.company.sudo().client_hub_ticket_member_ids = [
            Command.clear(),
            Command.create({"user_id": cls.hub_user.id, "sequence": 1}),
            Command.create({"user_id": cls.second.id, "sequence": 2}),
        ]

    def _assign(self, way: str) -> None:
        self.company.sudo().client_hub_ticket_assignment = way

    def test_by_hand_nobody_is_responsible(self) -> None:
        self._assign("none")
        self.assertFalse(self._create_ticket().user_id)

    def test_in_turn(self) -> None:
        self._assign("turn")
        users = [self._create_ticket().user_id for _number in range(4)]
        self.assertEqual(
            users, [self.hub_user, self.second, self.hub_user, self.second]
        )

    def test_the_turn_passes_over_who_left(self) -> None:
        self._assign("turn")
        self.hub_user.sudo().active = False
        tickets = self.tickets.create([{"subject": "One"}, {"subject": "Two"}])
        self.assertEqual(tickets.user_id, self.second)

    def test_without_a_team_nobody_is_responsible(self) -> None:
        self._assign("turn")
        self.members.search([]).unlink()
        self.assertFalse(self._create_ticket().user_id)

    def test_the_salesperson_comes_first(self) -> None:
        self._assign("salesperson")
        self.client_fr.sudo().user_id = self.second
        self.assertEqual(self._create_ticket().user_id, self.second)
        self.assertEqual(self._create_ticket(self.contact_de).user_id, self.hub_user)

    def test_a_salesperson_who_sees_no_tickets_is_passed_over(self) -> None:
        self._assign("salesperson")
        self.client_fr.sudo().user_id = self.clerk
        self.assertEqual(self._create_ticket().user_id, self.hub_user)

    def test_whoever_is_chosen_by_hand_stays(self) -> None:
        self._assign("turn")
        ticket = self._create_ticket(user_id=self.second.id)
        self.assertEqual(ticket.user_id, self.second)
        self.assertFalse(any(self.members.search([]).mapped("turn")))

    def test_two_tickets_at_once_get_different_members(self) -> None:
        members = self.members.search([("company_id", "=", self.company.id)])
        first = members.sorted("sequence")[0]
        self.env.cr.execute(
            "SELECT 1 FROM client_hub_ticket_member WHERE id = %s FOR UPDATE",
            [first.id],
        )
        # The lock is this transaction's own: it may be taken again.
        self.assertEqual(self.members._take_turn(self.company), self.hub_user)
        self.assertEqual(self.members._take_turn(self.company), self.second)

    def test_staff_take_a_ticket(self) -> None:
        ticket = self._create_ticket()
        ticket.with_user(self.second).action_assign_to_me()
        self.assertEqual(ticket.user_id, self.second)

    def test_a_client_is_never_responsible(self) -> None:
        with self.assertRaises(ValidationError):
            self.members.create(
                {"company_id": self.company.id, "user_id": self.portal_user.id}
            )
        self.company.sudo().client_hub_ticket_assignment = "none"
        with self.assertRaises(ValidationError):
            self.ticket.user_id = self.portal_user

    def test_only_managers_change_the_team(self) -> None:
        member = self.members.search([], limit=1)
        with self.assertRaises(AccessError):
            member.with_user(self.hub_user).unlink()
        with self.assertRaises(AccessError):
            member.with_user(self.portal_user).read(["user_id"])
        member.with_user(self.hub_manager).sequence = 5
