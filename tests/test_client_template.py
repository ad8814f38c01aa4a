from __future__ import annotations

from typing import Any

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import ClientTemplateError
from .client_template_common import ClientTemplateCommon


@tagged("post_install", "-at_install")
class TestClientTemplate(ClientTemplateCommon):
    """Which text a document gets: whose, of which type, in which language."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.invoice_text = cls.env.ref("account.email_template_edi_invoice")

    def subject_of(self, document: Any, template: Any = None, **kwargs: Any) -> str:
        template = template or self.invoice_text
        return template._render_field("subject", document.ids, **kwargs)[document.id]

    # ------------------------------------------------------------ whose

    def test_contact_is_written_to_with_the_text_of_its_company(self) -> None:
        self.write_text(self.own, "invoice")
        invoice = self.make_invoice(self.contact)
        self.assertIn("Subject for Atelier du Quai", self.subject_of(invoice))

    def test_text_of_the_contact_wins(self) -> None:
        self.write_text(self.own, "invoice")
        self.write_text(self.contact, "invoice")
        invoice = self.make_invoice(self.contact)
        self.assertIn("Subject for Comptable", self.subject_of(invoice))
        company = self.make_invoice(self.own)
        self.assertIn("Subject for Atelier du Quai", self.subject_of(company))

    def test_contact_that_moved_gets_the_text_of_its_new_company(self) -> None:
        self.write_text(self.own, "invoice")
        self.write_text(self.plain, "invoice")
        invoice = self.make_invoice(self.contact, post=False)
        self.contact.parent_id = self.plain
        self.assertIn("Subject for Harbor Workshop", self.subject_of(invoice))

    def test_contact_that_moved_keeps_its_own_text(self) -> None:
        self.write_text(self.contact, "invoice")
        self.write_text(self.plain, "invoice")
        self.contact.parent_id = self.plain
        invoice = self.make_invoice(self.contact)
        self.assertIn("Subject for Comptable", self.subject_of(invoice))

    def test_archived_client_keeps_its_text(self) -> None:
        self.write_text(self.own, "invoice")
        invoice = self.make_invoice(self.own)
        self.own.child_ids.active = False
        self.own.active = False
        self.assertIn("Subject for Atelier du Quai", self.subject_of(invoice))

    def test_deleted_client_takes_its_texts_along(self) -> None:
        gone = self._create_client("Gone", "fr")
        text = self.write_text(gone, "invoice")
        gone.unlink()
        self.assertFalse(text.exists())

    # ------------------------------------------------------------ which

    def test_each_document_of_a_batch_is_looked_up_in_one_query(self) -> None:
        invoices = self.env["account.move"]
        for number in range(10):
            client = self._create_client(f"Client {number}", "fr")
            self.write_text(client, "invoice")
            invoices += self.make_invoice(client)

        def count(some: Any) -> int:
            self.reread(some)
            before = self.env.cr.sql_log_count
            self.invoice_text._get_client_templates(some.ids)
            return self.env.cr.sql_log_count - before

        count(invoices)
        self.assertEqual(count(invoices), count(invoices[:2]))

    def test_bill_of_a_vendor_gets_no_clients_text(self) -> None:
        self.write_text(self.own, "invoice")
        bill = self.make_invoice(self.own, move_type="in_invoice", post=False)
        self.assertNotIn("Subject for", self.subject_of(bill))

    def test_other_templates_stay_as_they_are(self) -> None:
        self.write_text(self.own, "invoice")
        invoice = self.make_invoice(self.own)
        other = self.invoice_text.copy({"subject": "Another"})
        self.assertEqual(self.subject_of(invoice, other), "Another")

    def test_template_of_a_quotation_template_is_replaced_too(self) -> None:
        """Modules choose it by overriding the method that core calls."""
        self.write_text(self.own, "order_confirmation")
        chosen = self.env.ref("sale.mail_template_sale_confirmation").copy(
            {"subject": "Chosen"}
        )
        order = self.make_order(self.own)
        self.assertEqual(self.subject_of(order, chosen), "Chosen")
        self.patch(type(order), "_get_confirmation_template", lambda _order: chosen)
        order.sudo().state = "sale"
        self.assertIn("Subject for", self.subject_of(order, chosen))

    def test_one_template_for_two_types_follows_the_state(self) -> None:
        self.write_text(self.own, "order_confirmation")
        self.write_text(self.own, "estimate")
        both = self.env.ref("sale.email_template_edi_sale")
        self.env["ir.config_parameter"].set_param(
            "sale.default_confirmation_template", both.id
        )
        order = self.make_order(self.own).sudo()
        self.assertIn("estimate", self.subject_of(order, both))
        order.state = "sale"
        self.assertIn("order_confirmation", self.subject_of(order, both))

    def test_later_types_need_only_their_global_template(self) -> None:
        self.write_text(self.own, "statement")
        name = "mail_template_statement"
        template = self.env.ref(f"client_hub.{name}", raise_if_not_found=False)
        if not template:
            model = self.env["ir.model"]._get_id("res.partner")
            template = self.env["mail.template"].create(
                {"name": "Statement", "model_id": model, "subject": "Global statement"}
            )
            self.env["ir.model.data"].create(
                {
                    "module": "client_hub",
                    "name": name,
                    "model": "mail.template",
                    "res_id": template.id,
                }
            )
        self.assertIn("Subject for", self.subject_of(self.own, template))
        template.send_mail(self.own.id, force_send=True)
        self.assertIn("Subject for", self.mail_to(self.own)["Subject"])
        self.assertNotIn("Subject for", self.subject_of(self.plain, template))

    def test_without_global_template_nothing_is_proposed(self) -> None:
        self.write_text(self.own, "estimate")
        self.env.ref("sale.email_template_edi_sale").unlink()
        order = self.make_order(self.own)
        action = order.with_user(self.salesman).action_quotation_send()
        self.assertNotIn("default_template_id", action["context"])

    def test_deleted_text_makes_what_waits_in_the_queue_global(self) -> None:
        text = self.write_text(self.own, "invoice")
        invoice = self.make_invoice(self.own)
        invoice.sending_data = {
            "author_user_id": self.biller.id,
            "author_partner_id": self.biller.partner_id.id,
        }
        text.unlink()
        self.run_cron("account.ir_cron_account_move_send")
        self.assert_global(self.own, invoice, self.invoice_text)

    # ------------------------------------------------------------ checks of core

    def test_saving_the_global_template_renders_no_clients_text(self) -> None:
        clients = self.env["account.move"].search([], limit=1).partner_id
        self.write_text(clients or self.own, "invoice", body="<p t-if='1'>Own</p>")
        broken = clients.client_template_ids
        self.env.cr.execute(
            "UPDATE mail_template SET subject = %s WHERE id = %s",
            ['{"en_US": "{{ 1 / 0 }}"}', broken.id or 0],
        )
        self.env.invalidate_all()
        self.invoice_text.subject = "Still saved"
        self.assertEqual(self.invoice_text.subject, "Still saved")

    def test_preview_of_the_global_template_shows_the_global_text(self) -> None:
        self.write_text(self.own, "invoice")
        invoice = self.make_invoice(self.own)
        preview = self.env["mail.template.preview"].create(
            {
                "mail_template_id": self.invoice_text.id,
                "resource_ref": f"account.move,{invoice.id}",
            }
        )
        self.assertIn(invoice.name, preview.subject)
        self.assertNotIn("Subject for", preview.subject)

    # ------------------------------------------------------------ rules

    def test_client_has_one_text_for_a_type(self) -> None:
        self.write_text(self.own, "invoice")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.write_text(self.own, "invoice")

    def test_text_of_a_client_is_never_active(self) -> None:
        text = self.write_text(self.own, "invoice")
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            text.sudo().active = True
            self.env.flush_all()

    def test_text_needs_client_and_type(self) -> None:
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.write_text(self.own, "invoice").sudo().client_document_type = False
            self.env.flush_all()

    def test_text_applies_to_the_documents_of_its_type(self) -> None:
        with self.assertRaisesRegex(ValidationError, "Applies to.*Estimate"):
            text = self.write_text(self.own, "invoice").sudo()
            text.client_document_type = "estimate"

    def test_error_names_each_document_that_failed(self) -> None:
        failing = "{{ 1 / (object.amount_total - 7) }}"
        self.write_text(self.own, "invoice", subject=failing)
        good = self.make_invoice(self.own)
        bad = self.make_invoice(self.own, amount=7.0)
        with self.assertRaises(ClientTemplateError) as caught:
            self.invoice_text._render_field("subject", (good + bad).ids)
        self.assertEqual(list(caught.exception.reasons), bad.ids)
        for word in ("Atelier du Quai", "Invoice", bad.name, "amount_total - 7"):
            self.assertIn(word, caught.exception.reasons[bad.id])
