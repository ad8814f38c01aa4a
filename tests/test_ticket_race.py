from __future__ import annotations

from typing import Any

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import TransactionCase, tagged

TICKET = "client.hub.ticket"


@tagged("post_install", "-at_install")
class TestTicketRace(TransactionCase):
    """Two questions at once, each in a transaction of its own."""

    def setUp(self) -> None:
        super().setUp()
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            company = env["res.company"].create(
                {"name": "Raced", "client_hub_ticket_assignment": "turn"}
            )
            users = env["res.users"].create(
                [self._get_user_vals(env, company, number) for number in range(2)]
            )
            company.client_hub_ticket_member_ids = [
                Command.create({"user_id": user.id, "sequence": number})
                for number, user in enumerate(users)
            ]
            self.company_id, self.user_ids = company.id, users.ids
        self.addCleanup(self._retire)

    def _get_user_vals(self, env: Any, company: Any, number: int) -> dict[str, Any]:
        login = f"raced_{company.id}_{number}"
        return {
            "name": login,
            "login": login,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref("client_hub.group_user").id)],
        }

    def _retire(self) -> None:
        """Leave nothing in the way of other tests; companies cannot be deleted."""
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            env[TICKET].search([("company_id", "=", self.company_id)]).unlink()
            company = env["res.company"].browse(self.company_id)
            company.client_hub_ticket_member_ids.unlink()
            env["res.users"].browse(self.user_ids).active = False
            company.active = False

    def _env(self, cursor: Any) -> api.Environment:
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _open(self, cursor: Any) -> int:
        ticket = self._env(cursor)[TICKET].create(
            {"subject": "Raced", "company_id": self.company_id}
        )
        ticket.flush_recordset()
        return ticket.user_id.id

    def test_two_questions_at_once_get_different_members(self) -> None:
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertEqual([self._open(first), self._open(second)], self.user_ids)

    def test_nobody_waits_when_all_members_are_taken(self) -> None:
        cursors = [self.registry.cursor() for _number in range(3)]
        try:
            cursors[2].execute("SET LOCAL lock_timeout = '300ms'")
            users = [self._open(cursor) for cursor in cursors]
        finally:
            for cursor in cursors:
                cursor.rollback()
                cursor.close()
        self.assertEqual(users, [*self.user_ids, self.user_ids[0]])

    def test_the_turn_goes_on_after_both_are_done(self) -> None:
        for expected in (*self.user_ids, *self.user_ids):
            with self.registry.cursor() as cursor:
                self.assertEqual(self._open(cursor), expected)
