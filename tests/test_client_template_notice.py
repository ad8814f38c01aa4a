from __future__ import annotations

from typing import Any

from odoo.tests import Form, tagged

from .client_template_common import BROKEN, ClientTemplateCommon


@tagged("post_install", "-at_install")
class TestClientTemplateNotice(ClientTemplateCommon):
    """Staff see which text is sent before they send it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.write_text(cls.own, "invoice")
        cls.write_text(cls.own, "estimate")
        cls.write_text(cls.broken, "invoice", body=BROKEN)
        cls.invoice_text = cls.env.ref("account.email_template_edi_invoice")
        cls.estimate_text = cls.env.ref("sale.email_template_edi_sale")

    def open_wizard(self, *invoices: Any) -> Any:
        moves = self.reread(self.env["account.move"].union(*invoices))
        kind = "batch.wizard" if len(moves) > 1 else "wizard"
        wizards = self.env[f"account.move.send.{kind}"].with_user(self.biller)
        return wizards.with_context(active_model="account.move", active_ids=moves.ids)

    def compose(self, orders: Any, template: Any) -> Any:
        action = orders.with_user(self.salesman).action_quotation_send()
        composers = self.env["mail.compose.message"].with_user(self.salesman)
        form = Form(composers.with_context(**action["context"]))
        form.template_id = template
        return form

    def test_invoice_wizard_tells_the_own_text(self) -> None:
        form = Form(self.open_wizard(self.make_invoice(self.own)))
        self.assertEqual(form.client_template_use, "own")
        self.assertIn("Atelier du Quai", form.client_template_notice)
        self.assertIn("Subject for", form.subject)
        self.assertEqual(form.template_id, self.invoice_text)

    def test_invoice_wizard_tells_nothing_of_other_clients(self) -> None:
        form = Form(self.open_wizard(self.make_invoice(self.plain)))
        self.assertFalse(form.client_template_use)
        self.assertFalse(form.client_template_notice)

    def test_invoice_wizard_tells_what_was_picked_by_hand(self) -> None:
        picked = self.invoice_text.copy({"subject": "Picked"})
        form = Form(self.open_wizard(self.make_invoice(self.own)))
        form.template_id = picked
        self.assertEqual(form.client_template_use, "by_hand")
        self.assertIn("Atelier du Quai", form.client_template_notice)
        self.assertEqual(form.subject, "Picked")

    def test_invoice_wizard_picked_by_hand_for_a_client_without_text(self) -> None:
        form = Form(self.open_wizard(self.make_invoice(self.plain)))
        form.template_id = self.invoice_text.copy({"subject": "Picked"})
        self.assertFalse(form.client_template_use)

    def test_invoice_wizard_tells_why_the_own_text_fails(self) -> None:
        form = Form(self.open_wizard(self.make_invoice(self.broken)))
        self.assertEqual(form.client_template_use, "failed")
        self.assertIn("1 / (0 if", form.client_template_notice)
        form.template_id = self.invoice_text.copy({"subject": "Picked"})
        self.assertEqual(form.client_template_use, "by_hand")

    def test_failure_is_told_in_the_language_of_staff(self) -> None:
        self.biller.lang = "zh_CN"
        wizards = self.open_wizard(self.make_invoice(self.broken))
        form = Form(wizards.with_context(lang="zh_CN"))
        self.assertIn("占位符", form.client_template_notice)

    def test_batch_wizard_tells_how_many_own_texts(self) -> None:
        moves = [self.make_invoice(client) for client in (self.own, self.plain)]
        wizard = self.open_wizard(*moves).create({})
        self.assertIn("1 of 2", wizard.alerts["client_hub_own_text"]["message"])

    def test_composer_tells_the_own_text(self) -> None:
        form = self.compose(self.make_order(self.own), self.estimate_text)
        self.assertEqual(form.client_template_use, "own")
        self.assertIn("Estimate", form.client_template_notice)

    def test_composer_tells_how_many_own_texts_in_mass(self) -> None:
        orders = self.make_order(self.own) + self.make_order(self.plain)
        form = self.compose(orders, self.estimate_text)
        self.assertIn("1 of 2", form.client_template_notice)

    def test_composer_tells_what_was_picked_by_hand(self) -> None:
        orders = self.make_order(self.own) + self.make_order(self.plain)
        form = self.compose(orders, self.estimate_text.copy())
        self.assertEqual(form.client_template_use, "by_hand")
        self.assertIn("Atelier du Quai", form.client_template_notice)
        self.assertNotIn("Harbor", form.client_template_notice)
