from __future__ import annotations

from typing import Any

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged

MEMBER = "client.hub.ticket.member"


@tagged("post_install", "-at_install")
class TestTicketTurns(TransactionCase):
    """Two questions at once, each in a transaction of its own."""

    def setUp(self) -> None:
        super().setUp()
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            self.company_id = env.ref("base.main_company").id
            # Past the ORM: whatever groups the users of this database have.
            cursor.execute(
                "INSERT INTO client_hub_ticket_member"
                " (company_id, user_id, sequence, turn)"
                " SELECT %s, id, 1, 0 FROM res_users WHERE active AND NOT share"
                " AND id IN (SELECT user_id FROM res_company_users_rel WHERE cid = %s)"
                " ORDER BY id LIMIT 2 RETURNING id",
                [self.company_id, self.company_id],
            )
            self.member_ids = [row[0] for row in cursor.fetchall()]
        self.addCleanup(self._delete)
        self.assertEqual(len(self.member_ids), 2)

    def _delete(self) -> None:
        with self.registry.cursor() as cursor:
            self._env(cursor)[MEMBER].browse(self.member_ids).unlink()

    def _env(self, cursor: Any) -> api.Environment:
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _take_turn(self, cursor: Any) -> Any:
        env = self._env(cursor)
        company = env["res.company"].browse(self.company_id)
        return env[MEMBER]._take_turn(company).id

    def test_two_at_once_get_different_members(self) -> None:
        with self.registry.cursor() as one, self.registry.cursor() as other:
            first, second = self._take_turn(one), self._take_turn(other)
            self.assertTrue(first and second)
            self.assertNotEqual(first, second)
            one.rollback()
            other.rollback()

    def test_nobody_waits_when_all_members_are_taken(self) -> None:
        cursors = [self.registry.cursor() for _number in range(3)]
        try:
            taken = [self._take_turn(cursor) for cursor in cursors]
            self.assertTrue(all(taken))
        finally:
            for cursor in cursors:
                cursor.rollback()
                cursor.close()
