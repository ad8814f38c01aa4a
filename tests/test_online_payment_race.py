"""Two requests that want to pay the same documents at once."""

from __future__ import annotations

from typing import Any

import psycopg2

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestOnlinePaymentRace(TransactionCase):
    """Two workers, each with a transaction of its own."""

    def setUp(self) -> None:
        super().setUp()
        with self.registry.cursor() as cursor:
            env = self._env(cursor)
            account = env["account.account"].search(
                [("company_ids", "in", env.company.ids)], limit=1
            )
            line = Command.create({"account_id": account.id, "balance": 0.0})
            entry = env["account.move"].create(
                {"move_type": "entry", "line_ids": [line, line]}
            )
            self.entry_id = entry.id
        self.addCleanup(self._delete)

    def _delete(self) -> None:
        with self.registry.cursor() as cursor:
            self._env(cursor)["account.move"].browse(self.entry_id).unlink()

    def _env(self, cursor: Any) -> api.Environment:
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _lock(self, cursor: Any) -> None:
        env = self._env(cursor)
        lines = env["account.move"].browse(self.entry_id).line_ids
        env["client.hub.online.payment"]._lock(lines)

    def test_who_looked_before_another_paid_looks_again(self) -> None:
        """S19: it sees no page that the other one opened, and opens none."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # from here on it sees what is there now
            self._lock(first)
            first.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                self._lock(second)
            second.rollback()
            self._lock(second)
