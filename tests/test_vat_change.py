from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.client_hub.models.account_move_send import VAT_QUESTION

from .document_common import NEW_VAT, VAT
from .vat_change_common import ALL_FILES, OTHER_VAT, SEND, VatChangeCommon


@tagged("post_install", "-at_install")
class TestVatChange(VatChangeCommon):
    # ------------------------------------------------------------- the question

    def test_unchanged_number_goes_out_without_a_question(self) -> None:
        self.send(self.invoice)
        self.assert_files_name(self.invoice, VAT, ALL_FILES)

    def test_changed_number_is_asked_about(self) -> None:
        self.client.vat = NEW_VAT
        alert = self.wizard_of(self.invoice).alerts[VAT_QUESTION]
        self.assertEqual(alert["level"], "danger")
        self.assertEqual(alert["action_text"], "Decide")
        question = self.question_of(self.invoice)
        self.assertEqual(question.client_id, self.client)
        self.assertEqual((question.printed_vat, question.current_vat), (VAT, NEW_VAT))

    def test_changed_number_is_not_sent(self) -> None:
        self.client.vat = NEW_VAT
        wizard = self.wizard_of(self.invoice)
        with self.assertRaisesRegex(UserError, f"{VAT}.*{NEW_VAT}.*reset it to draft"):
            wizard.action_send_and_print()
        self.assert_nothing_went_out(self.invoice)

    def test_neither_is_it_sent_without_the_wizard(self) -> None:
        self.client.vat = NEW_VAT
        sending = self.env[SEND].with_user(self.biller)
        with self.assertRaisesRegex(UserError, f"{VAT}.*{NEW_VAT}"):
            sending._generate_and_send_invoices(self.reread(self.invoice))
        self.assert_nothing_went_out(self.invoice)

    def test_nor_as_a_pro_forma(self) -> None:
        self.client.vat = NEW_VAT
        self.reread(self.invoice)
        sending = self.env[SEND].with_user(self.biller)
        sent = sending._generate_and_send_invoices(
            self.invoice, allow_fallback_pdf=True, allow_raising=False
        )
        self.assertFalse(sent)
        self.assert_nothing_went_out(self.invoice)
        self.assertIn(NEW_VAT, self.invoice.message_ids[0].body)

    def test_formatting_alone_asks_nothing(self) -> None:
        snapshot = {"vat": "FR 40 303.265-045", "lines": []}
        self.invoice.client_identifiers_printed = snapshot
        self.send(self.invoice)

    def test_removed_number_is_asked_about(self) -> None:
        self.client.vat = False
        question = self.question_of(self.invoice)
        self.assertEqual((question.printed_vat, question.current_vat), (VAT, "/"))

    def test_added_number_is_asked_about(self) -> None:
        invoice = self.make_taxed_invoice(self.client_de)
        self.client_de.vat = "DE136695976"
        question = self.question_of(invoice)
        self.assertEqual(
            (question.printed_vat, question.current_vat), ("/", "DE136695976")
        )

    def test_document_that_was_generated_asks_nothing(self) -> None:
        self.send(self.invoice)
        files = self.files_of(self.invoice)
        self.client.vat = NEW_VAT
        self.send(self.invoice)
        self.assertEqual(self.files_of(self.invoice), files)

    def test_xml_that_is_missing_beside_the_pdf_is_asked_about(self) -> None:
        self.set_format(None)
        self.send(self.invoice)
        self.client.vat = NEW_VAT
        self.assertFalse(self.asks(self.invoice))
        self.set_format("ubl_bis3")
        self.assertTrue(self.asks(self.invoice))

    def test_invoice_posted_before_installation_asks_nothing(self) -> None:
        self.invoice.client_identifiers_printed = False
        self.client.vat = NEW_VAT
        self.send(self.invoice)
        self.assert_files_name(self.invoice, NEW_VAT, ALL_FILES)

    def test_without_electronic_invoices_nothing_is_asked(self) -> None:
        def missing(move: Any) -> None:
            raise AttributeError

        self.client.vat = NEW_VAT
        self.assertTrue(self.invoice._needs_client_vat_decision("ubl_bis3"))
        model = self.env.registry["account.move"]
        with patch.object(model, "_need_ubl_cii_xml", property(missing)):
            self.assertFalse(self.invoice._needs_client_vat_decision("ubl_bis3"))

    # ------------------------------------------------------------- the decision

    def test_decision_to_keep_the_number(self) -> None:
        for edi_format in ("ubl_bis3", "facturx"):
            with self.subTest(edi_format=edi_format):
                self.set_format(edi_format)
                self.client.vat = VAT
                invoice = self.make_taxed_invoice()
                self.client.vat = NEW_VAT
                self.check_keeping(invoice)

    def check_keeping(self, invoice: Any) -> None:
        """Keep the number and send, and assert that the client stays as it is."""
        self.keep(invoice)
        before = self.partner_rows()
        self.send(invoice)
        self.assert_files_name(invoice, VAT, ALL_FILES)
        self.assertEqual(self.partner_rows(), before)
        self.assertEqual((self.client.vat, self.client.peppol_endpoint), 2 * (NEW_VAT,))

    def partner_rows(self) -> list[tuple]:
        """Return the client and its contact as the database has them."""
        self.env.flush_all()
        # Core notes in the client that it may sign up.
        self.env.cr.execute(
            """SELECT id, to_jsonb(partner) - '{signup_type,write_uid}'::text[]
                 FROM res_partner partner
                WHERE commercial_partner_id = %s ORDER BY id""",
            [self.client.id],
        )
        return self.env.cr.fetchall()

    def test_decision_to_keep_the_number_of_a_contact(self) -> None:
        invoice = self.make_taxed_invoice(self.contact)
        self.client.vat = NEW_VAT
        self.check_keeping(invoice)

    def test_decision_to_keep_a_removed_number(self) -> None:
        self.client.vat = False
        self.keep(self.invoice)
        self.send(self.invoice)
        self.assert_files_name(self.invoice, VAT, ALL_FILES)
        self.assertFalse(self.client.vat)

    def test_another_change_asks_again(self) -> None:
        self.client.vat = NEW_VAT
        self.keep(self.invoice)
        self.assertFalse(self.asks(self.invoice))
        self.client.vat = OTHER_VAT
        self.assertTrue(self.asks(self.invoice))

    def test_number_that_changed_back_asks_nothing(self) -> None:
        self.client.vat = NEW_VAT
        self.assertTrue(self.asks(self.invoice))
        self.client.vat = VAT
        self.send(self.invoice)

    def test_decision_to_reset_to_draft(self) -> None:
        self.client.vat = NEW_VAT
        action = self.question_of(self.invoice).action_reset()
        self.assertEqual(action["res_id"], self.invoice.id)
        self.assertEqual(self.invoice.state, "draft")
        self.invoice.with_user(self.biller).action_post()
        self.send(self.invoice)
        self.assert_files_name(self.invoice, NEW_VAT, ALL_FILES)

    def test_who_may_not_invoice_may_not_decide(self) -> None:
        reader = self._create_user("hub_reader", "account.group_account_readonly")
        invoice = self.invoice.with_user(reader)
        self.assertTrue(invoice.has_access("read"))
        questions = self.env["client.hub.vat.change"].with_user(reader)
        with self.assertRaises(AccessError):
            questions.create({"move_id": invoice.id}).action_keep()
        self.assertFalse(self.invoice.client_vat_kept)
