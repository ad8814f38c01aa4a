from __future__ import annotations

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .document_common import (
    EORI,
    GLN,
    LINES,
    NEW_VAT,
    ROWS,
    SNAPSHOT,
    VAT,
    DocumentCommon,
    rows_of,
    text_of,
)

OWN_VIEWS = [
    "client_hub.report_invoice_document",
    "client_hub.report_saleorder_document",
    "client_hub.report_payment_receipt_document",
]


@tagged("post_install", "-at_install")
class TestIdentifierFreezing(DocumentCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.invoice = cls.make_invoice()

    # ------------------------------------------------------------ the snapshot

    def test_posting_freezes_the_vat_number_and_the_lines(self) -> None:
        for move_type in ("out_invoice", "out_refund", "out_receipt"):
            with self.subTest(move_type=move_type):
                invoice = self.make_invoice(move_type=move_type, post=False)
                self.assertFalse(invoice.client_identifiers_printed)
                invoice.with_user(self.biller).action_post()
                self.assertEqual(
                    self.reread(invoice).client_identifiers_printed, SNAPSHOT
                )

    def test_client_without_any_number_is_frozen_too(self) -> None:
        invoice = self.make_invoice(self.client_de)
        self.assertEqual(invoice.client_identifiers_printed, {"vat": "", "lines": []})
        self._create_identifier(self.client_de, *EORI)
        self.client_de.vat = "DE136695976"
        page = self.render(invoice)
        self.assertEqual(rows_of(page), [])
        self.assertNotIn("DE136695976", text_of(page))

    def test_contact_freezes_the_numbers_of_its_company(self) -> None:
        invoice = self.make_invoice(self.contact)
        self.assertEqual(invoice.client_identifiers_printed, SNAPSHOT)

    def test_documents_of_vendors_are_not_frozen(self) -> None:
        for move_type in ("in_invoice", "in_refund", "in_receipt"):
            with self.subTest(move_type=move_type):
                bill = self.make_invoice(move_type=move_type)
                self.assertFalse(bill.client_identifiers_printed)

    def test_journal_entry_is_not_frozen(self) -> None:
        account = self.company_data["default_account_revenue"]
        line = {"partner_id": self.client.id, "account_id": account.id}
        entry = self.env["account.move"].create(
            {
                "partner_id": self.client.id,
                "line_ids": [
                    Command.create({**line, "debit": 10.0}),
                    Command.create({**line, "credit": 10.0}),
                ],
            }
        )
        entry.action_post()
        self.assertEqual(entry.state, "posted")
        self.assertFalse(entry.client_identifiers_printed)

    def test_portal_user_cannot_read_the_snapshot(self) -> None:
        portal = self._create_user(
            "hub_portal_freeze", "base.group_portal", partner_id=self.contact.id
        )
        invoice = self._as(portal, self.invoice)
        self.assertEqual(invoice.read(["name"])[0]["name"], invoice.name)
        for field in ("client_identifiers_printed", "client_vat_kept"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                invoice.read([field])

    # ----------------------------------------------- later changes of the client

    def assert_prints_as_posted(self) -> None:
        self.assertEqual(self.printed_rows(self.invoice), ROWS)
        # The change is real: a draft prints it.
        self.assertNotEqual(self.printed_rows(self.make_invoice(post=False)), ROWS)

    def test_changed_line(self) -> None:
        self.siren.number = "552100554"
        self.assert_prints_as_posted()

    def test_deleted_line(self) -> None:
        self.eori.unlink()
        self.assert_prints_as_posted()

    def test_added_line(self) -> None:
        self._create_identifier(self.client, "DUNS", "150483782")
        self.assert_prints_as_posted()

    def test_line_no_longer_printed(self) -> None:
        self.gln.print_on_documents = False
        self.assert_prints_as_posted()

    def test_line_in_another_place(self) -> None:
        self.gln.sequence = 0
        self.assert_prints_as_posted()

    def test_line_moved_to_another_client(self) -> None:
        self.eori.partner_id = self.client_de
        self.assert_prints_as_posted()

    def test_changed_label_of_ones_own(self) -> None:
        line = self._create_identifier(self.client, "OTHER", "ATM-1", label="Service")
        invoice = self.make_invoice()
        line.label = "Department"
        self.assertEqual(self.printed_rows(invoice), [*ROWS, "Service: ATM-1"])

    def test_changed_language_translates_the_labels_alone(self) -> None:
        self.client.lang = "zh_CN"
        rows = self.printed_rows(self.invoice)
        self.assertNotEqual(rows, ROWS)
        self.assertEqual(
            [row.split(": ")[1] for row in rows],
            [row.split(": ")[1] for row in ROWS],
        )
        label = self.gln.with_context(lang="zh_CN")._get_label()
        self.assertEqual(rows[-1], f"{label}: {GLN[1]}")

    def test_changed_vat_number_in_each_branch_of_the_address(self) -> None:
        shippings = (self.client, self.contact, self.contact.browse())
        invoices = [
            self.make_invoice(partner_shipping_id=shipping.id) for shipping in shippings
        ]
        self.client.vat = NEW_VAT
        for invoice, shipping in zip(invoices, shippings, strict=True):
            with self.subTest(shipping=shipping.name):
                text = self.printed_text(invoice)
                self.assert_printed_once(VAT, text)
                self.assertNotIn(NEW_VAT, text)

    def test_changed_vat_number_is_printed_as_core_prints_it(self) -> None:
        before = self.printed_text(self.invoice)
        self.client.vat = NEW_VAT
        self.assertEqual(self.printed_text(self.invoice), before)

    def test_changed_vat_number_of_a_contact(self) -> None:
        invoice = self.make_invoice(self.contact)
        before = self.printed_text(invoice)
        self.client.vat = NEW_VAT
        self.assertEqual(self.contact.vat, NEW_VAT)
        self.assertEqual(self.printed_text(invoice), before)

    def test_removed_vat_number(self) -> None:
        before = self.printed_text(self.invoice)
        self.client.vat = False
        self.assertEqual(self.printed_text(self.invoice), before)

    def test_vat_number_that_became_a_line(self) -> None:
        self.client.vat = NEW_VAT
        self._create_identifier(self.client, "FR_VAT", VAT)
        text = self.printed_text(self.invoice)
        self.assert_printed_once(VAT, text)
        self.assertNotIn(NEW_VAT, text)

    def test_other_formatting_of_the_vat_number_is_printed_once(self) -> None:
        # As it was stored before core brought such numbers into one form.
        frozen = {"vat": "FR 40 303 265 045", "lines": LINES}
        self.invoice.client_identifiers_printed = frozen
        page = self.render(self.invoice)
        self.assertEqual(rows_of(page), ROWS)
        self.assert_printed_once(VAT, text_of(page))

    def test_unknown_scheme_in_a_snapshot_prints_under_its_key(self) -> None:
        line = {"scheme": "XX_GONE", "label": "", "number": "42"}
        self.invoice.client_identifiers_printed = {"vat": VAT, "lines": [line]}
        self.assertEqual(self.printed_rows(self.invoice), ["XX_GONE: 42"])

    # ------------------------------------------------------- draft and back again

    def test_draft_follows_the_client(self) -> None:
        draft = self.make_invoice(post=False)
        self.client.vat = NEW_VAT
        self.eori.unlink()
        page = self.render(draft)
        self.assertEqual(rows_of(page), [ROWS[0], ROWS[2]])
        self.assert_printed_once(NEW_VAT, text_of(page))
        self.assertNotIn(VAT, text_of(page))

    def test_reset_to_draft_prints_today_and_posting_freezes_anew(self) -> None:
        self.client.vat = NEW_VAT
        self.eori.unlink()
        self.invoice.with_user(self.biller).button_draft()
        self.assertFalse(self.reread(self.invoice).client_identifiers_printed)
        self.assert_printed_once(NEW_VAT, self.printed_text(self.invoice))
        self.invoice.with_user(self.biller).action_post()
        self.assertEqual(
            self.reread(self.invoice).client_identifiers_printed,
            {"vat": NEW_VAT, "lines": [LINES[0], LINES[2]]},
        )

    def test_reset_forgets_the_decision_to_keep_a_number(self) -> None:
        self.invoice.client_vat_kept = NEW_VAT
        self.invoice.button_draft()
        self.assertFalse(self.invoice.client_vat_kept)

    def test_copies_take_no_snapshot_along(self) -> None:
        self.invoice.client_vat_kept = NEW_VAT
        for copy in (self.invoice.copy(), self.invoice._reverse_moves()):
            with self.subTest(move_type=copy.move_type):
                self.assertFalse(copy.client_identifiers_printed)
                self.assertFalse(copy.client_vat_kept)

    def test_credit_note_of_an_invoice_freezes_its_own_day(self) -> None:
        self.client.vat = NEW_VAT
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        wizard = wizard.create({"journal_id": self.invoice.journal_id.id})
        action = wizard.with_user(self.biller).sudo().modify_moves()
        credit_note = self.invoice.reversal_move_ids
        self.assertEqual(credit_note.state, "posted")
        self.assertEqual(credit_note.client_identifiers_printed["vat"], NEW_VAT)
        self.assertEqual(self.invoice.client_identifiers_printed["vat"], VAT)
        copy = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(
            (copy.state, copy.client_identifiers_printed), ("draft", False)
        )

    # ------------------------------------------------- posted before installation

    def test_invoice_posted_before_installation_prints_what_core_prints(self) -> None:
        for shipping in (self.client, self.contact, self.contact.browse()):
            with self.subTest(shipping=shipping.name):
                self.invoice.partner_shipping_id = shipping
                self.check_prints_as_core()

    def test_it_follows_a_changed_vat_number_as_core_does(self) -> None:
        self.client.vat = NEW_VAT
        self.assertIn(NEW_VAT, self.check_prints_as_core())

    def test_its_reset_to_draft_prints_today_and_posting_freezes(self) -> None:
        self.forget_snapshot()
        self.invoice.button_draft()
        self.assertEqual(self.printed_rows(self.invoice), ROWS)
        self.invoice.action_post()
        self.assertEqual(self.invoice.client_identifiers_printed, SNAPSHOT)

    def forget_snapshot(self) -> None:
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET client_identifiers_printed = NULL WHERE id = %s",
            [self.invoice.id],
        )
        self.env.invalidate_all()

    def check_prints_as_core(self) -> str:
        """Assert that the add-on changes nothing on the page; return the page."""
        self.forget_snapshot()
        views = [self.env.ref(xmlid).sudo() for xmlid in OWN_VIEWS]
        printed = self.printed_text(self.invoice)
        for view in views:
            view.active = False
        self.assertEqual(printed, self.printed_text(self.invoice))
        for view in views:
            view.active = True
        return printed
