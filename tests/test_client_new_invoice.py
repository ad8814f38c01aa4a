from __future__ import annotations

from typing import Any

from odoo.tests import Form, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import ClientProfileCommon


@tagged("post_install", "-at_install")
class TestClientNewInvoice(ClientProfileCommon, AccountTestInvoicingCommon):
    """The button that invoices a client."""

    def _create_invoice(self, client: Any) -> Any:
        """Press the button, add a line, save and post, as an accountant."""
        groups = "account.group_account_invoice"
        user = self._create_user("hub_accountant", groups)
        action = self._as(user, client).action_client_new_invoice()
        self.assertEqual(action["res_model"], "account.move")
        self.assertEqual(action["views"], [(False, "form")])
        moves = self.env[action["res_model"]].with_user(user)
        form = Form(moves.with_context(**action["context"]))
        with form.invoice_line_ids.new() as line:
            line.product_id = self.product_a
        invoice = form.save()
        invoice.action_post()
        return invoice

    def test_a_complete_client_needs_nothing_but_a_line(self) -> None:
        self.assertFalse(self.client_fr.client_profile_missing)
        invoice = self._create_invoice(self.client_fr)
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertEqual(invoice.partner_id, self.client_fr)
        self.assertEqual(invoice.invoice_payment_term_id, self.term)

    def test_the_invoice_of_a_contact_is_of_its_company(self) -> None:
        invoice = self._create_invoice(self.contact_fr)
        self.assertEqual(invoice.partner_id, self.client_fr)

    def test_the_invoice_is_addressed_to_the_billing_contact(self) -> None:
        contact = self._create_billing_contact()
        invoice = self._create_invoice(self.client_fr)
        self.assertEqual(invoice.partner_id, contact)
        self.assertEqual(invoice.commercial_partner_id, self.client_fr)
        self.assertEqual(invoice.invoice_payment_term_id, self.term)

    def test_the_invoice_is_mailed_to_the_address_that_the_mark_asks_for(self) -> None:
        contact = self._create_billing_contact()
        invoice = self._create_invoice(self.client_fr)
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        self.assertEqual(wizard.mail_partner_ids, contact)

    def test_the_invoice_is_mailed_to_nobody_where_the_address_is_missing(self) -> None:
        self._create_billing_contact(email=False)
        self.assertIn("Email", self._get_missing())
        invoice = self._create_invoice(self.client_fr)
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        self.assertFalse(wizard.mail_partner_ids)
