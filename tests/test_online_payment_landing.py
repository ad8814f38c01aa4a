from __future__ import annotations

from odoo.tests import tagged
from odoo.tests.common import HOST

from .online_payment_portal_common import OnlinePaymentHttpCommon


@tagged("post_install", "-at_install")
class TestOnlinePaymentLanding(OnlinePaymentHttpCommon):
    """Where clients come back to from Stripe."""

    def setUp(self) -> None:
        super().setUp()
        self._sign_in()
        response = self._post(f"/my/invoices/{self.invoice.id}/pay")
        self.transaction = self._assert_at_stripe(response)
        self.landing = self.transaction.landing_route

    def _get_end(self, state: str) -> str:
        self.transaction.state = state
        page = self._page(self.landing)
        [outcome] = page.xpath("//*[@name='outcome']")
        self.assertEqual(outcome.get("data-state"), state)
        return self._text(page)

    def test_every_end_has_its_words(self) -> None:
        for state, text in [
            ("draft", "not completed"),
            ("pending", "do not pay again"),
            ("authorized", "reserved"),
            ("done", "it is paid"),
            ("cancel", "not completed"),
            ("error", "failed"),
        ]:
            with self.subTest(state):
                found = self._get_end(state)
                self.assertIn(text, found)
                self.assertIn("100.00", found)
                self.assertIn(self.invoice.name, found)

    def test_pages_speak_the_language_chosen_in_the_portal(self) -> None:
        pay = self.later._get_client_pay_path()
        for code, done, left in [
            ("zh_CN", "付款未完成", "待付金额"),
            ("xx_XX", "not completed", "Left to pay"),
            ("", "not completed", "Left to pay"),
        ]:
            with self.subTest(code):
                self.opener.cookies.set("frontend_lang", code, domain=HOST, path="/")
                self.assertIn(done, self._get(self.landing).text)
                self.assertIn(left, self._get(pay).text)

    def test_bank_debit_is_in_process_until_it_settles(self) -> None:
        landing = self._pay_at_stripe(self.transaction, "pm_sepa_debit")
        self.assertIn("being processed", self._text(self._page(landing)))
        page = self._page(f"/my/invoices/{self.invoice.id}")
        self.assertFalse(page.xpath("//form[contains(@action, '/pay')]"))
        answer = self._post(f"/my/invoices/{self.invoice.id}/pay", 200)
        self.assertIn("is being processed", answer.text)
        self.assertEqual(len(self._get_transactions()), 1)

    def test_who_cancels_can_try_again(self) -> None:
        session = self.transaction.client_checkout_session
        url = self.standin.get(f"checkout/sessions/{session}")["cancel_url"]
        path = url.partition(self.base_url())[2]
        landing = self._page(self._get_location(self._get(path, 303)))
        self.assertIn("Nothing was charged", self._text(landing))
        [way] = landing.xpath("//a[@class='button']/@href")
        self.assertTrue(self._page(way).xpath("//form[contains(@action, '/pay')]"))

    def test_only_who_paid_sees_it(self) -> None:
        path = self.landing
        for wrong in (
            path.replace("access_token=", "access_token=x"),
            path.replace("back=", "back=%2Fmy%2Fevil"),
            path.replace(f"/{self.transaction.id}?", f"/{self.transaction.id + 1}?"),
            path.partition("?")[0],
        ):
            with self.subTest(wrong):
                self._get(wrong, 404)
