from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL

from .client_360_common import BANDS, NAMES, Client360Common

FIGURES = (*NAMES.values(), *BANDS)


@tagged("post_install", "-at_install")
class TestClient360Read(Client360Common):
    """A page of the list of clients: the figures of many at a time, and quickly."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.second = cls._create_client("Second Workshop")
        cls.idle = cls._create_client("Idle Workshop")
        cls._bill(100.0, due=-5)
        cls._bill(40.0, due=5)
        cls._pay(cls._bill(7.0, partner_id=cls.second.id))
        cls._prepay(30.0, partner_id=cls.second.id)
        cls.rows = cls.client + cls.contact + cls.second + cls.idle
        cls.env.flush_all()
        cls.hub_user = cls._create_user("hub_user", "client_hub.group_user")
        cls.plain = cls._create_user("hub_plain", "base.group_user")

    @classmethod
    def _create_user(cls, login: str, groups: str) -> Any:
        return new_test_user(cls.env, login, groups, company_id=cls.env.company.id)

    def _as(self, user: Any) -> Any:
        self.env.invalidate_all()
        return self.rows.with_user(user).with_context(
            allowed_company_ids=self.env.company.ids
        )

    def _read(self, rows: Any) -> list[dict[str, Any]]:
        """Return what the list in the browser gets."""
        return rows.web_read({name: {} for name in ("name", *FIGURES)})

    # ------------------------------------------------------------------ values

    def test_a_list_reads_what_each_form_reads(self) -> None:
        listed = self._read(self._as(self.hub_user))
        self.assertEqual([row["id"] for row in listed], self.rows.ids)
        for row, client in zip(listed, self._as(self.hub_user), strict=True):
            with self.subTest(client.name):
                self.assertEqual([row], self._read(client))
                for name in FIGURES:
                    self.assertEqual(row[name], client[name], name)
        self.assertEqual(listed[0]["client_outstanding"], 140.0)
        self.assertEqual(listed[1]["client_overdue"], 100.0)
        self.assertEqual(listed[2]["client_total_paid"], 37.0)
        self.assertEqual(listed[2]["client_standing"], "credit")
        self.assertEqual(listed[3]["client_total_paid"], 0.0)
        self.assertEqual(listed[3]["client_standing"], "new")

    def test_a_list_follows_what_is_booked_at_once(self) -> None:
        self._read(self.rows)
        self._bill(11.0, due=-1, partner_id=self.idle.id)
        self.env.invalidate_all()
        self.assertEqual(self._read(self.rows)[3]["client_overdue"], 11.0)

    def test_figures_alone_are_read(self) -> None:
        [first, *_others] = self.rows.read(["client_overdue"], load=None)
        self.assertEqual(first, {"id": self.client.id, "client_overdue": 100.0})

    def test_a_client_that_was_deleted_is_left_out(self) -> None:
        self.idle.sudo().unlink()
        for names in (["client_overdue"], ["name", *FIGURES]):
            self.env.invalidate_all()
            listed = self.rows.read(names, load=None)
            self.assertEqual([row["id"] for row in listed], self.rows.ids[:3])

    def test_new_clients_have_nothing(self) -> None:
        new = self.partners.new({"name": "A"}) + self.partners.new({"name": "B"})
        for row in new._read_format(["client_overdue", "client_standing"], None):
            self.assertEqual(row["client_overdue"], 0.0)
            self.assertEqual(row["client_standing"], "new")

    def test_users_without_rights_read_no_figure_of_several(self) -> None:
        self.assertEqual(len(self._as(self.plain).read(["name"])), 4)
        for name in FIGURES:
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(self.plain).read(["name", name])
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(self.plain)._read_format([name])

    # ------------------------------------------------------------------ statement

    def _prepared(self) -> list[str]:
        self.env.cr.execute(
            "SELECT name FROM pg_prepared_statements WHERE name LIKE 'client_hub_%'"
        )
        return sorted(name for (name,) in self.env.cr.fetchall())

    def _overdue(self) -> list[float]:
        self.env.invalidate_all()
        return [row["client_overdue"] for row in self._read(self.rows)]

    def test_a_connection_prepares_the_statement_once(self) -> None:
        self.assertEqual(self._overdue(), [100.0, 100.0, 0.0, 0.0])
        prepared = self._prepared()
        self.assertTrue(prepared)
        for _time in range(7):  # the database may choose another plan at the sixth
            self.assertEqual(self._overdue(), [100.0, 100.0, 0.0, 0.0])
        self.assertEqual(self._prepared(), prepared)

    def test_a_connection_may_forget_the_statement(self) -> None:
        self._overdue()
        self.env.cr.execute("DEALLOCATE ALL")
        self.assertFalse(self._prepared())
        self.assertEqual(self._overdue(), [100.0, 100.0, 0.0, 0.0])
        self.assertTrue(self._prepared())

    def test_a_statement_outlives_what_is_rolled_back(self) -> None:
        self.env.cr.execute("DEALLOCATE ALL")
        savepoint = self.env.cr.savepoint()
        self._overdue()
        savepoint.close(rollback=True)
        self.assertEqual(self._overdue(), [100.0, 100.0, 0.0, 0.0])

    def test_a_replica_that_only_reads_prepares_it_too(self) -> None:
        self.env.cr.execute("DEALLOCATE ALL")
        savepoint = self.env.cr.savepoint()
        self.env.cr.execute("SET LOCAL transaction_read_only = on")
        self.assertEqual(self._overdue(), [100.0, 100.0, 0.0, 0.0])
        savepoint.close(rollback=True)

    def test_the_same_statement_serves_another_day(self) -> None:
        self._overdue()
        prepared = self._prepared()
        with freeze_time("2024-06-25 12:00:00"):
            self.assertEqual(self._overdue(), [140.0, 140.0, 0.0, 0.0])
        self.assertEqual(self._prepared(), prepared)

    def test_per_cents_in_a_query_are_no_places_of_values(self) -> None:
        figures = self.env["client.hub.figure"]
        query = SQL("SELECT unnest($1), %s WHERE ($2, $3) IS NOT NULL", "5 %s")
        self.registry.clear_cache()
        self.addCleanup(self.registry.clear_cache)
        with patch.object(type(figures), "_get_read_query", lambda _self: query):
            found = figures._read(self.client.ids)
        self.assertEqual(found, {self.client.id: ("5 %s",)})

    def test_currencies_without_cents_have_a_statement_of_their_own(self) -> None:
        figures = self.env["client.hub.figure"]
        cents = figures._get_statement(True, True)
        self.assertEqual(figures._get_statement(True, True), cents)
        self.assertNotEqual(figures._get_statement(False, True), cents)
        yen = {"name": "Tokyo", "currency_id": self.env.ref("base.JPY").id}
        tokyo = self.env["res.company"].sudo().create(yen)
        without = figures.sudo().with_company(tokyo)._get_statement(True, True)
        self.assertNotEqual(without, cents)

    def test_a_list_takes_three_queries_whatever_its_length(self) -> None:
        for rows in (self.client + self.second, self.rows):
            self._read(rows)  # a first time, to prepare
            self.env.invalidate_all()
            rows.mapped("commercial_partner_id.name")
            self.env.company.currency_id.mapped("rounding")
            before = self.env.cr.sql_log_count
            self._read(rows)
            self.assertLessEqual(self.env.cr.sql_log_count - before, 3)
