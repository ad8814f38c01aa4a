"""What whoever only holds the link on the paper does not learn."""

from __future__ import annotations

from odoo.tests import tagged

from .online_payment_portal_common import OnlinePaymentHttpCommon


@tagged("post_install", "-at_install")
class TestOnlinePaymentLinkSecrets(OnlinePaymentHttpCommon):
    def test_disputes_concern_the_client_alone(self) -> None:
        self.env["client.hub.stripe.dispute"].sudo().create(
            {
                "name": "dp_1",
                "transaction_id": self._transact(
                    self.invoice, "done", is_post_processed=True
                ).id,
                "amount": 100.0,
                "status": "needs_response",
            }
        )
        pay = f"/my/invoices/{self.invoice.id}/pay"
        for login in (None, "pay_stranger"):
            self.authenticate(login, login)
            page = self._get(self.invoice._get_client_pay_path()).text
            self.assertIn("ask us before you pay", page)
            self.assertNotIn("disputed", page)
        self._sign_in()
        self.assertIn("disputed with your bank", self._post(pay, 200).text)

    def test_stripe_s_page_names_no_address(self) -> None:
        self.client.email = "office@example.com"
        path = self.invoice._get_client_pay_path()
        for login in (None, "pay_stranger"):
            self.authenticate(login, login)
            transaction = self._assert_at_stripe(self._post(path))
            session = transaction.client_checkout_session
            found = self.standin.get(f"checkout/sessions/{session}")
            self.assertIsNone(found["customer_email"])
