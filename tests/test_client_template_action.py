from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .client_template_common import ClientTemplateCommon


@tagged("post_install", "-at_install")
class TestClientTemplateAction(ClientTemplateCommon):
    """Server actions and automation rules that send a global template."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.write_texts("order_confirmation")
        cls.template = cls.env.ref("sale.mail_template_sale_confirmation")
        cls.orders = cls.env["sale.order"].union(
            *(cls.make_order(client) for client in cls.clients)
        )

    def run_action(self, method: str) -> None:
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "state": "mail_post",
                "mail_post_method": method,
                "template_id": self.template.id,
            }
        )
        self.reread(self.orders)
        action.with_context(active_model="sale.order", active_ids=self.orders.ids).run()
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    def check(self) -> Any:
        own, chinese, plain, broken = self.orders
        self.assert_own(self.own, own, "order_confirmation", self.template)
        self.assert_own(self.chinese, chinese, "order_confirmation", self.template)
        self.assert_global(self.plain, plain, self.template)
        self.assert_nothing_to(self.broken)
        self.assert_unsent(broken, "order_confirmation")

    def test_action_that_posts_gives_each_client_its_text(self) -> None:
        self.run_action("comment")
        self.check()

    def test_action_that_mails_gives_each_client_its_text(self) -> None:
        self.run_action("email")
        self.check()
