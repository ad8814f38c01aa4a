from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from odoo.addons.client_hub.tools.identifier_schemes import SCHEMES

from .document_common import (
    EORI,
    GLN,
    INVOICE,
    ORDER,
    PRO_FORMA,
    RECEIPT,
    ROWS,
    VAT,
    DocumentCommon,
    rows_of,
    text_of,
)

SIREN_ROW, EORI_ROW, GLN_ROW = ROWS
VAT_ROW = f"Tax ID: {VAT}"


@tagged("post_install", "-at_install")
class TestIdentifierPrinting(DocumentCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.warehouse = cls._create_partner(name="Warehouse", street="1 Harbour Road")
        cls.shipping_group = cls.env.ref("account.group_delivery_invoice_address")
        cls.biller.sudo().group_ids -= cls.shipping_group
        # The term of the company's country, in place of core's own "Tax ID".
        cls.company.account_fiscal_country_id.vat_label = "Tax ID"

    def assert_address_block(self, page: Any, branch: str) -> None:
        """Assert that core took this branch, and all numbers stand below the name."""
        self.assertEqual(page.xpath(f"count(//div[@name='{branch}'])"), 1, branch)
        block = text_of(page.xpath("//div[@name='address']")[0])
        self.assertTrue(block.startswith(self.client.name), block)
        self.assertTrue(block.endswith(" ".join([VAT_ROW, *ROWS])), block)

    def printed_with_line(self, scheme: str, number: str, vat: str) -> list[str]:
        """Return what an invoice prints of a client that has but this line."""
        self.client.client_identifier_ids.unlink()
        self.client.vat = vat
        self._create_identifier(self.client, scheme, number)
        return self.printed_rows(self.make_invoice())

    # ---------------------------------------------------------- address branches

    def test_other_shipping_address(self) -> None:
        invoice = self.make_invoice(partner_shipping_id=self.warehouse.id)
        page = self.render(invoice)
        self.assert_address_block(page, "address_not_same_as_shipping")
        self.assertNotIn("1 Harbour Road", text_of(page))

    def test_other_shipping_address_that_is_printed(self) -> None:
        self.biller.sudo().group_ids += self.shipping_group
        invoice = self.make_invoice(partner_shipping_id=self.warehouse.id)
        page = self.render(invoice)
        self.assert_address_block(page, "address_not_same_as_shipping")
        shipping = page.xpath("//div[@name='shipping_address_block']")[0]
        self.assertIn("1 Harbour Road", text_of(shipping))
        self.assertNotIn("SIREN", text_of(shipping))

    def test_same_shipping_address(self) -> None:
        page = self.render(self.make_invoice(partner_shipping_id=self.client.id))
        self.assert_address_block(page, "address_same_as_shipping")

    def test_no_shipping_address(self) -> None:
        page = self.render(self.make_invoice(partner_shipping_id=False))
        self.assert_address_block(page, "no_shipping")

    def test_without_vat_number_the_other_rows_stay(self) -> None:
        self.client.vat = False
        for shipping in (self.warehouse, self.client, self.warehouse.browse()):
            with self.subTest(shipping=shipping.name):
                page = self.render(self.make_invoice(partner_shipping_id=shipping.id))
                self.assertEqual(rows_of(page), ROWS)
                self.assertNotIn("Tax ID", text_of(page))

    # --------------------------------------------------------------- documents

    def test_credit_note(self) -> None:
        self.assertEqual(
            self.printed_rows(self.make_invoice(move_type="out_refund")), ROWS
        )

    def test_sales_receipt(self) -> None:
        receipt = self.make_invoice(move_type="out_receipt")
        self.assertEqual(self.printed_rows(receipt), ROWS)

    def test_draft_invoice(self) -> None:
        self.assertEqual(self.printed_rows(self.make_invoice(post=False)), ROWS)

    def test_invoice_that_was_cancelled(self) -> None:
        invoice = self.make_invoice()
        invoice.button_cancel()
        self.assertEqual(invoice.state, "cancel")
        self.assertEqual(self.printed_rows(invoice), ROWS)

    def test_quotation_and_order(self) -> None:
        order = self.make_order()
        for state in ("draft", "sent", "sale"):
            order.state = state
            with self.subTest(state=state):
                page = self.render(order, ORDER)
                self.assertEqual(rows_of(page), ROWS)
                self.assert_printed_once(VAT, text_of(page))

    def test_pro_forma(self) -> None:
        page = self.render(self.make_order(), PRO_FORMA)
        self.assertEqual(rows_of(page), ROWS)
        self.assert_printed_once(VAT, text_of(page))

    def test_payment_receipt_names_the_vat_number_too(self) -> None:
        payment = self.init_payment(100.0, post=True, partner=self.client)
        self.assertEqual(self.printed_rows(payment, RECEIPT), [VAT_ROW, *ROWS])

    def test_payment_to_a_vendor_prints_none(self) -> None:
        payment = self.init_payment(-100.0, post=True, partner=self.client)
        text = self.printed_text(payment, RECEIPT)
        self.assertIn(self.client.name, text)
        self.assertNotIn("SIREN", text)

    def test_documents_of_vendors_print_none(self) -> None:
        for move_type in ("in_invoice", "in_refund", "in_receipt"):
            with self.subTest(move_type=move_type):
                bill = self.make_invoice(move_type=move_type)
                page = self.render(bill)
                self.assertIn(VAT_ROW, text_of(page))
                self.assertEqual(rows_of(page), [])

    # ------------------------------------------------------------ which numbers

    def test_order_follows_the_sequence(self) -> None:
        self.gln.sequence = 0
        self.assertEqual(
            self.printed_rows(self.make_invoice()), [GLN_ROW, SIREN_ROW, EORI_ROW]
        )

    def test_line_not_to_be_printed(self) -> None:
        self.eori.print_on_documents = False
        payment = self.init_payment(100.0, post=True, partner=self.client)
        for record, report in (
            (self.make_invoice(), INVOICE),
            (self.make_order(), ORDER),
            (payment, RECEIPT),
        ):
            with self.subTest(report=report):
                self.assertNotIn("EORI", self.printed_text(record, report))

    def test_vat_number_as_a_line_is_not_printed_twice(self) -> None:
        self.assertEqual(self.printed_with_line("FR_VAT", "fr-40.303.265.045", VAT), [])

    def test_vat_number_without_its_country_is_not_printed_twice(self) -> None:
        self.assertEqual(self.printed_with_line("FR_VAT", VAT, VAT[2:]), [])

    def test_other_vat_number_as_a_line_is_printed(self) -> None:
        self.assertEqual(
            self.printed_with_line("FR_VAT", "FR23334175221", VAT),
            ["VAT Number: FR23334175221"],
        )

    def test_register_number_equal_to_the_digits_of_the_vat_number(self) -> None:
        self.client.country_id = self.env.ref("base.be")
        rows = self.printed_with_line("BE_EN", "0428759497", "BE0428759497")
        self.assertEqual(rows, ["Enterprise Number: 0428.759.497"])

    def test_contact_prints_the_numbers_of_its_company(self) -> None:
        self.assertFalse(self.contact.client_identifier_ids)
        payment = self.init_payment(100.0, post=True, partner=self.contact)
        for record, report in (
            (self.make_invoice(self.contact), INVOICE),
            (self.make_order(self.contact), ORDER),
            (payment, RECEIPT),
        ):
            with self.subTest(report=report):
                page = self.render(record, report)
                self.assertEqual(rows_of(page)[-3:], ROWS)
                self.assert_printed_once(VAT, text_of(page))

    def test_contact_of_a_company_that_the_printing_user_cannot_read(self) -> None:
        other = self.setup_other_company()["company"]
        invoice = self.make_invoice(self.contact, post=False)
        self.client.company_id = other
        self.contact.company_id = False
        self.assertFalse(self.client.with_user(self.biller).has_access("read"))
        self.assertEqual(self.printed_rows(invoice), ROWS)

    # ----------------------------------------------------------------- language

    def labels_in(self, code: str) -> list[str]:
        """Return the translated terms of the three schemes."""
        env = self.env(context={**self.env.context, "lang": code})
        return [
            env._(SCHEMES[line.scheme].label)
            for line in (self.siren, self.eori, self.gln)
        ]

    def test_labels_are_in_the_language_of_the_client(self) -> None:
        chinese = self.labels_in("zh_CN")
        self.assertNotEqual(chinese, self.labels_in("en_US"))
        self.client.lang = "zh_CN"
        payment = self.init_payment(100.0, post=True, partner=self.client)
        for record, report in (
            (self.make_invoice(), INVOICE),
            (self.make_order(), ORDER),
            (payment, RECEIPT),
        ):
            with self.subTest(report=report):
                rows = self.printed_rows(record, report)[-3:]
                self.assertEqual([row.split(": ")[0] for row in rows], chinese)

    def test_each_document_of_a_batch_has_its_own_language(self) -> None:
        english = self.make_invoice()
        chinese = self.make_invoice(
            self.client_de.copy({"lang": "zh_CN", "name": "Shanghai"})
        )
        self.assertNotEqual(english.partner_id.lang, chinese.partner_id.lang)
        self._create_identifier(chinese.partner_id, *EORI)
        self._create_identifier(chinese.partner_id, *GLN)
        chinese.button_draft()
        chinese.action_post()
        rows = self.printed_rows(chinese + english)
        labels = [row.split(": ")[0] for row in rows]
        expected = [*self.labels_in("zh_CN")[1:], *self.labels_in("en_US")]
        self.assertCountEqual(labels, expected)

    def test_label_of_ones_own_is_escaped(self) -> None:
        label = "<b>Code</b> & <script>alert(1)</script>"
        self._create_identifier(self.client, "OTHER", "A<i>1</i>", label=label)
        for record, report in (
            (self.make_invoice(), INVOICE),
            (self.make_order(), ORDER),
        ):
            with self.subTest(report=report):
                page = self.render(record, report)
                self.assertEqual(rows_of(page)[-1], f"{label}: A<i>1</i>")
                row = page.find_class("o_client_hub_identifier")[-1]
                self.assertEqual([child.tag for child in row], ["span"])
