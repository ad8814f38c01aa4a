from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .client_360_common import Client360Common


@tagged("post_install", "-at_install")
class TestClient360Clients(Client360Common):
    """The figures follow a client who is merged or moved."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.second = cls._create_client("Second Workshop")

    def _trade(self, client: Any, amount: float) -> None:
        """Invoice a client, be paid a part by bank and a prepayment beside."""
        invoice = self._bill(amount, due=-5, partner_id=client.id)
        self._bank_line(30.0, (invoice, 30.0), partner_id=client.id)
        self._prepay(5.0, partner_id=client.id)

    def test_contacts_add_nothing_to_totals(self) -> None:
        self._trade(self.client, 100.0)
        family = [("id", "child_of", self.client.id)]
        self.assertEqual(self.partners.search_count(family), 2)
        self.assertEqual(self.contact.client_outstanding, 70.0)
        [[total, count]] = self.partners._read_group(
            family, [], ["client_outstanding:sum", "client_outstanding:count"]
        )
        self.assertEqual((total, count), (70.0, 1))

    def test_contacts_are_in_no_group_and_no_ranking(self) -> None:
        self._trade(self.client, 100.0)
        family = [("id", "child_of", self.client.id)]
        by_standing = ["client_standing"]
        groups = self.partners._read_group(family, by_standing, ["id:recordset"])
        self.assertIn(("overdue", self.client), groups)
        self.assertIn((False, self.contact), groups)
        ranking = self.partners.search([*family, ("client_overdue", ">=", 0)])
        self.assertEqual(ranking, self.client)

    def test_merged_client_hands_its_figures_over(self) -> None:
        self._trade(self.client, 100.0)
        self._trade(self.second, 1000.0)
        self._merge(self.client, self.second)
        self.assertFigures(
            invoiced=1100.0,
            paid=70.0,
            outstanding=1040.0,
            overdue=1040.0,
            unapplied=10.0,
        )

    def _merge(self, kept: Any, merged: Any) -> None:
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((kept + merged).ids, kept)
        self.env.invalidate_all()
        self.assertFalse(merged.exists())

    def test_contact_moved_under_a_company_brings_its_figures(self) -> None:
        person = self._create_partner(name="Self-Employed")
        self._trade(self.client, 100.0)
        self._trade(person, 1000.0)
        self.assertFigures(
            person,
            invoiced=1000.0,
            paid=35.0,
            outstanding=970.0,
            overdue=970.0,
            unapplied=5.0,
        )
        person.parent_id = self.client
        self.assertFigures(
            invoiced=1100.0,
            paid=70.0,
            outstanding=1040.0,
            overdue=1040.0,
            unapplied=10.0,
        )

    def test_contact_moved_to_another_company_takes_its_own_along(self) -> None:
        self._trade(self.client, 100.0)
        self._bill(40.0, due=5, partner_id=self.contact.id)
        self.contact.parent_id = self.second
        self.assertFigures(self.second)
        self.assertFigures(
            invoiced=140.0, paid=35.0, outstanding=110.0, overdue=70.0, unapplied=5.0
        )

    def test_archived_client_keeps_its_figures(self) -> None:
        self._trade(self.client, 100.0)
        (self.contact + self.client).action_archive()
        self.assertEqual(self.client.client_total_paid, 35.0)
        self.assertEqual(self.client.client_overdue, 70.0)
