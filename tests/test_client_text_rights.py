from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from .client_text_common import BODY, SUBJECT, ClientTextCommon
from .common import JsonRpcMixin, RpcError

READS = (
    ("read", [["subject"]]),
    ("web_read", [{"subject": {}}]),
    ("get_field_translations", ["subject"]),
)
SEARCHES = (
    ("search_read", [[], ["subject"]]),
    ("search_count", [[]]),
    ("web_search_read", [[], {"subject": {}}]),
    ("name_search", [""]),
    ("read_group", [[], ["subject"], ["client_document_type"]]),
    ("formatted_read_group", [[], ["client_document_type"], ["__count"]]),
)


@tagged("post_install", "-at_install")
class TestClientTextRights(ClientTextCommon):
    """Who writes the texts of clients."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.text = cls.write_text()

    def assert_changes_nothing(self, user: Any) -> None:
        text = self._as(user, self.text)
        with self.assertRaises(AccessError):
            text.write({"subject": "Mine"})
        with self.assertRaises(AccessError):
            text.unlink()
        with self.assertRaises(AccessError):
            text.create(self.text_vals("credit_note"))
        with self.assertRaises(AccessError):
            text.update_field_translations("subject", {"en_US": "Mine"})

    def test_who_invoices_changes_the_text_of_a_colleague(self) -> None:
        colleague = self._create_user("text_second", "account.group_account_invoice")
        colleague.write({"company_ids": [(4, self.company.id)]})
        text = self._as(colleague, self.text)
        text.write({"subject": "Ours", "body_html": "<p>x</p>"})
        self.assertEqual(self.text.subject, "Ours")
        text.unlink()
        self.assertFalse(self.text.exists())

    def test_nobody_else_on_the_staff_changes_one(self) -> None:
        for user in (self.plain, self.hub_user, self.salesman):
            with self.subTest(user.login):
                self.assert_changes_nothing(user)

    def test_who_wrote_it_and_invoices_no_more_changes_nothing(self) -> None:
        self.biller.group_ids -= self.env.ref("account.group_account_invoice")
        self.assertEqual(self.text.sudo().create_uid, self.biller)
        self.assert_changes_nothing(self.biller)

    def test_clients_and_the_public_change_nothing(self) -> None:
        for user in (self.portal, self.env.ref("base.public_user")):
            with self.subTest(user.id):
                self.assert_changes_nothing(user)

    def test_who_invoices_changes_no_template_of_all_clients(self) -> None:
        shared = self.env.ref("account.email_template_edi_invoice")
        with self.assertRaises(AccessError):
            self._as(self.biller, shared).write({"subject": "Mine"})

    def test_staff_still_make_templates_of_their_own(self) -> None:
        mine = self._as(self.plain, self.templates).create({"name": "Mine"})
        mine.subject = "Hello"
        mine.unlink()
        self.assertFalse(mine.exists())

    def test_the_text_of_a_client_of_another_company_is_hidden(self) -> None:
        company = self.env["res.company"].create({"name": "Other Company"})
        client = self._create_client("Elsewhere", "fr", company_id=company.id)
        text = self.templates.create(self.text_vals(client_partner_id=client.id))
        text = self._as(self.biller, text).with_context(active_test=False)
        self.assertFalse(text.search([("id", "=", text.id)]))
        for call in (
            lambda: text.read(["subject"]),
            lambda: text.write({"subject": "Mine"}),
            lambda: text.unlink(),
        ):
            with self.assertRaises(AccessError):
                call()

    # ------------------------------------------------------------ what it holds

    def test_the_server_fills_in_the_rest(self) -> None:
        self.assertEqual(self.text.model, "account.move")
        self.assertEqual(self.text.name, "Atelier du Quai: Invoice")
        self.assertFalse(self.text.active)
        self.assertEqual((self.text.subject, self.text.body_html), (SUBJECT, BODY))

    def test_an_unknown_placeholder_is_named_with_client_type_and_list(self) -> None:
        message = (
            r"^Atelier du Quai, Invoice: “object\.client_placeholder_numbr” cannot be"
            r" used\. Choose a placeholder from the list: Document Number, .*Portal\.$"
        )
        with self.assertRaisesRegex(ValidationError, message):
            self._as(self.biller, self.text).write(
                {"subject": "{{ object.client_placeholder_numbr }}"}
            )

    def test_a_placeholder_of_another_type_is_refused(self) -> None:
        with self.assertRaisesRegex(ValidationError, "client_placeholder_due_date"):
            self.write_text(
                kind="payment_receipt",
                subject="{{ object.client_placeholder_due_date }}",
            )

    def test_an_administrator_hears_of_unknown_placeholders_too(self) -> None:
        text = self._as(self.admin, self.text)
        for vals, found in (
            ({"subject": "{{ object.numbr }}"}, "object.numbr"),
            ({"subject": "{{ object.name }"}, "{{ object.name }"),
            ({"body_html": '<t t-out="object.name.x"/>'}, "object.name.x"),
            ({"body_html": "<p>{{ object.name }}</p>"}, "{{ object.name }}"),
            ({"body_html": '<p t-if="object.numbr">x</p>'}, "object.numbr"),
        ):
            with self.subTest(vals), self.assertRaises(ValidationError) as caught:
                text.write(vals)
            self.assertIn("Atelier du Quai", str(caught.exception))
            self.assertIn(found, str(caught.exception))

    def test_an_administrator_writes_code(self) -> None:
        code = '<p t-if="object.amount_total &gt; 1">Much</p>'
        self._as(self.admin, self.text).body_html = code
        rendered = self.text._render_field("body_html", self.invoice.ids)
        self.assertEqual(rendered[self.invoice.id], "<p>Much</p>")

    def test_a_text_without_subject_or_body_is_refused(self) -> None:
        text = self._as(self.biller, self.text)
        for vals in (
            {"subject": False},
            {"subject": " "},
            {"body_html": False},
            {"body_html": "<p><br></p>"},
        ):
            message = "^Subject, Body: fill in both"
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, message):
                text.write(vals)

    def test_a_text_needs_a_client_and_a_type(self) -> None:
        for vals in ({"client_partner_id": False}, {"client_document_type": False}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.write_text(**{"kind": "credit_note", **vals})


@tagged("post_install", "-at_install")
class TestClientTextPortal(JsonRpcMixin, ClientTextCommon, HttpCase):
    """For a client there are no templates, whichever way it asks."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.text = cls.write_text()

    def assert_hidden(self) -> None:
        for method, args in READS:
            with self.subTest(method):
                self._assert_rpc_denied("mail.template", method, self.text.ids, *args)
        for method, args in SEARCHES:
            with self.subTest(method):
                self._assert_rpc_denied("mail.template", method, *args)
        with self.assertRaises(RpcError):
            self._rpc("mail.template", "export_data", self.text.ids, ["subject"])

    def test_the_client_sees_none(self) -> None:
        self.authenticate("text_portal", "text_portal")
        self.assertTrue(self._rpc("res.partner", "read", self.client.ids, ["name"]))
        self.assert_hidden()

    def test_the_client_sees_none_by_way_of_its_company(self) -> None:
        self.authenticate("text_portal", "text_portal")
        for name in ("client_template_ids", "client_template_rows"):
            with self.subTest(name):
                self._assert_rpc_denied("res.partner", "read", self.client.ids, [name])
        self._assert_rpc_denied(
            "res.partner", "search", [("client_template_ids.subject", "ilike", "a")]
        )

    def test_the_client_opens_no_editor(self) -> None:
        self.authenticate("text_portal", "text_portal")
        for model in ("client.hub.template.edit", "client.hub.template.copy"):
            with self.subTest(model):
                vals = {"partner_id": self.client.id, "document_type": "invoice"}
                self._assert_rpc_denied(model, "create", [vals])
                self._assert_rpc_denied(model, "onchange", [], vals, [], {})

    def test_who_invoices_sees_them(self) -> None:
        self.authenticate("hub_biller", "hub_biller")
        for method, args in READS:
            with self.subTest(method):
                found = self._rpc("mail.template", method, self.text.ids, *args)
                self.assertIn("Your bill", str(found))
