from __future__ import annotations

import ast
from typing import Any

from lxml import etree

from odoo.tests import tagged

from .client_360_page_common import Client360PageCommon

FORM = "client_hub.res_partner_view_form_client_360"


@tagged("post_install", "-at_install")
class TestClient360Views(Client360PageCommon):
    """The page is made of native views, which staff customise by inheriting them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.everything = cls._user(
            "page_everything",
            "client_hub.group_user,account.group_account_invoice,"
            "sales_team.group_sale_salesman_all_leads",
        )

    def _inherit(self, xmlid: str, arch: str) -> None:
        parent = self.env.ref(xmlid)
        self.env["ir.ui.view"].create(
            {
                "name": "customised",
                "model": parent.model,
                "inherit_id": parent.id,
                "arch": arch,
            }
        )

    def _get_form(self) -> etree._Element:
        client = self._as(self.everything, self.client)
        return etree.fromstring(client.get_view(False, "form")["arch"])

    def _get_options(self, form: etree._Element) -> list[dict[str, Any]]:
        widgets = form.findall(".//widget[@name='client_hub_list']")
        return [ast.literal_eval(widget.get("options")) for widget in widgets]

    # -------------------------------------------------------------- customised views

    def test_staff_add_a_tab_a_figure_and_a_field(self) -> None:
        self._inherit(
            FORM,
            """<data>
                <page name="client_history" position="before">
                    <page string="Entries" name="x_entries">
                        <widget name="client_hub_list"
                            options="{'model': 'account.move.line',
                                'domain': [['partner_id', '=', 'client']]}"/>
                    </page>
                </page>
                <button name="action_client_overdue" position="after">
                    <field name="client_overdue_90"/>
                </button>
                <field name="client_days_to_pay" position="after">
                    <field name="client_days_late"/>
                </field>
            </data>""",
        )
        form = self._get_form()
        pages = [page.get("name") for page in form.findall(".//notebook/page")]
        place = pages.index("x_entries")
        self.assertEqual(pages[place + 1], "client_history")
        self.assertIsNotNone(form.find(".//div[@name='client_figures']/field"))
        values = self._read_page(self._as(self.everything, self.client))
        self.assertIn("client_days_late", values)
        self.assertIn("client_overdue_90", values)

    def test_staff_add_a_column_to_the_list_of_a_tab(self) -> None:
        self._inherit(
            "client_hub.account_move_view_list_client",
            "<field name='invoice_date' position='after'><field name='ref'/></field>",
        )
        arch = self._get_tab_views("account.move")["list"]["arch"]
        columns = [field.get("name") for field in etree.fromstring(arch)]
        self.assertEqual(columns[columns.index("invoice_date") + 1], "ref")

    def _get_tab_views(self, model: str) -> dict[str, Any]:
        """Return the views that the browser asks for to show a tab."""
        [options] = [
            o for o in self._get_options(self._get_form()) if o["model"] == model
        ]
        records = self._as(self.everything, self.env[model])
        records = records.with_context(**options.get("context", {}))
        types = ("list", "kanban", "search")
        return records.get_views([(False, name) for name in types])["views"]

    # -------------------------------------------------------------------- the tabs

    def test_tabs_stand_in_their_order(self) -> None:
        pages = [page.get("name") for page in self._get_form().findall(".//page")]
        self.assertEqual(pages[: len(TABS)], TABS)

    def test_each_tab_lists_its_client_on_computers_and_phones(self) -> None:
        self._bill(100.0)
        self._prepay(5.0)
        line = {"product_id": self.product_a.id}
        self.env["sale.order"].create(
            {"partner_id": self.contact.id, "order_line": [(0, 0, line)]}
        )
        self._enter_by_link()
        # sudo: who opens tickets is not what this is about.
        tickets = self.env["client.hub.ticket"].sudo()
        tickets.create({"subject": "Why?", "partner_id": self.contact.id})
        for options in self._get_options(self._get_form()):
            views = self._get_tab_views(options["model"])
            with self.subTest(model=options["model"]):
                for name in ("list", "kanban"):
                    self.assertNotIn('create="1"', views[name]["arch"])
                    self._assert_rows(options, views[name]["arch"])

    def _enter_by_link(self) -> None:
        links = self.env["client.hub.access.link"].sudo()
        contact = {"partner_id": self.contact.id, "email": "contact@example.com"}
        links._issue_links([{**contact, "company_id": self.env.company.id}])
        link = links.search([("partner_id", "=", self.contact.id)])
        events = self.env["client.hub.access.event"]
        events._log("opened", [link._get_event_vals()])

    def _assert_rows(self, options: dict[str, Any], arch: str) -> None:
        model = self._as(self.everything, self.env[options["model"]])
        view = etree.fromstring(arch)
        names = {
            field.get("name"): {} for field in view.iter("field") if field.get("name")
        }
        for client, found in ((self.client, True), (self._create_client("New"), False)):
            domain = [
                (name, operator, client.id if value == "client" else value)
                for name, operator, value in options["domain"]
            ]
            order = view.get("default_order")
            rows = model.web_search_read(domain, names, limit=20, order=order)
            self.assertEqual(bool(rows["records"]), found)

    def test_columns_of_each_list_sort_on_the_server(self) -> None:
        for options in self._get_options(self._get_form()):
            model = self._as(self.everything, self.env[options["model"]])
            arch = etree.fromstring(
                self._get_tab_views(options["model"])["list"]["arch"]
            )
            sorts = model.fields_get(attributes=["sortable"])
            for field in arch.findall("field"):
                name = field.get("name")
                if sorts[name]["sortable"] and not field.get("column_invisible"):
                    with self.subTest(model=options["model"], column=name):
                        model.search([], order=name, limit=1)


TABS = [
    "client_invoices",
    "client_estimates",
    "client_payments",
    "client_tickets",
    "client_history",
    "client_portal_access",
    "client_templates",
]
