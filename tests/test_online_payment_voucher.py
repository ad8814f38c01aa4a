"""What the client is given on Stripe's page, and pays days later."""

from __future__ import annotations

from odoo.tests import tagged

from .online_payment_common import OnlinePaymentCommon


@tagged("post_install", "-at_install")
class TestVoucher(OnlinePaymentCommon):
    def test_a_voucher_is_processing_until_it_is_paid(self) -> None:
        """S3, S4, S19: it can be paid for days, so nothing else is paid meanwhile."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction, "pm_boleto")
        self._receive()
        self.assertEqual(transaction.state, "pending")
        self.assertEqual(invoice.payment_state, "not_paid")
        payments = self.env["client.hub.online.payment"]
        self.assertEqual(payments._get_offer(invoice), (None, "processing"))
        self.standin.do("settle", number=transaction.client_checkout_session)
        self._receive()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(len(self._payments()), 1)

    def test_a_voucher_that_expires_leaves_the_invoice_open(self) -> None:
        """S4."""
        invoice = self._create_document()
        transaction = self._open_checkout(invoice)
        self._pay(transaction, "pm_boleto")
        self._receive()
        self.standin.do("fail", number=transaction.client_checkout_session)
        self._receive()
        self.assertEqual(transaction.state, "error")
        self.assertTrue(invoice._has_to_be_paid())

    def test_a_bank_that_asks_first_is_no_end_while_the_page_is_open(self) -> None:
        """S4: the page waits for the client, who has not paid."""
        transaction = self._open_checkout(self._create_document())
        self._pay(transaction, "pm_card_authenticationRequired")
        self._receive()
        transaction._settle_payment()
        self.assertEqual(transaction.state, "draft")
