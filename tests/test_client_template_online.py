from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .client_template_common import BROKEN, ClientTemplateCommon, words_of

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestClientTemplateOnline(ClientTemplateCommon, AccountPaymentCommon):
    """An order paid online: confirmed, invoiced, invoice sent, receipt sent."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for document_type in ("order_confirmation", "invoice", "payment_receipt"):
            cls.write_text(cls.own, document_type)
            cls.write_text(cls.broken, document_type, body=BROKEN)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("sale.automatic_invoice", "True")
        parameters.set_param("sale.async_emails", "False")
        cls.company.client_hub_receipts_since = "2020-01-01 00:00:00"
        cls.confirmation_text = cls.env.ref("sale.mail_template_sale_confirmation")
        cls.invoice_text = cls.env.ref("account.email_template_edi_invoice")
        cls.receipt_text = cls.env.ref("account.mail_template_data_payment_receipt")

    def pay(self, client: Any) -> Any:
        """Return the transaction of an order that the client pays online."""
        order = self.make_order(client, require_payment=True).sudo()
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "reference": order.name,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": client.id,
                "operation": "online_redirect",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        transaction._set_done()
        transaction._post_process()
        self.run_cron("client_hub.ir_cron_client_receipts")
        return self.reread(transaction)

    def subjects(self, client: Any) -> list[str]:
        return sorted(
            mail["Subject"] for to, mail in self.inbox.mails if to == [client.email]
        )

    def test_all_three_mails_have_the_own_text(self) -> None:
        paid = self.pay(self.own)
        order, invoice, payment = paid.sale_order_ids, paid.invoice_ids, paid.payment_id
        self.assertEqual(
            self.subjects(self.own),
            [
                f"Subject for {self.own.name} invoice: {invoice.display_name}",
                f"Subject for {self.own.name} order_confirmation: {order.display_name}",
                f"Subject for {self.own.name} payment_receipt: {payment.display_name}",
            ],
        )
        for _to, mail in self.inbox.mails:
            self.assertIn(f"Body for {self.own.name}", words_of(mail))

    def test_all_three_mails_have_the_global_text_for_others(self) -> None:
        paid = self.pay(self.plain)
        documents = {
            self.confirmation_text: paid.sale_order_ids,
            self.invoice_text: paid.invoice_ids,
            self.receipt_text: paid.payment_id,
        }
        self.assertEqual(
            self.subjects(self.plain),
            sorted(self.render_global(*pair)[0] for pair in documents.items()),
        )

    def test_copy_chosen_for_automatic_invoices_is_replaced_too(self) -> None:
        copy = self.invoice_text.copy({"subject": "A copy"})
        self.env["ir.config_parameter"].set_param(
            "sale.default_invoice_email_template", copy.id
        )
        paid = self.pay(self.own)
        name = paid.invoice_ids.display_name
        subject = f"Subject for {self.own.name} invoice: {name}"
        self.assertIn(subject, self.subjects(self.own))
        self.pay(self.plain)
        self.assertIn("A copy", self.subjects(self.plain))

    def test_broken_texts_undo_neither_payment_nor_order_nor_invoice(self) -> None:
        paid = self.pay(self.broken)
        self.assertTrue(paid.is_post_processed)
        self.assertEqual(paid.sale_order_ids.state, "sale")
        self.assertEqual(paid.invoice_ids.state, "posted")
        self.assertIn(paid.invoice_ids.payment_state, ("paid", "in_payment"))
        self.assertIn(paid.payment_id.state, ("in_process", "paid"))
        self.assert_nothing_to(self.broken)
        self.assert_unsent(paid.sale_order_ids, "order_confirmation")
        self.assert_unsent(paid.invoice_ids, "invoice")
        self.assert_unsent(paid.payment_id, "payment_receipt")
        self.assertFalse(paid.invoice_ids.is_move_sent)

    def test_automatic_invoices_are_tried_again_when_the_text_is_mended(self) -> None:
        paid = self.pay(self.broken)
        self.mend(self.broken)
        paid._cron_send_invoice()
        paid._cron_send_invoice()
        self.assertIn("Body mended", words_of(self.mail_to(self.broken)))
        self.assertFalse(self.unsent(paid.invoice_ids))
        self.assertTrue(paid.invoice_ids.is_move_sent)


@tagged("post_install", "-at_install")
class TestClientTemplateAcceptance(ClientTemplateCommon, HttpCase):
    """A client accepts an estimate in the portal, by signing it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.write_text(cls.own, "order_confirmation")
        cls.write_text(cls.broken, "order_confirmation", body=BROKEN)
        cls.confirmation_text = cls.env.ref("sale.mail_template_sale_confirmation")
        cls.env["ir.config_parameter"].set_param("sale.async_emails", "False")

    def accept(self, client: Any) -> Any:
        order = self.make_order(client, require_signature=True, require_payment=False)
        order.sudo().state = "sent"
        token = order.sudo()._portal_ensure_token()
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": token, "name": client.name, "signature": SIGNATURE},
        )
        self.assertTrue(answer.get("force_refresh"), answer)
        return self.reread(order.sudo())

    def test_acceptance_is_answered_with_the_own_text(self) -> None:
        order = self.accept(self.own)
        self.assertEqual(order.state, "sale")
        self.assert_own(self.own, order, "order_confirmation", self.confirmation_text)

    def test_acceptance_is_answered_with_the_global_text_to_others(self) -> None:
        order = self.accept(self.plain)
        self.assert_global(self.plain, order, self.confirmation_text)

    def test_broken_text_does_not_undo_the_signature(self) -> None:
        order = self.accept(self.broken)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.signed_by, self.broken.name)
        self.assertTrue(order.signature)
        self.assert_unsent(order, "order_confirmation")
        self.assertEqual(self.unsent(order).user_id, self.salesman)
        self.assert_nothing_to(self.broken)
