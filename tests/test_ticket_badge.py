from __future__ import annotations

import json
from typing import Any

from odoo import SUPERUSER_ID, Command
from odoo.tests import tagged

from ..models.ticket_badge import CHANGED
from .ticket_common import TICKET, TicketCommon


@tagged("post_install", "-at_install")
class TestTicketBadge(TicketCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.second = cls._create_staff("tk_second", "client_hub.group_user")
        # sudo: what the tests prepare is not about rights.
        cls.company.sudo().client_hub_ticket_member_ids = [
            Command.clear(),
            Command.create({"user_id": cls.hub_user.id}),
        ]

    def _count(self, user: Any) -> int | bool:
        return self.env[TICKET].with_user(user).get_waiting_count()

    def _told(self) -> set[int]:
        """Return the contacts whose windows are told, and forget it."""
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].sudo().search([("message", "like", CHANGED)])
        channels = [json.loads(channel) for channel in sent.mapped("channel")]
        sent.unlink()
        return {channel[-1] for channel in channels}

    def test_own_and_unassigned_tickets_count_while_it_is_our_turn(self) -> None:
        before = self._count(self.hub_user)
        ticket = self._create_ticket()
        self.assertEqual(self._count(self.hub_user), before + 1)
        ticket.user_id = self.second
        self.assertEqual(self._count(self.hub_user), before)
        self.assertGreater(self._count(self.second), 0)
        ticket.user_id = self.hub_user
        self._answer(ticket)
        self.assertEqual(self._count(self.hub_user), before)
        ticket.with_user(self.hub_user).action_close()
        ticket.with_user(self.hub_user).action_reopen()
        self.assertEqual(self._count(self.hub_user), before + 1)

    def test_others_have_no_badge(self) -> None:
        self.assertIs(self._count(self.clerk), False)
        self.assertIs(self._count(self.portal_user), False)

    def test_all_who_may_take_it_are_told_of_a_ticket_without_responsible(self) -> None:
        self._told()
        self._create_ticket()
        told = self._told()
        for user in (self.hub_user, self.second, self.hub_manager):
            self.assertIn(user.partner_id.id, told)
        for user in (self.clerk, self.portal_user):
            self.assertNotIn(user.partner_id.id, told)

    def test_the_team_is_notified_of_a_new_ticket(self) -> None:
        ticket = self.tickets.with_user(SUPERUSER_ID).create(
            {
                "subject": "New",
                "partner_id": self.contact_fr.id,
                "channel": "portal",
                "company_id": self.company.id,
            }
        )
        messages = self.env["mail.message"].sudo()
        notice = messages.search(
            [
                ("model", "=", TICKET),
                ("res_id", "=", ticket.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(notice.notified_partner_ids, self.hub_user.partner_id)

    def test_only_the_responsible_is_told_of_theirs(self) -> None:
        self.ticket.user_id = self.second
        self._told()
        self._answer(self.ticket)
        self.assertEqual(self._told(), {self.second.partner_id.id})

    def test_the_former_responsible_is_told(self) -> None:
        self.ticket.user_id = self.second
        self._told()
        self.ticket.user_id = self.hub_user
        expected = (self.second + self.hub_user).partner_id
        self.assertEqual(self._told(), set(expected.ids))

    def test_nobody_is_told_of_other_changes(self) -> None:
        self._told()
        self.ticket.subject = "Another"
        self.assertEqual(self._told(), set())

    def test_a_client_s_answer_is_told_without_rights_of_theirs(self) -> None:
        self._answer(self.ticket)
        self.ticket.user_id = self.hub_user
        self._told()
        self.ticket.with_user(self.portal_user).sudo().message_post(
            author_id=self.contact_fr.id,
            body="Thanks, but no.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._told(), {self.hub_user.partner_id.id})
