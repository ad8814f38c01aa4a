from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged

from ..models.statement_mail import ClientHubStatementMail

MAIL = "client.hub.statement.mail"


@tagged("post_install", "-at_install")
class TestStatementRace(TransactionCase):
    """Two workers at the statements of one run, each with a transaction of its own."""

    def setUp(self) -> None:
        super().setUp()
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            clients = env["res.partner"].create(
                [{"name": f"Raced {number}", "is_company": True} for number in range(3)]
            )
            today = env["client.hub.figure"]._get_today()
            run = env["client.hub.statement.run"].create(
                {"company_id": env.company.id, "date_to": today}
            )
            run._add(clients.ids)
            self.client_ids, self.run_id = clients.ids, run.id
            self.line_ids = run.line_ids.sorted("id").ids
        self.addCleanup(self._delete)

    def _delete(self) -> None:
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            env["client.hub.statement.run"].browse(self.run_id).unlink()
            env["res.partner"].browse(self.client_ids).unlink()

    def _env(self, cursor: Any) -> api.Environment:
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _send_waiting(self) -> None:
        send_once, tried = ClientHubStatementMail._send_once, []

        def count(line: Any) -> bool:
            tried.append(line.id)
            self.assertEqual(len(tried), len(set(tried)), "It tries one for ever")
            return send_once(line)

        with (
            self.registry.cursor() as cursor,
            patch.object(ClientHubStatementMail, "_send_once", count),
        ):
            self._env(cursor)[MAIL]._send_waiting()
            cursor.rollback()  # it has committed; only the mail queue is triggered

    def _states(self) -> list[str]:
        with self.registry.cursor() as cursor:
            return self._env(cursor)[MAIL].browse(self.line_ids).mapped("state")

    def test_what_another_worker_is_busy_with_is_passed_over(self) -> None:
        for position in (0, 2):
            with self.subTest(position), self.registry.cursor() as busy:
                line = self._env(busy)[MAIL].browse(self.line_ids[position])
                self.assertTrue(line.try_lock_for_update())
                self._send_waiting()
                expected = ["skipped"] * 3
                expected[position] = "waiting"
                self.assertEqual(self._states(), expected)
                self._wait_again(busy)

    def _wait_again(self, busy: Any) -> None:
        busy.rollback()
        lines = self._env(busy)[MAIL].browse(self.line_ids)
        lines.write({"state": "waiting"})

    def test_what_was_passed_over_is_sent_by_the_next_run(self) -> None:
        with self.registry.cursor() as busy:
            self._env(busy)[MAIL].browse(self.line_ids[1]).try_lock_for_update()
            self._send_waiting()
        self.assertEqual(self._states(), ["skipped", "waiting", "skipped"])
        self._send_waiting()
        self.assertEqual(self._states(), ["skipped"] * 3)

    def test_progress_counts_only_what_was_done(self) -> None:
        with self.registry.cursor() as busy, self.registry.cursor() as cursor:
            self._env(busy)[MAIL].browse(self.line_ids[0]).try_lock_for_update()
            lines = self._env(cursor)[MAIL].browse(self.line_ids)
            done = [line._send_once() for line in lines]
            cursor.rollback()
        self.assertEqual(done, [False, True, True])
