from __future__ import annotations

from typing import Any

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from .client_360_common import Client360Common


@tagged("post_install", "-at_install")
class TestClient360Companies(Client360Common):
    """Each company sees its own figures, in its currency and on its own day."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        cls.data_2 = cls.setup_other_company(
            name="Company in Euro", currency_id=cls.euro.id
        )
        cls.company_2 = cls.data_2["company"]
        cls.client_2 = cls.client.with_company(cls.company_2)

    def _bill_in_2(self, amount: float, due: int = 0) -> Any:
        journal = self.data_2["default_journal_sale"]
        return self._bill(amount, due, journal_id=journal.id, currency_id=self.euro.id)

    def test_documents_of_another_company_do_not_count(self) -> None:
        self._bill(100.0, due=-5)
        self._bill_in_2(7.0, due=5)
        self.assertFigures(invoiced=100.0, outstanding=100.0, overdue=100.0)
        self.assertFigures(self.client_2, invoiced=7.0, outstanding=7.0)

    def test_money_of_another_company_does_not_count(self) -> None:
        self._prepay(70.0)
        bank = self.data_2["default_journal_bank"]
        self._pay(self._bill_in_2(7.0), 5.0, journal_id=bank.id)
        self.assertFigures(paid=70.0, unapplied=70.0)
        self.assertFigures(self.client_2, invoiced=7.0, paid=5.0, outstanding=2.0)

    def test_client_known_to_another_company_only_is_new(self) -> None:
        self._bill_in_2(7.0, due=-5)
        self.assertFigures()
        self.assertEqual(self.client.client_standing, "new")
        self.assertEqual(self.client_2.client_standing, "overdue")

    def test_figures_are_in_the_currency_of_the_company(self) -> None:
        self.assertNotEqual(self.env.company.currency_id, self.euro)
        self.assertEqual(self.client.client_currency_id, self.env.company.currency_id)
        self.assertEqual(self.client_2.client_currency_id, self.euro)
        groups = self.client_2._read_group(
            [("id", "=", self.client.id)], ["client_currency_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.euro, 1)])

    def test_rows_of_another_company_are_hidden(self) -> None:
        self._bill_in_2(7.0)
        self._prepay(5.0, journal_id=self.data_2["default_journal_bank"].id)
        mine = [("client_id", "=", self.client.id)]
        only, both = self.env.company, self.env.company + self.company_2
        for model in ("client.hub.open.item", "client.hub.money.received"):
            for companies, count in ((only, 0), (both, 1)):
                rows = self.env[model].with_context(allowed_company_ids=companies.ids)
                self.assertEqual(rows.search_count(mine), count)

    # ------------------------------------------------------------------- branches

    def test_branches_count_for_their_company(self) -> None:
        branch = self._create_branch()
        self._bill(100.0, due=-5)
        invoice = self._bill(20.0, due=-5, company_id=branch.id)
        self.assertEqual(invoice.company_id, branch)
        self.assertFigures(invoiced=120.0, outstanding=120.0, overdue=120.0)

    def test_branch_sees_its_own_figures_only(self) -> None:
        branch = self._create_branch()
        self._bill(100.0, due=-5)
        self._bill(20.0, due=-5, company_id=branch.id)
        client = self.client.with_company(branch)
        self.assertFigures(client, invoiced=20.0, outstanding=20.0, overdue=20.0)

    def test_payment_of_a_branch(self) -> None:
        branch = self._create_branch()
        invoice = self._bill(20.0, due=-5, company_id=branch.id)
        payment = self._pay(invoice, 15.0)
        self.assertEqual(payment.company_id, branch)
        self.assertFigures(invoiced=20.0, paid=15.0, outstanding=5.0, overdue=5.0)

    def _create_branch(self) -> Any:
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.env.company.id}
        )
        self.env.user.company_ids = [Command.link(branch.id)]
        self.cr.precommit.run()  # lets the branch share the chart of accounts
        return branch

    # ---------------------------------------------------------------------- today

    def test_today_is_the_companys_own_date(self) -> None:
        cases = (
            ("Asia/Tokyo", "2024-06-15 14:59:59", "2024-06-15"),
            ("Asia/Tokyo", "2024-06-15 15:00:00", "2024-06-16"),
            ("America/Los_Angeles", "2024-06-16 06:59:59", "2024-06-15"),
            ("America/Los_Angeles", "2024-06-16 07:00:00", "2024-06-16"),
            (False, "2024-06-15 23:59:59", "2024-06-15"),
            (False, "2024-06-16 00:00:00", "2024-06-16"),
        )
        figures = self.env["client.hub.figure"]
        for timezone, moment, day in cases:
            with self.subTest(timezone=timezone, moment=moment):
                self.env.company.partner_id.tz = timezone
                with freeze_time(moment):
                    self.assertEqual(figures._get_today(), fields.Date.to_date(day))

    def test_time_zone_of_the_user_does_not_matter(self) -> None:
        self.env.company.partner_id.tz = "Asia/Tokyo"
        self._bill(100.0, due=0)
        for timezone in ("America/Los_Angeles", "Asia/Tokyo", False):
            client = self.client.with_context(tz=timezone)
            with freeze_time("2024-06-15 14:59:59"):
                self.assertEqual(self._get_overdue(client), 0.0)
            with freeze_time("2024-06-15 15:00:00"):
                self.assertEqual(self._get_overdue(client), 100.0)

    def _get_overdue(self, client: Any) -> float:
        """Return what is overdue, which the database must find as well."""
        client.invalidate_recordset()
        overdue = client.client_overdue
        is_late = [("id", "=", client.id), ("client_overdue", ">", 0)]
        self.assertEqual(client.search_count(is_late), int(overdue > 0))
        return overdue

    # ------------------------------------------------------------ several currencies

    def test_documents_in_several_currencies_add_up_in_company_currency(self) -> None:
        self._bill(100.0, due=-5)
        self._bill(100.0, due=-5, currency_id=self.euro.id)
        self._credit(10.0, due=-5, currency_id=self.euro.id)
        self.assertFigures(invoiced=145.0, outstanding=145.0, overdue=145.0)

    def test_open_items_show_the_amount_in_their_currency(self) -> None:
        self._bill(100.0, due=-5, currency_id=self.euro.id)
        item = self._get_items(self.client)
        self.assertEqual((item.amount, item.amount_in_currency), (50.0, 100.0))
        self.assertEqual(item.currency_id, self.euro)
        self.assertEqual(item.company_currency_id, self.env.company.currency_id)
