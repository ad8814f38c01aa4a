from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from odoo.addons.account_edi_ubl_cii.models import account_move as edi_move
from odoo.addons.account_edi_ubl_cii.models import account_move_send as edi_send
from odoo.addons.client_hub.models import account_move, account_move_send
from odoo.addons.client_hub.models.account_move_send import VAT_QUESTION

from .document_common import NEW_VAT, VAT
from .vat_change_common import ALL_FILES, OTHER_VAT, SEND, VatChangeCommon

SIRET = "73282932000074"


@tagged("post_install", "-at_install")
class TestVatChangeFiles(VatChangeCommon):
    """What electronic invoices name, and several documents at once."""

    # ---------------------------------------------------- files made on the fly

    def export(self, invoice: Any) -> str:
        """Return the file of the menu "Export XML"."""
        invoice = self.reread(invoice).with_user(self.biller)
        legal = invoice._get_invoice_legal_documents("ubl", allow_fallback=True)
        self.assertFalse(legal["errors"])
        return legal["content"].decode()

    def test_exported_file_names_the_number_of_the_document(self) -> None:
        self.client.vat = NEW_VAT
        content = self.export(self.invoice)
        self.assertIn(VAT, content)
        self.assertNotIn(NEW_VAT, content)

    def test_exported_file_of_a_draft_names_the_number_of_today(self) -> None:
        self.client.vat = NEW_VAT
        self.invoice.button_draft()
        content = self.export(self.invoice)
        self.assertIn(NEW_VAT, content)
        self.assertNotIn(VAT, content)

    def test_pro_forma_prints_the_number_of_the_document(self) -> None:
        self.client.vat = NEW_VAT
        invoice = self.reread(self.invoice)
        content = invoice._get_invoice_legal_documents("pdf", allow_fallback=True)
        self.assert_printed_once(VAT, content["content"].decode())
        self.assertNotIn(NEW_VAT, content["content"].decode())

    def test_number_added_after_posting_is_in_no_file(self) -> None:
        for edi_format in ("ubl_bis3", "facturx"):
            self.set_format(edi_format)
            self.client_de.vat = False
            invoice = self.make_taxed_invoice(self.client_de)
            self.client_de.vat = "DE136695976"
            self.keep(invoice)
            self.send(invoice)
            files = self.files_of(invoice)
            with self.subTest(edi_format=edi_format):
                self.assertEqual(set(files), ALL_FILES)
                self.assertNotIn("136695976", "".join(files.values()))

    def test_belgian_number_without_its_letters_is_frozen_too(self) -> None:
        client = self._create_client("Atelier", "be", vat="BE0477472701")
        client.write({"email": "be@example.com", "city": "Namur", "zip": "5000"})
        client.write({"street": "Rue 1", "invoice_edi_format": "ubl_bis3"})
        self.assertEqual(client.peppol_endpoint, "0477472701")
        invoice = self.make_taxed_invoice(client)
        client.vat = "BE0428759497"
        self.assertEqual(client.peppol_endpoint, "0428759497")
        content = self.export(invoice)
        self.assertNotIn("0428759497", content)
        self.assertIn('schemeID="0208">0477472701<', content)

    def test_address_that_is_not_the_number_stays(self) -> None:
        self.client.write({"company_registry": SIRET, "peppol_eas": "0009"})
        self.client.vat = NEW_VAT
        self.keep(self.invoice)
        self.send(self.invoice)
        content = self.files_of(self.invoice)["ubl"]
        self.assertIn(f'schemeID="0009">{SIRET}<', content)
        self.assertNotIn(NEW_VAT, content)

    # ------------------------------------------------------ the frozen block

    def vat_in_database(self) -> tuple:
        self.env.cr.execute(
            "SELECT vat, peppol_endpoint FROM res_partner WHERE id = %s",
            [self.client.id],
        )
        return self.env.cr.fetchone()

    def test_block_ends_with_the_number_of_today(self) -> None:
        self.client.vat = NEW_VAT
        with self.reread(self.invoice)._with_frozen_client_vat():
            self.assertEqual((self.client.vat, self.contact.vat), (VAT, NEW_VAT))
            self.assertEqual(self.client.with_user(self.biller).sudo().vat, VAT)
            self.assertIn(VAT, self.client.client_core_identifiers)
        self.assertEqual(self.client.vat, NEW_VAT)
        self.assertEqual(self.client.peppol_endpoint, NEW_VAT)
        self.assertIn(NEW_VAT, self.client.client_core_identifiers)

    def test_block_of_a_contact_freezes_the_company_too(self) -> None:
        invoice = self.make_taxed_invoice(self.contact)
        self.client.vat = NEW_VAT
        with self.reread(invoice)._with_frozen_client_vat():
            self.assertEqual((self.client.vat, self.contact.vat), (VAT, VAT))
        self.assertEqual((self.client.vat, self.contact.vat), (NEW_VAT, NEW_VAT))

    def test_block_that_fails_ends_with_the_number_of_today(self) -> None:
        self.client.vat = NEW_VAT
        block = self.reread(self.invoice)._with_frozen_client_vat()
        with self.assertRaisesRegex(ZeroDivisionError, "in the block"), block:
            self.assertEqual(self.client.vat, VAT)
            raise ZeroDivisionError("in the block")
        self.assertEqual(self.client.vat, NEW_VAT)

    def test_number_changed_in_the_same_transaction_is_not_lost(self) -> None:
        self.reread(self.invoice)
        self.client.vat = NEW_VAT
        with self.invoice._with_frozen_client_vat():
            self.assertEqual((self.client.vat, self.client.peppol_endpoint), 2 * (VAT,))
            self.env.flush_all()
        self.assertEqual(self.vat_in_database(), (NEW_VAT, NEW_VAT))
        self.assertEqual(self.client.vat, NEW_VAT)

    def test_writing_in_the_block_stores_nothing_of_it(self) -> None:
        self.client.vat = NEW_VAT
        with self.reread(self.invoice)._with_frozen_client_vat():
            self.client.comment = "Written"
            self.env.flush_all()
        self.assertEqual(self.vat_in_database(), (NEW_VAT, NEW_VAT))
        self.assertIn("Written", self.client.comment)

    def test_block_changes_nothing_where_nothing_changed(self) -> None:
        with self.reread(self.invoice)._with_frozen_client_vat():
            self.assertEqual(self.client.vat, VAT)
        self.assertEqual(self.client.vat, VAT)

    def test_files_of_core_are_made_inside_the_block(self) -> None:
        for model, ours, core in (
            ("account.move", account_move.AccountMove, edi_move.AccountMove),
            (SEND, account_move_send.AccountMoveSend, edi_send.AccountMoveSend),
        ):
            for name in (model, f"{SEND}.wizard", f"{SEND}.batch.wizard"):
                order = type(self.env[name]).mro()
                if ours in order:
                    self.assertLess(order.index(ours), order.index(core), name)
            self.assertIn(ours, type(self.env[model]).mro())

    # ------------------------------------------------------ several documents

    def send_in_the_background(self, invoices: Any) -> None:
        """Send with the wizard for several documents and the cron that does it."""
        self.wizard_of(invoices).action_send_and_print()
        self.assertTrue(all(invoice.sending_data for invoice in invoices))
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()
        self.reread(invoices)

    def test_batch_warns_and_shows_the_documents_in_question(self) -> None:
        other = self.make_taxed_invoice(self.client_de)
        self.client.vat = NEW_VAT
        alert = self.wizard_of(self.invoice + other).alerts[VAT_QUESTION]
        self.assertEqual(alert["level"], "warning")
        self.assertEqual(alert["action"]["res_id"], self.invoice.id)

    def test_batch_without_a_change_does_not_warn(self) -> None:
        other = self.make_taxed_invoice(self.client_de)
        wizard = self.wizard_of(self.invoice + other)
        self.assertNotIn(VAT_QUESTION, wizard.alerts or {})

    def test_batch_sends_the_others_and_asks_on_the_document(self) -> None:
        self.set_format("facturx")
        self.client_de.email = "de@example.com"
        other = self.make_taxed_invoice(self.client_de)
        self.client.vat = NEW_VAT
        self.send_in_the_background(self.invoice + other)
        self.assertTrue(other.is_move_sent)
        self.assertEqual(set(self.files_of(other)), ALL_FILES)
        self.assert_nothing_went_out(self.invoice)
        question = self.invoice.message_ids[0].body
        self.assertIn(VAT, question)
        self.assertIn(NEW_VAT, question)
        self.assertFalse(self.invoice.sending_data)

    def test_batch_sends_what_was_decided(self) -> None:
        later = self.make_taxed_invoice(post=False)
        self.client.vat = NEW_VAT
        later.action_post()
        self.keep(self.invoice)
        self.send_in_the_background(self.invoice + later)
        self.assert_files_name(self.invoice, VAT, ALL_FILES)
        self.assert_files_name(later, NEW_VAT, ALL_FILES)

    def test_another_change_stops_a_batch_that_was_decided(self) -> None:
        other = self.make_taxed_invoice(self.client_de)
        self.client.vat = NEW_VAT
        self.keep(self.invoice)
        self.client.vat = OTHER_VAT
        self.assertIn(VAT_QUESTION, self.wizard_of(self.invoice + other).alerts)
