from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.tests import tagged

from .client_template_common import ClientTemplateCommon, words_of

CRON = "account.ir_cron_account_move_send"


@tagged("post_install", "-at_install")
class TestClientTemplateInvoices(ClientTemplateCommon):
    """Invoices and credit notes, by the wizards, the cron and by code."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.write_texts("invoice")
        cls.write_text(cls.own, "credit_note")
        cls.invoice_text = cls.env.ref("account.email_template_edi_invoice")
        cls.credit_text = cls.env.ref("account.email_template_edi_credit_note")

    def open_wizard(self, *invoices: Any) -> Any:
        moves = self.reread(self.env["account.move"].union(*invoices))
        kind = "batch.wizard" if len(moves) > 1 else "wizard"
        wizards = self.env[f"account.move.send.{kind}"].with_user(self.biller)
        return wizards.with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({})

    def test_wizard_sends_the_own_text(self) -> None:
        invoice = self.make_invoice(self.own)
        self.open_wizard(invoice).action_send_and_print()
        self.assert_own(self.own, invoice, "invoice", self.invoice_text)

    def test_wizard_sends_the_own_text_in_the_language_of_the_document(self) -> None:
        invoice = self.make_invoice(self.chinese)
        self.open_wizard(invoice).action_send_and_print()
        self.assert_own(self.chinese, invoice, "invoice", self.invoice_text)

    def test_wizard_sends_the_global_text_to_others(self) -> None:
        invoice = self.make_invoice(self.plain)
        self.open_wizard(invoice).action_send_and_print()
        self.assert_global(self.plain, invoice, self.invoice_text)

    def test_credit_note_has_a_text_of_its_own(self) -> None:
        refund = self.make_invoice(self.own, move_type="out_refund")
        self.open_wizard(refund).action_send_and_print()
        self.assert_own(self.own, refund, "credit_note", self.credit_text)

    def test_credit_note_is_never_sent_with_the_text_for_invoices(self) -> None:
        refund = self.make_invoice(self.chinese, move_type="out_refund")
        self.open_wizard(refund).action_send_and_print()
        self.assert_global(self.chinese, refund, self.credit_text)

    def test_batch_sends_ten_clients_ten_texts(self) -> None:
        clients = self.env["res.partner"]
        for number in range(10):
            client = self._create_client(
                f"Client {number}",
                "fr",
                email=f"c{number}@example.com",
                invoice_sending_method="email",
            )
            self.write_text(client, "invoice")
            clients += client
        invoices = [self.make_invoice(client) for client in clients]
        self.open_wizard(*invoices).action_send_and_print()
        self.run_cron(CRON)
        for client, invoice in zip(clients, invoices, strict=True):
            self.assert_own(client, invoice, "invoice", self.invoice_text)

    def test_mixed_batch_goes_out_except_for_the_broken_text(self) -> None:
        invoices = [self.make_invoice(client) for client in self.clients]
        refund = self.make_invoice(
            self._create_client("Refunded", "fr", email="refunded@example.com"),
            move_type="out_refund",
        )
        self.write_text(refund.partner_id, "credit_note")
        broken = invoices[3]
        wizard = self.open_wizard(refund, *invoices)
        self.assertIn("BROKEN Workshop", str(wizard.alerts))
        wizard.action_send_and_print()
        self.run_cron(CRON)
        self.assert_own(self.own, invoices[0], "invoice", self.invoice_text)
        self.assert_own(self.chinese, invoices[1], "invoice", self.invoice_text)
        self.assert_global(self.plain, invoices[2], self.invoice_text)
        self.assert_own(refund.partner_id, refund, "credit_note", self.credit_text)
        self.assert_nothing_to(self.broken)
        self.assert_unsent(broken, "invoice")
        self.assertFalse(broken.sending_data, "It leaves the queue")
        self.assertFalse(broken.is_move_sent)
        self.assertFalse(self.unsent(invoices[0]))

    def test_second_run_sends_what_was_mended_and_nothing_twice(self) -> None:
        good, broken = self.make_invoice(self.own), self.make_invoice(self.broken)
        self.open_wizard(good, broken).action_send_and_print()
        self.run_cron(CRON)
        self.run_cron(CRON)
        self.assert_own(self.own, good, "invoice", self.invoice_text)
        self.assert_nothing_to(self.broken)
        self.mend(self.broken)
        third = self.make_invoice(self.plain)
        self.open_wizard(broken, third).action_send_and_print()
        self.run_cron(CRON)
        self.assertIn("Body mended", words_of(self.mail_to(self.broken)))
        self.assert_global(self.plain, third, self.invoice_text)
        self.assertFalse(self.unsent(broken))
        self.assertTrue(broken.is_move_sent)

    def test_wizard_opens_and_refuses_to_send_a_broken_text(self) -> None:
        invoice = self.make_invoice(self.broken)
        wizard = self.open_wizard(invoice)
        why = "BROKEN Workshop.*Invoice.*1 / "
        with self.assertRaisesRegex(UserError, why) as caught:
            wizard.action_send_and_print()
        self.assertIn("Email Templates", str(caught.exception))
        self.assertFalse(self.inbox.mails)

    def test_broken_text_does_not_hinder_printing(self) -> None:
        invoice = self.make_invoice(self.broken)
        wizard = self.open_wizard(invoice)
        wizard.sending_methods = ["manual"]
        wizard.action_send_and_print()
        self.assertTrue(invoice.invoice_pdf_report_id)
        self.assertFalse(self.inbox.mails)

    def test_code_that_sends_one_invoice_is_not_undone_by_a_broken_text(self) -> None:
        invoice = self.make_invoice(self.broken)
        invoice._generate_and_send()
        self.assert_unsent(invoice, "invoice")
        self.assertFalse(self.inbox.mails)

    def test_code_that_sends_several_at_once_sends_the_others(self) -> None:
        good, broken = self.make_invoice(self.own), self.make_invoice(self.broken)
        (good + broken)._generate_and_send()
        self.assert_own(self.own, good, "invoice", self.invoice_text)
        self.assert_unsent(broken, "invoice")

    def test_text_written_by_hand_replaces_the_broken_one(self) -> None:
        invoice = self.make_invoice(self.broken)
        wizard = self.open_wizard(invoice)
        wizard.write({"subject": "By hand", "body": "<p>Written by hand</p>"})
        wizard.action_send_and_print()
        mail = self.mail_to(self.broken)
        self.assertEqual(mail["Subject"], "By hand")
        self.assertIn("Written by hand", words_of(mail))
