from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .client_360_common import NAMES, Client360Common

FIGURES = (*NAMES.values(), "client_standing")
MODELS = ("client.hub.money.received", "client.hub.open.item")


@tagged("post_install", "-at_install")
class TestClient360Rights(Client360Common):
    """Figures are for accounting and for users of Client Hub, for nobody else."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls._bill(100.0, due=-5)
        cls._prepay(30.0)
        cls.env.flush_all()
        cls.internal = cls._create_user("hub_internal", "base.group_user")
        cls.salesman = cls._create_user("hub_sales", "sales_team.group_sale_salesman")
        cls.hub_user = cls._create_user("hub_user", "client_hub.group_user")
        cls.invoicing = cls._create_user("hub_bill", "account.group_account_invoice")
        cls.auditor = cls._create_user("hub_audit", "account.group_account_readonly")
        cls.portal = cls._create_user(
            "hub_portal", "base.group_portal", partner_id=cls.contact.id
        )
        cls.allowed = cls.hub_user + cls.invoicing + cls.auditor
        cls.denied = cls.internal + cls.salesman + cls.portal

    @classmethod
    def _create_user(cls, login: str, groups: str, **vals: Any) -> Any:
        company = cls.env.company.id
        return new_test_user(cls.env, login, groups, company_id=company, **vals)

    def _as(self, user: Any, record: Any) -> Any:
        self.env.invalidate_all()
        return record.with_user(user).with_context(
            allowed_company_ids=self.env.company.ids
        )

    # ------------------------------------------------------------------ who may

    def test_allowed_users_read_every_figure(self) -> None:
        for user in self.allowed:
            with self.subTest(user=user.login):
                client = self._as(user, self.client)
                self.assertEqual(client.client_outstanding, 100.0)
                self.assertEqual(client.client_total_paid, 30.0)
                self.assertEqual(client.client_standing, "overdue")

    def test_allowed_users_search_sort_sum_and_group(self) -> None:
        for user in self.allowed:
            with self.subTest(user=user.login):
                partners = self._as(user, self.partners)
                found = partners.search(
                    [("id", "=", self.client.id), ("client_overdue", "=", 100)],
                    order="client_outstanding desc",
                )
                self.assertEqual(found.id, self.client.id)
                groups = partners._read_group(
                    [("id", "=", self.client.id)],
                    ["client_standing"],
                    ["client_unapplied:sum"],
                )
                self.assertEqual(groups, [("overdue", 30.0)])

    def test_allowed_users_open_the_lists(self) -> None:
        for user in self.allowed:
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    rows = self._as(user, self.env[model]).search(
                        [("client_id", "=", self.client.id)]
                    )
                    self.assertEqual(len(rows), 1)
                    self.assertTrue(rows.read(["amount", "company_id", "client_id"]))

    def test_nobody_changes_the_lists(self) -> None:
        for model in MODELS:
            row = self.env[model].search([("client_id", "=", self.client.id)])
            with self.subTest(model=model):
                for change in (row.unlink, lambda row=row: row.write({"amount": 1})):
                    with self.assertRaises(AccessError):
                        change()
                with self.assertRaises(AccessError):
                    row.create({"amount": 1})

    # -------------------------------------------------------------- who may not

    def test_denied_users_may_see_the_client_all_the_same(self) -> None:
        for user in self.denied:
            with self.subTest(user=user.login):
                self.assertEqual(
                    self._as(user, self.client).read(["name"])[0]["name"],
                    self.client.name,
                )

    def test_denied_users_read_no_figure(self) -> None:
        for user in self.denied:
            for name in FIGURES:
                with self.subTest(user=user.login, figure=name):
                    client = self._as(user, self.client)
                    with self.assertRaises(AccessError):
                        client.read([name])
                    with self.assertRaises(AccessError):
                        getattr(client, name)

    def test_denied_users_search_by_no_figure(self) -> None:
        for user in self.denied:
            for name in FIGURES:
                value = "overdue" if name == "client_standing" else 1.0
                with self.subTest(user=user.login, figure=name):
                    partners = self._as(user, self.partners)
                    for domain in self._domains(name, value):
                        with self.assertRaises(AccessError):
                            partners.search(domain)
                        with self.assertRaises(AccessError):
                            partners.search_count(domain)

    def _domains(self, name: str, value: Any) -> list[list[Any]]:
        """Return all ways to ask for a figure in a domain on contacts."""
        return [
            [(name, "=", value)],
            [(name, "in", [value])],
            ["!", (name, "!=", value)],
            ["|", (name, "=", value), ("id", "=", self.client.id)],
            [(f"parent_id.{name}", "=", value)],
            [(f"commercial_partner_id.{name}", "=", value)],
            [(f"child_ids.{name}", "=", value)],
            [("parent_id", "any", [(name, "=", value)])],
        ]

    def test_denied_users_sort_sum_and_group_by_no_figure(self) -> None:
        for user in self.denied:
            partners = self._as(user, self.partners)
            for name in NAMES.values():
                with self.subTest(user=user.login, figure=name):
                    with self.assertRaises(AccessError):
                        partners.search([], order=f"{name} desc")
                    with self.assertRaises(AccessError):
                        partners._read_group([], [], [f"{name}:sum"])
            with self.assertRaises(AccessError):
                partners._read_group([], ["client_standing"], ["__count"])

    def test_denied_users_filter_records_by_no_figure(self) -> None:
        for user in self.denied:
            client = self._as(user, self.client)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                client.filtered_domain([("client_outstanding", ">", 0)])

    def test_denied_users_open_no_list(self) -> None:
        for user in self.denied:
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    rows = self._as(user, self.env[model])
                    with self.assertRaises(AccessError):
                        rows.search([])
                    with self.assertRaises(AccessError):
                        rows._read_group([], [], ["amount:sum"])

    def test_denied_users_are_not_offered_the_figures(self) -> None:
        for user in self.denied:
            with self.subTest(user=user.login):
                described = self._as(user, self.partners).fields_get()
                self.assertFalse(set(FIGURES) & set(described))
        described = self._as(self.hub_user, self.partners).fields_get()
        self.assertLess(set(FIGURES), set(described))

    def test_staff_without_rights_open_list_and_form_without_error(self) -> None:
        for user in self.internal + self.salesman:
            partners = self._as(user, self.partners)
            with self.subTest(user=user.login):
                views = partners.get_views([(False, "list"), (False, "form")])
                for view in views["views"].values():
                    self.assertNotIn("client_outstanding", view["arch"])
                form = Form(self._as(user, self.client))
                self.assertEqual(form.name, self.client.name)
                [row] = partners.web_search_read(
                    [("id", "=", self.client.id)], {"display_name": {}}
                )["records"]
                self.assertEqual(row["id"], self.client.id)

    # ------------------------------------------------------ around the contacts

    def test_figures_are_no_way_round_through_other_models(self) -> None:
        paths = {
            "account.move": ("partner_id", "commercial_partner_id"),
            "sale.order": ("partner_id", "partner_invoice_id"),
            "res.users": ("partner_id",),
            "mail.message": ("author_id", "partner_ids"),
        }
        for user in self.denied:
            for model, names in paths.items():
                records = self._as(user, self.env[model])
                for name in names:
                    domain = [(f"{name}.client_outstanding", ">", 0)]
                    case = self.subTest(user=user.login, model=model, path=name)
                    with case, self.assertRaises(AccessError):
                        records.search(domain)

    def test_users_inherit_no_figure_for_those_without_rights(self) -> None:
        for user in self.denied:
            users = self._as(user, self.env["res.users"])
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    users.browse(user.id).read(["client_outstanding"])
                with self.assertRaises(AccessError):
                    users.search([("client_outstanding", ">", 0)])
                with self.assertRaises(AccessError):
                    users.search([], order="client_outstanding")
