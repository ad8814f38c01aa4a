from __future__ import annotations

from ast import literal_eval
from typing import Any

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .client_template_common import ClientTemplateCommon, words_of


class PaymentReceiptCommon(ClientTemplateCommon):
    """Payments of four clients, entered by somebody who may only invoice."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.write_texts("payment_receipt")
        cls.receipt_text = cls.env.ref("account.mail_template_data_payment_receipt")

    def make_payment(self, client: Any = None, post: bool = True, **vals: Any) -> Any:
        """Return a payment of 100 received from a client."""
        payment = (
            self.env["account.payment"]
            .with_user(self.biller)
            .create(
                {
                    "partner_id": (client or self.own).id,
                    "partner_type": "customer",
                    "payment_type": "inbound",
                    "amount": 100.0,
                    "journal_id": self.company_data["default_journal_bank"].id,
                    **vals,
                }
            )
        )
        if post:
            payment.action_post()
        return payment

    def pdfs(self, client: Any) -> list[str]:
        return [part.get_filename() for part in self.mail_to(client).iter_attachments()]


@tagged("post_install", "-at_install")
class TestClientTemplatePayments(PaymentReceiptCommon):
    """Payment receipts sent by hand and in mass."""

    def send(self, payments: Any, action: str) -> None:
        action = self.env.ref(f"account.{action}").sudo().read()[0]
        context = {
            **literal_eval(action["context"]),
            "active_model": "account.payment",
            "active_ids": payments.ids,
            "default_model": "account.payment",
        }
        self.reread(payments)
        composers = self.env["mail.compose.message"].with_user(self.biller)
        Form(composers.with_context(**context)).save().action_send_mail()
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    def send_one(self, payment: Any) -> None:
        self.send(payment, "account_send_payment_receipt_by_email_action")

    def send_all(self, payments: Any) -> None:
        self.send(payments, "account_send_payment_receipt_by_email_action_multi")

    def test_receipt_is_sent_with_the_own_text(self) -> None:
        payment = self.make_payment(self.own)
        self.send_one(payment)
        self.assert_own(self.own, payment, "payment_receipt", self.receipt_text)

    def test_receipt_is_sent_with_the_global_text_to_others(self) -> None:
        payment = self.make_payment(self.plain)
        self.send_one(payment)
        self.assert_global(self.plain, payment, self.receipt_text)

    def test_broken_receipt_is_not_sent_and_says_why(self) -> None:
        payment = self.make_payment(self.broken)
        why = "BROKEN Workshop.*Payment Receipt.*1 / "
        with self.assertRaisesRegex(UserError, why):
            self.send_one(payment)
        self.assertFalse(self.inbox.mails)

    def test_receipts_in_mass_give_each_client_its_text(self) -> None:
        payments = self.env["account.payment"].union(
            *(self.make_payment(client) for client in self.clients)
        )
        self.send_all(payments)
        own, chinese, plain, broken = payments
        self.assert_own(self.own, own, "payment_receipt", self.receipt_text)
        self.assert_own(self.chinese, chinese, "payment_receipt", self.receipt_text)
        self.assert_global(self.plain, plain, self.receipt_text)
        self.assert_nothing_to(self.broken)
        self.assert_unsent(broken, "payment_receipt")
        self.broken.client_template_ids.body_html = "<p>Body mended</p>"
        self.send_all(broken)
        self.assertIn("Body mended", words_of(self.mail_to(self.broken)))
        self.assertFalse(self.unsent(broken))
