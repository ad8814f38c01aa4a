from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .client_template_common import ClientTemplateCommon, words_of

CRON = "sale.send_pending_emails_cron"


@tagged("post_install", "-at_install")
class TestClientTemplateOrders(ClientTemplateCommon):
    """Estimates and order confirmations: by hand, in mass, at once and deferred."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.write_texts("estimate")
        cls.write_text(cls.own, "order_confirmation")
        cls.write_text(
            cls.broken,
            "order_confirmation",
            body=cls.broken.client_template_ids.body_html,
        )
        cls.estimate_text = cls.env.ref("sale.email_template_edi_sale")
        cls.confirmation_text = cls.env.ref("sale.mail_template_sale_confirmation")
        cls.env["ir.config_parameter"].set_param("sale.async_emails", "False")

    def make_orders(self) -> Any:
        """Return an estimate of each client."""
        orders = [self.make_order(client) for client in self.clients]
        return self.reread(self.env["sale.order"].union(*orders))

    def send(self, orders: Any, **context: Any) -> None:
        orders = orders.with_user(self.salesman).with_context(**context)
        self.compose(orders.action_quotation_send(), self.salesman)

    def send_in_mass(self, orders: Any) -> None:
        """Send as staff do: the action presets no template, they choose one."""
        action = orders.with_user(self.salesman).action_quotation_send()
        composers = self.env["mail.compose.message"].with_user(self.salesman)
        with Form(composers.with_context(**action["context"])) as form:
            form.template_id = self.estimate_text
        form.record.action_send_mail()
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    def confirm(self, order: Any) -> None:
        order.with_user(self.salesman).with_context(send_email=True).action_confirm()

    def test_estimate_is_sent_with_the_own_text(self) -> None:
        order = self.make_order(self.own)
        self.send(order)
        self.assert_own(self.own, order, "estimate", self.estimate_text)
        self.assertEqual(order.state, "sent")

    def test_estimate_is_sent_in_the_language_of_the_client(self) -> None:
        order = self.make_order(self.chinese)
        self.send(order)
        self.assert_own(self.chinese, order, "estimate", self.estimate_text)

    def test_estimate_is_sent_with_the_global_text_to_others(self) -> None:
        order = self.make_order(self.plain)
        self.send(order)
        self.assert_global(self.plain, order, self.estimate_text)

    def test_pro_forma_is_an_estimate(self) -> None:
        order = self.make_order(self.own)
        self.send(order, proforma=True)
        template = self.env.ref("sale.email_template_proforma")
        self.assert_own(self.own, order, "estimate", template)

    def test_pro_forma_is_sent_with_the_global_text_to_others(self) -> None:
        order = self.make_order(self.plain)
        self.send(order, proforma=True)
        self.assert_global(
            self.plain, order, self.env.ref("sale.email_template_proforma")
        )

    def test_broken_estimate_is_not_sent_and_says_why(self) -> None:
        order = self.make_order(self.broken)
        with self.assertRaisesRegex(UserError, "BROKEN Workshop.*Estimate.*1 / "):
            self.send(order)
        self.assertFalse(self.inbox.mails)
        self.assertEqual(order.state, "draft")

    def test_mass_mail_gives_each_client_its_text(self) -> None:
        orders = self.make_orders()
        self.send_in_mass(orders)
        own, chinese, plain, broken = orders
        self.assert_own(self.own, own, "estimate", self.estimate_text)
        self.assert_own(self.chinese, chinese, "estimate", self.estimate_text)
        self.assert_global(self.plain, plain, self.estimate_text)
        self.assert_nothing_to(self.broken)
        self.assert_unsent(broken, "estimate")
        self.assertEqual(self.unsent(broken).user_id, self.salesman)

    def test_mended_text_is_sent_again_in_mass(self) -> None:
        orders = self.make_orders()
        self.send_in_mass(orders)
        self.inbox.mails.clear()
        self.broken.client_template_ids.body_html = "<p>Body mended</p>"
        self.send_in_mass(orders[3] + orders[2])
        self.assertIn("Body mended", words_of(self.mail_to(self.broken)))
        self.assertFalse(self.unsent(orders[3]))

    def test_confirmation_is_sent_with_the_own_text(self) -> None:
        order = self.make_order(self.own)
        self.confirm(order)
        self.assert_own(self.own, order, "order_confirmation", self.confirmation_text)

    def test_confirmation_is_sent_with_the_global_text_to_others(self) -> None:
        order = self.make_order(self.chinese)
        self.confirm(order)
        self.assert_global(self.chinese, order, self.confirmation_text)

    def test_broken_confirmation_confirms_and_is_sent_later(self) -> None:
        order = self.make_order(self.broken)
        self.confirm(order)
        self.assertEqual(order.state, "sale")
        self.assert_unsent(order, "order_confirmation")
        self.assertFalse(self.inbox.mails)
        self.broken.client_template_ids.body_html = "<p>Body mended</p>"
        self.send(order)
        self.assertIn("Body mended", words_of(self.mail_to(self.broken)))
        self.assertFalse(self.unsent(order))

    def test_deferred_confirmations_leave_the_queue_each_alone(self) -> None:
        self.env["ir.config_parameter"].set_param("sale.async_emails", "True")
        self.env.ref(CRON).active = True
        orders = self.make_orders()
        for order in orders:
            self.confirm(order)
        self.assertTrue(all(orders.mapped("pending_email_template_id")))
        self.run_cron(CRON)
        self.run_cron(CRON)
        own, chinese, plain, broken = self.reread(orders)
        self.assert_own(self.own, own, "order_confirmation", self.confirmation_text)
        self.assert_global(self.chinese, chinese, self.confirmation_text)
        self.assert_global(self.plain, plain, self.confirmation_text)
        self.assert_nothing_to(self.broken)
        self.assert_unsent(broken, "order_confirmation")
        self.assertFalse(orders.pending_email_template_id)

    def test_copy_chosen_in_the_settings_is_replaced_too(self) -> None:
        copy = self.confirmation_text.copy({"subject": "A copy"})
        self.env["ir.config_parameter"].set_param(
            "sale.default_confirmation_template", copy.id
        )
        order = self.make_order(self.own)
        self.confirm(order)
        self.assert_own(self.own, order, "order_confirmation", copy)

    def test_payment_in_progress_is_no_confirmation(self) -> None:
        order = self.make_order(self.own)
        order._send_payment_succeeded_for_order_mail()
        self.assert_global(
            self.own, order, self.env.ref("sale.mail_template_sale_payment_executed")
        )

    def test_template_picked_by_hand_stays(self) -> None:
        picked = self.estimate_text.copy({"subject": "Picked {{ object.name }}"})
        order = self.make_order(self.own)
        action = order.with_user(self.salesman).action_quotation_send()
        composers = self.env["mail.compose.message"].with_user(self.salesman)
        with Form(composers.with_context(**action["context"])) as form:
            form.template_id = picked
        form.record.action_send_mail()
        self.assertEqual(self.mail_to(self.own)["Subject"], f"Picked {order.name}")
