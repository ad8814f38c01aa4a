from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.tests import tagged

from .client_360_common import BANDS, NAMES, Client360Common


@tagged("post_install", "-at_install")
class TestClient360Search(Client360Common):
    """The server finds, sorts, sums and groups clients by their figures."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.small = cls.client
        cls.big = cls._create_client("Big Workshop")
        cls.credited = cls._create_client("Credited Workshop")
        cls.idle = cls._create_client("Idle Workshop")
        cls.all = cls.small + cls.big + cls.credited + cls.idle
        cls.family = cls.all + cls.contact
        cls._bill(100.25, due=-5)
        cls._bill(900.0, due=-40, partner_id=cls.big.id)
        cls._bill(100.0, due=5, partner_id=cls.big.id)
        cls._prepay(70.0, partner_id=cls.credited.id)

    def _search(self, *domain: Any, order: str = "id") -> Any:
        mine = [("id", "in", self.family.ids), *domain]
        return self.partners.search(mine, order=order)

    # ------------------------------------------------------------------ searching

    def test_comparisons(self) -> None:
        cases = (
            (">", 100.25, self.big),
            (">=", 100.25, self.small + self.big),
            ("<", 100.25, self.credited + self.idle),
            ("<=", 100.25, self.small + self.credited + self.idle),
            ("=", 100.25, self.small),
            ("=", 0, self.credited + self.idle),
            ("!=", 100.25, self.big + self.credited + self.idle),
            ("!=", 0, self.small + self.big),
            ("in", [100.25, 1000], self.small + self.big),
            ("in", [0, 1000.0], self.big + self.credited + self.idle),
            ("not in", [100.25, 0], self.big),
            ("=", False, self.credited + self.idle),
            ("!=", False, self.small + self.big),
        )
        for operator, value, expected in cases:
            with self.subTest(operator=operator, value=value):
                condition = ("client_outstanding", operator, value)
                self.assertEqual(self._search(condition), expected)
                filtered = self.all.filtered_domain([condition])
                self.assertEqual(filtered, expected, "filtered_domain")

    def test_range(self) -> None:
        low, high = ("client_outstanding", ">", 100), ("client_outstanding", "<", 1000)
        self.assertEqual(self._search(low, high), self.small)

    def test_two_figures_at_once(self) -> None:
        domain = ["|", ("client_overdue", ">=", 900), ("client_unapplied", ">", 0)]
        self.assertEqual(self._search(*domain), self.big + self.credited)

    def test_negation_finds_clients_only(self) -> None:
        """Neither a filter nor its negation ever finds a contact."""
        condition = ("client_outstanding", ">", 100.25)
        self.assertEqual(self._search(condition), self.big)
        self.assertEqual(
            self._search("!", condition), self.small + self.credited + self.idle
        )

    def test_every_figure_finds_what_it_shows(self) -> None:
        for name in (*NAMES.values(), "client_not_due", "client_overdue_31_60"):
            with self.subTest(figure=name):
                above = self.all.filtered(lambda client, name=name: client[name] > 0)
                self.assertEqual(self._search((name, ">", 0)), above)
                self.assertTrue(above)

    def test_standing(self) -> None:
        expected = {
            "overdue": self.small + self.big,
            "credit": self.credited,
            "new": self.idle,
            "open": self.partners,
        }
        for standing, clients in expected.items():
            condition = ("client_standing", "=", standing)
            self.assertEqual(self._search(condition), clients)
            self.assertEqual(self.all.filtered_domain([condition]), clients)
        both = self._search(("client_standing", "in", ["credit", "new"]))
        self.assertEqual(both, self.credited + self.idle)
        others = self._search(("client_standing", "!=", "overdue"))
        self.assertEqual(others, self.credited + self.idle)

    def test_search_sees_what_is_not_written_yet(self) -> None:
        self.assertFalse(self._search(("client_outstanding", "=", 55)))
        self._bill(55.0, partner_id=self.idle.id)
        self.assertEqual(self._search(("client_outstanding", "=", 55)), self.idle)

    def test_path_to_the_client_of_a_document(self) -> None:
        mine = ("partner_id", "in", self.all.ids)
        late = ("partner_id.client_overdue", ">=", 900)
        moves = self.env["account.move"].search([mine, late])
        self.assertEqual(len(moves), 2)
        self.assertEqual(moves.partner_id, self.big)

    def test_nonsense_is_a_clear_error(self) -> None:
        cases = (
            (">", "much"),
            ("=", "100"),
            ("in", ["100", 5]),
            ("ilike", "1"),
            ("=like", "1%"),
            (">", [5]),
            ("=", True),
            (">", float("nan")),
            (">", None),
            ("<=", False),
            ("in", [float("nan")]),
            ("not in", [float("inf")]),
            ("in", [[5]]),
            ("in", [{"amount": 5}]),
            ("=", {"amount": 5}),
            (">", {"amount": 5}),
            (">", self.client),
        )
        for operator, value in cases:
            with self.subTest(operator=operator, value=value):
                with self.assertRaises(UserError) as caught:
                    self._search(("client_outstanding", operator, value))
                self.assertIn("Outstanding", str(caught.exception))

    def test_nonsense_standing_is_a_clear_error(self) -> None:
        for operator, value in (
            ("=", "excellent"),
            ("in", [["overdue"]]),
            ("!=", {"overdue": 1}),
            (">", "overdue"),
            ("=", 5),
            ("ilike", "over"),
        ):
            with self.subTest(operator=operator, value=value):
                with self.assertRaises(UserError) as caught:
                    self._search(("client_standing", operator, value))
                self.assertIn("Standing", str(caught.exception))

    def test_nonsense_by_way_of_a_document_is_a_clear_error(self) -> None:
        with self.assertRaises(UserError):
            self.env["account.move"].search([("partner_id.client_overdue", ">", "a")])

    def test_records_in_hand_are_compared_by_what_they_show(self) -> None:
        """A search finds clients only; a contact shows the figures of its company."""
        condition = ("client_outstanding", "=", 100.25)
        self.assertEqual(self._search(condition), self.small)
        self.assertEqual(self.contact.client_outstanding, 100.25)
        shown = self.family.filtered_domain([condition])
        self.assertEqual(shown, self.small + self.contact)

    # -------------------------------------------------------------------- sorting

    def test_sorting(self) -> None:
        clients = ("id", "in", self.all.ids)
        ordered = self._search(clients, order="client_overdue desc, id")
        expected = self.big + self.small + self.credited + self.idle
        self.assertEqual(ordered, expected)
        ordered = self._search(clients, order="client_overdue asc, id")
        expected = self.credited + self.idle + self.small + self.big
        self.assertEqual(ordered, expected)

    def test_contacts_come_last_when_the_best_come_first(self) -> None:
        ordered = self._search(order="client_outstanding desc nulls last, id")
        self.assertEqual(ordered[0], self.big)
        self.assertEqual(ordered[-1], self.contact)
        ordered = self._search(order="client_outstanding asc nulls last, id")
        self.assertEqual(ordered[-2:], self.big + self.contact)

    def test_sorting_page_by_page(self) -> None:
        order = "client_total_invoiced desc nulls last, id"
        mine = [("id", "in", self.family.ids)]
        pages = [
            self.partners.search(mine, order=order, limit=2, offset=offset)
            for offset in (0, 2, 4)
        ]
        self.assertEqual(pages[0], self.big + self.small)
        self.assertEqual(self.partners.union(*pages), self.family)

    # --------------------------------------------------------- totals and groups

    def test_totals_in_the_list(self) -> None:
        [totals] = self.partners.formatted_read_group(
            [("id", "in", self.family.ids)],
            aggregates=[f"{name}:sum" for name in NAMES.values()],
        )
        sums = {name: totals[f"{name}:sum"] for name in NAMES.values()}
        expected = {
            "client_total_invoiced": 1100.25,
            "client_total_paid": 70.0,
            "client_outstanding": 1100.25,
            "client_overdue": 1000.25,
            "client_unapplied": 70.0,
        }
        self.assertEqual(sums, expected)

    def test_groups_by_standing(self) -> None:
        result = self.partners.web_read_group(
            [("id", "in", self.all.ids)],
            ["client_standing"],
            ["client_outstanding:sum", "__count"],
        )
        found = {
            row["client_standing"]: (row["client_outstanding:sum"], row["__count"])
            for row in result["groups"]
        }
        expected = {"overdue": (1100.25, 2), "credit": (0.0, 1), "new": (0.0, 1)}
        self.assertEqual(found, expected)

    def test_groups_by_lifetime_value_and_by_age(self) -> None:
        """Bands are as each client shows them, and searched by the same names."""
        for name in BANDS:
            groups = self.partners._read_group(
                [("id", "in", self.family.ids)], [name], ["id:recordset"]
            )
            found = dict(groups)
            self.assertEqual(found.pop(False), self.contact)
            shown = {
                band: self.all.filtered(name).grouped(name)[band] for band in found
            }
            self.assertEqual(found, shown)
            for band, clients in found.items():
                with self.subTest(field=name, band=band):
                    self.assertEqual(self._search((name, "=", band)), clients)

    def test_opened_group_shows_its_clients(self) -> None:
        [group] = self.partners.formatted_read_group(
            [("id", "in", self.credited.ids)], ["client_standing"], ["__count"]
        )
        inside = self._search(*group["__extra_domain"])
        self.assertEqual(inside, self.credited)

    def test_filter_editor_offers_the_figures(self) -> None:
        described = self.partners.fields_get(
            [*NAMES.values(), "client_standing"],
            ["searchable", "sortable", "groupable", "aggregator", "type"],
        )
        for name in NAMES.values():
            self.assertEqual(described[name]["type"], "monetary")
            self.assertTrue(described[name]["searchable"])
            self.assertTrue(described[name]["sortable"])
            self.assertEqual(described[name]["aggregator"], "sum")
        self.assertTrue(described["client_standing"]["searchable"])
        self.assertTrue(described["client_standing"]["groupable"])

    # ---------------------------------------------------------------------- speed

    def test_figures_of_80_clients_take_three_queries(self) -> None:
        clients = self.partners.create([{"name": f"Client {n}"} for n in range(80)])
        for client in clients[:3]:
            self._bill(10.0, partner_id=client.id)
        self._assert_three_queries(clients)
        self._assert_three_queries(clients[:5])

    def test_figures_take_three_queries_when_a_draft_stays_matched(self) -> None:
        invoice = self._bill(10.0)
        self._pay(invoice)
        invoice.button_draft()
        self._assert_three_queries(self.client + self.contact)

    def test_describing_the_figures_takes_no_query(self) -> None:
        names = [*NAMES.values(), "client_standing", "client_currency_id"]
        self.partners.fields_get(names)
        with self.assertQueryCount(0):
            described = self.partners.fields_get(names)
        self.assertTrue(described["client_overdue"]["sortable"])
        self.assertTrue(described["client_standing"]["groupable"])
