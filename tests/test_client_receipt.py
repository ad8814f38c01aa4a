from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .client_template_common import words_of
from .test_client_template_payments import PaymentReceiptCommon

CRON = "client_hub.ir_cron_client_receipts"


@tagged("post_install", "-at_install")
class TestClientReceipt(PaymentReceiptCommon):
    """Receipts sent by themselves, once for each payment."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company.client_hub_mail_receipts = True
        cls.company.email = "office@example.com"
        # Created within the second in which the switch was turned.
        cls.company.client_hub_receipts_since = "2020-01-01 00:00:00"

    def run_receipts(self) -> None:
        self.env.flush_all()
        self.run_cron(CRON)
        self.env.invalidate_all()

    def assert_sent(self, payment: Any, state: str = "sent") -> None:
        self.assertEqual(payment.sudo().client_receipt_state, state)

    def test_posted_payment_is_acknowledged_with_the_receipt(self) -> None:
        payment = self.make_payment(self.own)
        self.assertFalse(self.inbox.mails, "Posting sends nothing itself")
        self.assert_sent(payment, "queued")
        self.run_receipts()
        self.assert_own(self.own, payment, "payment_receipt", self.receipt_text)
        self.assertIn("office@example.com", self.mail_to(self.own)["From"])
        self.assertEqual(len(self.pdfs(self.own)), 1)
        self.assertEqual(len(self.inbox.mails), 1, "Staff who follow it get none")
        self.assert_sent(payment)

    def test_each_client_gets_its_text_and_one_that_fails_is_listed(self) -> None:
        own, chinese, plain, broken = (self.make_payment(one) for one in self.clients)
        self.run_receipts()
        self.run_receipts()
        self.assert_own(self.own, own, "payment_receipt", self.receipt_text)
        self.assert_own(self.chinese, chinese, "payment_receipt", self.receipt_text)
        self.assert_global(self.plain, plain, self.receipt_text)
        self.assert_nothing_to(self.broken)
        self.assert_sent(broken, "failed")
        self.assert_unsent(broken, "payment_receipt")

    def test_reconciling_later_acknowledges_nothing_twice(self) -> None:
        payment = self.make_payment(self.own)
        self.run_receipts()
        payment.state = "paid"
        payment.action_draft()
        payment.action_post()
        self.run_receipts()
        self.mail_to(self.own)
        self.assert_sent(payment)

    def test_registered_payment_is_acknowledged(self) -> None:
        invoice = self.make_invoice(self.own)
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        wizard.action_create_payments()
        self.run_receipts()
        payment = invoice.reconciled_payment_ids
        self.assert_own(self.own, payment, "payment_receipt", self.receipt_text)

    def test_nothing_is_sent_while_the_switch_is_off(self) -> None:
        self.company.client_hub_mail_receipts = False
        payment = self.make_payment(self.own)
        self.run_receipts()
        self.assertFalse(self.inbox.mails)
        self.assert_sent(payment, False)

    def test_payments_before_the_switch_are_not_acknowledged(self) -> None:
        self.company.client_hub_mail_receipts = False
        payment = self.make_payment(self.own)
        self.company.client_hub_mail_receipts = True
        self.company.client_hub_receipts_since = "2099-01-01 00:00:00"
        payment.state = "paid"
        payment.action_draft()
        payment.action_post()
        self.run_receipts()
        self.assertFalse(self.inbox.mails)

    def test_switch_remembers_the_moment_it_was_turned_on(self) -> None:
        self.company.client_hub_mail_receipts = False
        self.assertFalse(self.company.client_hub_receipts_since)
        self.env["res.config.settings"].create(
            {"client_hub_mail_receipts": True}
        ).execute()
        since = self.company.client_hub_receipts_since
        self.assertTrue(since)
        self.env["res.config.settings"].create({}).execute()
        self.assertEqual(self.company.client_hub_receipts_since, since)

    def test_client_may_opt_out_with_all_its_contacts(self) -> None:
        self.own.client_receipt_opt_out = True
        payments = self.make_payment(self.own) + self.make_payment(self.contact)
        self.run_receipts()
        self.assertFalse(self.inbox.mails)
        self.assertEqual(set(payments.sudo().mapped("client_receipt_state")), {False})

    def test_opting_out_counts_for_what_is_queued(self) -> None:
        payment = self.make_payment(self.own)
        self.own.client_receipt_opt_out = True
        self.run_receipts()
        self.assertFalse(self.inbox.mails)
        self.assert_sent(payment, False)

    def test_payment_reset_before_the_run_is_not_acknowledged(self) -> None:
        payment = self.make_payment(self.own)
        payment.action_draft()
        self.run_receipts()
        self.assertFalse(self.inbox.mails)
        payment.action_post()
        self.run_receipts()
        self.mail_to(self.own)

    def test_money_paid_back_and_vendors_get_no_receipt(self) -> None:
        self.make_payment(self.own, payment_type="outbound")
        self.make_payment(self.own, partner_type="supplier")
        self.run_receipts()
        self.assertFalse(self.inbox.mails)

    def test_client_without_address_is_listed_and_stops_nobody(self) -> None:
        self.plain.email = False
        silent, payment = self.make_payment(self.plain), self.make_payment(self.own)
        self.run_receipts()
        self.assert_sent(silent, "failed")
        self.assertIn("no address", self.unsent(silent).note)
        self.assert_own(self.own, payment, "payment_receipt", self.receipt_text)

    def test_receipt_that_crashes_is_listed_and_stops_nobody(self) -> None:
        crashing, payment = self.make_payment(self.plain), self.make_payment(self.own)
        payments = type(self.env["account.payment"])
        post = payments._post_client_receipt

        def crash(record: Any) -> Any:
            if record == crashing:
                raise RuntimeError
            return post(record)

        self.patch(payments, "_post_client_receipt", crash)
        with self.assertLogs("odoo.addons.client_hub", "ERROR"):
            self.run_receipts()
        self.assert_sent(crashing, "failed")
        self.assert_sent(payment)

    def test_receipt_sent_by_hand_is_not_sent_again(self) -> None:
        payment = self.make_payment(self.own)
        self.compose_receipt(payment)
        self.run_receipts()
        self.mail_to(self.own)
        self.assert_sent(payment)

    def test_receipt_that_failed_is_sent_by_hand(self) -> None:
        payment = self.make_payment(self.broken)
        self.run_receipts()
        self.mend(self.broken)
        self.compose_receipt(payment)
        self.assertIn("Body mended", words_of(self.mail_to(self.broken)))
        self.assert_sent(payment)
        self.assertFalse(self.unsent(payment))

    def test_payment_locked_by_another_run_is_left_to_it(self) -> None:
        payment = self.make_payment(self.own)
        nobody = self.env["account.payment"]
        self.patch(type(nobody), "try_lock_for_update", lambda *_args, **_kw: nobody)
        self.run_receipts()
        self.assertFalse(self.inbox.mails)
        self.assert_sent(payment, "queued")

    def test_money_matched_straight_with_the_bank_gets_no_receipt(self) -> None:
        invoice = self.make_invoice(self.own)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2024-05-07",
                "payment_ref": invoice.name,
                "partner_id": self.own.id,
                "amount": 100.0,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = invoice.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        suspense.account_id = receivable.account_id
        (suspense + receivable).reconcile()
        self.run_receipts()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertFalse(self.inbox.mails)

    def compose_receipt(self, payment: Any) -> None:
        """Send the receipt as staff do from the menu Actions."""
        self.compose(
            {
                "context": {
                    "default_template_id": self.receipt_text.id,
                    "default_model": "account.payment",
                    "default_res_ids": payment.ids,
                    "default_composition_mode": "comment",
                }
            },
            self.biller,
        )
