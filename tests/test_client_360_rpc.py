from __future__ import annotations

from typing import Any

from odoo.tests import HttpCase, new_test_user, tagged

from .client_360_common import NAMES, Client360Common
from .common import JsonRpcMixin

FIGURES = (*NAMES.values(), "client_standing")


@tagged("post_install", "-at_install")
class TestClient360Rpc(Client360Common, JsonRpcMixin, HttpCase):
    """Portal users get no figure out of the server, whatever they send."""

    freeze_time = None  # sessions of a real request end by the real clock

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.invoice = cls._bill(100.0, due=-5)
        create, company = new_test_user, cls.env.company.id
        create(
            cls.env,
            "rpc_portal",
            "base.group_portal",
            company_id=company,
            partner_id=cls.contact.id,
        )
        create(cls.env, "rpc_hub_user", "client_hub.group_user", company_id=company)

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("rpc_portal", "rpc_portal")

    def test_same_calls_work_without_figures(self) -> None:
        """So the refusals below are those of the figures."""
        mine = [("id", "=", self.contact.id)]
        calls: list[tuple[str, dict[str, Any]]] = [
            ("search_read", {"domain": mine, "fields": ["name"], "order": "name"}),
            ("web_search_read", {"domain": mine, "specification": {"name": {}}}),
            ("formatted_read_group", {"domain": mine, "aggregates": ["__count"]}),
            ("search_count", {"domain": mine}),
        ]
        for method, kwargs in calls:
            with self.subTest(method=method):
                self.assertTrue(self._rpc("res.partner", method, **kwargs))

    def test_user_with_rights_gets_them_over_the_same_calls(self) -> None:
        self.authenticate("rpc_hub_user", "rpc_hub_user")
        mine = [("id", "=", self.client.id), ("client_outstanding", ">", 0)]
        rows = self._rpc(
            "res.partner",
            "search_read",
            domain=mine,
            fields=["client_outstanding"],
            order="client_overdue desc",
        )
        self.assertEqual(rows, [{"id": self.client.id, "client_outstanding": 100.0}])
        [group] = self._rpc(
            "res.partner",
            "formatted_read_group",
            domain=mine,
            groupby=["client_standing"],
            aggregates=["client_outstanding:sum"],
        )
        self.assertEqual(group["client_standing"], "overdue")
        self.assertEqual(group["client_outstanding:sum"], 100.0)

    def test_figures_are_not_read(self) -> None:
        for name in FIGURES:
            with self.subTest(figure=name):
                denied = self._assert_rpc_denied
                denied("res.partner", "read", [self.client.id], [name])
                denied("res.partner", "search_read", fields=[name])
                denied("res.partner", "web_read", [self.client.id], {name: {}})
                denied("res.partner", "web_search_read", [], {name: {}})

    def test_figures_do_not_filter(self) -> None:
        for name in FIGURES:
            value = "overdue" if name == "client_standing" else 1
            domain = [(name, "!=", value)]
            with self.subTest(figure=name):
                denied = self._assert_rpc_denied
                denied("res.partner", "search", domain)
                denied("res.partner", "search_count", domain)
                denied("res.partner", "search_read", domain, ["name"])
                denied("res.partner", "web_search_read", domain, {"name": {}})
                denied("res.partner", "name_search", "", domain)
                denied("res.partner", "formatted_read_group", domain)
                denied("res.partner", "web_read_group", domain, ["name"])

    def test_figures_do_not_sort(self) -> None:
        for name in NAMES.values():
            for order in (name, f"{name} desc", f"name, {name} desc nulls last"):
                with self.subTest(order=order):
                    denied = self._assert_rpc_denied
                    denied("res.partner", "search", [], order=order)
                    denied("res.partner", "search_read", [], ["name"], order=order)
                    denied(
                        "res.partner", "web_search_read", [], {"name": {}}, order=order
                    )

    def test_figures_do_not_group(self) -> None:
        for name in NAMES.values():
            aggregate = f"{name}:sum"
            with self.subTest(figure=name):
                denied = self._assert_rpc_denied
                group = "formatted_read_group"
                denied("res.partner", group, [], [], [aggregate])
                denied("res.partner", group, [], ["name"], [], [(aggregate, ">", 0)])
                denied("res.partner", group, [], ["name"], [], order=aggregate)
                denied("res.partner", "read_group", [], [aggregate], [])
        for method in ("formatted_read_group", "web_read_group"):
            self._assert_rpc_denied("res.partner", method, [], ["client_standing"])

    def test_figures_do_not_filter_through_a_path(self) -> None:
        self.assertTrue(self._rpc("account.move", "search", []))
        paths = (
            ("account.move", "partner_id"),
            ("account.move", "commercial_partner_id"),
            ("res.partner", "parent_id"),
            ("res.partner", "commercial_partner_id"),
            ("res.partner", "child_ids"),
            ("res.users", "partner_id"),
        )
        for model, path in paths:
            with self.subTest(model=model, path=path):
                condition = ("client_outstanding", ">", 0)
                dotted = [(f"{path}.client_outstanding", ">", 0)]
                self._assert_rpc_denied(model, "search_read", dotted, ["id"])
                nested = [(path, "any", [condition])]
                self._assert_rpc_denied(model, "search_read", nested, ["id"])

    def test_figures_are_not_read_through_a_relation(self) -> None:
        specification = {"partner_id": {"fields": {"client_outstanding": {}}}}
        self._assert_rpc_denied("account.move", "web_search_read", [], specification)

    def test_lists_behind_the_figures_are_closed(self) -> None:
        for model in ("client.hub.money.received", "client.hub.open.item"):
            with self.subTest(model=model):
                self._assert_rpc_denied(model, "search_read", [])
                self._assert_rpc_denied(model, "search", [])
                self._assert_rpc_denied(model, "formatted_read_group", [])
