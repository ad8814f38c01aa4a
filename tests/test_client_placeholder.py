from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..models.client_placeholder import PREFIX
from .client_text_common import ClientTextCommon

PATH = "/my/access/document"


@tagged("post_install", "-at_install")
class TestClientPlaceholder(ClientTextCommon):
    """What e-mails can name, in the language and currency of the document."""

    def setUp(self) -> None:
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")

    def values(self, record: Any, lang: str = "en_US", user: Any = None) -> dict:
        """Return what the placeholders of a record say, by their short names."""
        record = self._as(user or self.biller, record).with_context(lang=lang)
        return {
            name: record[PREFIX + name] for name in record._get_client_placeholders()
        }

    def link(self, record: Any, text: str = "View online") -> str:
        url = f"{record.get_base_url()}{PATH}/{record._name}/{record.id}"
        return f'<a href="{url}">{text}</a>'

    def invoice_of_contact(self) -> Any:
        return self.make_invoice(
            self.contact,
            amount=1234.5,
            ref="PO-7",
            invoice_date_due="2024-06-05",
            invoice_user_id=self.salesman.id,
            currency_id=self.env.ref("base.EUR").id,
        )

    def test_an_invoice_in_english(self) -> None:
        self.env.ref("base.EUR").active = True
        invoice = self.invoice_of_contact()
        self.assertEqual(
            self.values(invoice),
            {
                "number": invoice.name,
                "date": "05/06/2024",
                "due_date": "06/05/2024",
                "amount": "1,234.50\xa0€",
                "open_amount": "1,234.50\xa0€",
                "reference": "PO-7",
                "client": "Atelier du Quai",
                "contact": self.contact.name,
                "salesperson": self.salesman.name,
                "company": self.company.name,
                "link": self.link(invoice),
            },
        )

    def test_an_invoice_in_chinese(self) -> None:
        self.env.ref("base.EUR").active = True
        invoice = self.invoice_of_contact()
        values = self.values(invoice, "zh_CN")
        self.assertEqual(values["date"], "2024/05/06")
        self.assertEqual(values["due_date"], "2024/06/05")
        self.assertEqual(values["amount"], "1,234.50\xa0€")
        self.assertEqual(values["link"], self.link(invoice, "在线查看"))

    def test_what_is_still_open_follows_the_payments(self) -> None:
        self.assertEqual(self.values(self.invoice)["open_amount"], "$\xa0100.00")
        self.pay(self.invoice, 40.0)
        values = self.values(self.invoice)
        self.assertEqual(values["open_amount"], "$\xa060.00")
        self.assertEqual(values["amount"], "$\xa0100.00")

    def test_a_value_follows_the_document_at_once(self) -> None:
        draft = self.make_invoice(post=False, ref="before")
        self.assertEqual(draft[f"{PREFIX}reference"], "before")
        draft.ref = "after"
        self.assertEqual(draft[f"{PREFIX}reference"], "after")

    def test_an_estimate(self) -> None:
        order = self.make_order(validity_date="2024-06-30", client_order_ref="PO-8")
        # Past midnight in Paris, where the company is; the evening before in UTC.
        order.sudo().date_order = "2024-05-06 23:30:00"
        self.company.partner_id.tz = "Europe/Paris"
        values = self.values(order, user=self.salesman)
        self.assertEqual(values["number"], order.name)
        self.assertEqual(values["date"], "05/07/2024")
        self.assertEqual(values["expiry_date"], "06/30/2024")
        self.assertEqual(values["amount"], "$\xa0100.00")
        self.assertEqual(values["reference"], "PO-8")
        self.assertEqual(values["contact"], "Atelier du Quai")
        self.assertEqual(values["salesperson"], self.salesman.name)
        self.assertEqual(values["link"], self.link(order))

    def pay(self, invoices: Any, amount: float) -> Any:
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        wizard = self.env["account.payment.register"].with_context(**context)
        wizard = wizard.create({"amount": amount, "payment_date": "2024-05-08"})
        return wizard._create_payments()

    def test_a_payment_names_the_invoices_it_pays(self) -> None:
        payment = self.pay(self.invoice, 40.0)
        values = self.values(payment)
        self.assertEqual(values["number"], payment.name)
        self.assertEqual(values["date"], "05/08/2024")
        self.assertEqual(values["amount"], "$\xa040.00")
        self.assertEqual(values["invoices"], self.invoice.name)
        self.assertEqual(values["client"], "Atelier du Quai")

    def test_a_payment_of_nothing_names_no_invoice(self) -> None:
        payment = self.env["account.payment"].create(
            {"partner_id": self.client.id, "amount": 5.0, "payment_type": "inbound"}
        )
        self.assertFalse(self.values(payment)["invoices"])

    @freeze_time("2024-05-20")
    def test_a_statement(self) -> None:
        late = self.make_invoice(amount=7.0, invoice_date_due="2024-05-10")
        self.assertEqual(late.payment_state, "not_paid")
        self.invoice.button_draft()
        self.invoice.invoice_date_due = "2024-05-30"
        self.invoice.action_post()
        values = self.values(self.client)
        self.assertEqual(values["date"], "05/20/2024")
        self.assertEqual(values["open_amount"], "$\xa0107.00")
        self.assertEqual(values["overdue_amount"], "$\xa07.00")
        self.assertEqual(values["link"], self.link(self.client))

    def test_what_is_missing_is_empty(self) -> None:
        draft = self.make_invoice(post=False, invoice_date=False)
        values = self.values(draft)
        for name in ("reference", "date"):
            self.assertIs(values[name], False, name)

    def test_names_are_escaped_in_the_link_and_where_they_are_put_out(self) -> None:
        self.client.name = "<b>A & B</b>"
        body = f'<p><t t-out="object.{PREFIX}client"></t></p>'
        rendered = self.templates._render_template(
            body, "account.move", self.invoice.ids, engine="qweb"
        )
        self.assertEqual(
            rendered[self.invoice.id], "<p>&lt;b&gt;A &amp; B&lt;/b&gt;</p>"
        )

    def test_a_hundred_documents_cost_no_more_queries_than_one(self) -> None:
        moves = self.env["account.move"].union(
            *(self.make_invoice(self.contact) for _number in range(20))
        )

        def count(records: Any) -> int:
            records = self._as(self.biller, records)
            records.mapped("client_placeholder_amount")  # what every read prefetches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for record in records:
                for name in record._get_client_placeholders():
                    self.assertIsNotNone(record[PREFIX + name])
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(moves), count(moves[0]) + 1)

    def test_a_change_of_a_document_looks_at_one_field_for_all_of_them(self) -> None:
        for model, name in (
            ("account.move", "amount_total"),
            ("account.payment", "amount"),
            ("sale.order", "amount_total"),
            ("res.partner", "name"),
        ):
            field = self.env[model]._fields[name]
            found = {
                dependent.name
                for dependent in self.env.registry.get_dependent_fields(field)
                if dependent.name.startswith("client_placeholder")
            }
            self.assertEqual(found, {"client_placeholders"}, model)

    # ------------------------------------------------------------ rights

    def test_nobody_reads_what_placeholders_are_read_from(self) -> None:
        for record in (self.invoice, self.client):
            with self.assertRaises(AccessError):
                self._as(self.biller, record).read(["client_placeholders"])

    def test_the_client_reads_no_placeholder(self) -> None:
        invoice = self._as(self.portal, self.invoice)
        self.assertTrue(invoice.read(["name"]))
        for name in invoice._get_client_placeholders():
            with self.subTest(name), self.assertRaises(AccessError):
                invoice.read([PREFIX + name])

    def test_staff_without_figures_read_none_by_way_of_placeholders(self) -> None:
        client = self._as(self.plain, self.client)
        self.assertTrue(client.read([f"{PREFIX}date"]))
        for name in ("open_amount", "overdue_amount"):
            with self.subTest(name), self.assertRaises(AccessError):
                client.read([PREFIX + name])

    def test_staff_without_figures_write_none_into_a_template(self) -> None:
        vals = {
            "name": "Mine",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "subject": f"{{{{ object.{PREFIX}open_amount }}}}",
        }
        self.assertTrue(self._as(self.biller, self.templates).create(dict(vals)))
        with self.assertRaises(AccessError):
            self._as(self.plain, self.templates).create(dict(vals))

    def test_no_placeholder_names_a_secret(self) -> None:
        for model in ("account.move", "sale.order", "account.payment", "res.partner"):
            for name in self.env[model].mail_allowed_qweb_expressions():
                with self.subTest(name):
                    self.assertNotRegex(name, "token|signup|password|email|phone|bank")
        self.assertNotIn("access_token=", self.values(self.invoice)["link"])

    def test_a_document_of_a_branch_names_its_company(self) -> None:
        self.assertEqual(self.values(self.invoice)["company"], self.company.name)
        self.company.name = "Renamed"
        self.assertEqual(self.values(self.invoice)["company"], "Renamed")

    def test_an_invoice_address_without_name_is_the_client(self) -> None:
        address = self.env["res.partner"].create(
            {"type": "invoice", "parent_id": self.client.id, "street": "Quai 1"}
        )
        values = self.values(self.make_invoice(address))
        self.assertEqual(values["contact"], "Atelier du Quai")
        self.assertEqual(values["client"], "Atelier du Quai")

    def test_a_client_without_any_document_has_a_statement(self) -> None:
        client = self.env["res.partner"].create({"name": "New", "user_id": False})
        values = self.values(client)
        self.assertEqual(values["open_amount"], "$\xa00.00")
        self.assertEqual(values["client"], "New")
        self.assertFalse(values["salesperson"])
