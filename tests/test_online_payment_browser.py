from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .browser_common import BrowserMixin
from .mail_common import InboxMixin
from .online_payment_portal_common import OnlinePaymentHttpCommon

TICK = "input[name='invoice_ids'][value='%s']"
PAY = ".o_client_hub_pay_ticked"
GOOD_CARD = "button[value='pm_card_visa']"
DEBIT = "button[value='pm_sepa_debit']"
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@tagged("post_install", "-at_install")
class TestOnlinePaymentBrowser(InboxMixin, BrowserMixin, OnlinePaymentHttpCommon):
    """A client pays, in a real Chromium, on the page of the stand-in for Stripe."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company.write(
            {
                "client_hub_mail_receipts": True,
                "client_hub_receipts_since": "2020-01-01",
                "email": "billing@example.com",
            }
        )
        cls.client.email = "books@example.com"
        cls.three = cls.invoice + cls.later + cls.third
        cls.ids = cls.three.ids

    # --------------------------------------------------------------------- helpers

    def _wait_for_page(self, selector: str) -> None:
        """Wait for a page that holds still: what moves is not clicked."""
        done = "document.readyState === 'complete'"
        self._wait_until(lambda: self._has(selector) and self._evaluate(done))

    def _open_statement(self) -> None:
        """Open the statement and wait for its scripts: they close the button."""
        self._open("/my/statement")
        self._wait_for(f"document.querySelector('{PAY}')?.disabled === true")

    def _tick(self, *ids: int) -> None:
        for number in ids:
            self._click(TICK % number)

    def _get_path(self) -> str:
        return self._evaluate("location.pathname")

    def _get_outcome(self) -> str:
        self._wait_for_page("[name=outcome]")
        return self._evaluate("document.querySelector('[name=outcome]').dataset.state")

    def _assert_paid(self, moves: Any) -> None:
        self.env.invalidate_all()
        self.assertEqual({*moves.mapped("payment_state")}, {"paid"})
        payments = moves.matched_payment_ids
        self.assertEqual(len(payments), 1)

    # -------------------------------------------------------------------- journeys

    def test_three_ticked_invoices_are_paid_and_acknowledged(self) -> None:
        with self._browser(login="pay_portal"):
            self._open_statement()
            self._tick(*self.ids)
            total = f"document.querySelector('{PAY}').textContent"
            self._wait_for(f"{total}.includes('141.00')")
            self._click(PAY)
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self.assertEqual(self._get_outcome(), "done")
            self._click("a.button")
            self._wait_for_page("[name=nothing_left]")
        self._assert_paid(self.three)
        self.env.ref("client_hub.ir_cron_client_receipts").method_direct_trigger()
        [(recipients, mail)] = self.inbox.mails
        self.assertEqual(recipients, [self.client.email])
        self.assertIn("141.00", mail.get_body().get_content())

    def test_pressed_twice_is_paid_once(self) -> None:
        with self._browser(login="pay_portal"):
            self._open_statement()
            self._tick(self.ids[0])
            self._evaluate(
                f"const pay = document.querySelector('{PAY}');"
                "pay.click(); pay.click(); undefined"
            )
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self.assertEqual(self._get_outcome(), "done")
        self._assert_paid(self.invoice)
        self.assertEqual(len(self._get_transactions()), 1)

    def test_page_of_another_tab_is_closed(self) -> None:
        with self._browser(login="pay_portal"):
            self._open_statement()
            self._tick(self.ids[0])
            self._click(PAY)
            self._wait_for_page(GOOD_CARD)
            first = self._evaluate("location.href")
            self._open_statement()
            self._tick(self.ids[0])
            self._click(PAY)
            self._wait_for_page(GOOD_CARD)
            second = self._evaluate("location.href")
            self.browser.navigate_to(first)
            self._wait_for("document.body.innerText.includes('expired')")
            self.browser.navigate_to(second)
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self.assertEqual(self._get_outcome(), "done")
        self._assert_paid(self.invoice)

    def test_who_cancels_or_goes_back_can_pay_then(self) -> None:
        with self._browser(login="pay_portal"):
            self._open(f"/my/invoices/{self.ids[0]}")
            button = ".o_client_hub_pay_form button"
            self._wait_for_page(button)
            self._click(button)
            self._wait_for_page(GOOD_CARD)
            self._evaluate("history.back()")
            self._wait_for_page(button)
            self._click(button)
            self._wait_for_page(GOOD_CARD)
            self._evaluate("[...document.links].at(-1).click()")
            self.assertIn(self._get_outcome(), ("cancel", "draft"))
            self._click("a.button")
            self._wait_for_page(button)
            self._click(button)
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self.assertEqual(self._get_outcome(), "done")
        self._assert_paid(self.invoice)

    def test_page_that_expired_leads_back_to_a_new_one(self) -> None:
        with self._browser(login="pay_portal"):
            self._open_statement()
            self._tick(self.ids[0])
            self._click(PAY)
            self._wait_for_page(GOOD_CARD)
            self.standin.do("advance", seconds=2 * 3600)
            self._evaluate("location.reload()")
            self._wait_for("document.body.innerText.includes('expired')")
            self.standin.do("advance", seconds=-2 * 3600)
            self._click("main a")
            self.assertIn(self._get_outcome(), ("cancel", "draft"))
            self._click("a.button")
            button = "form[data-offer] button"
            self._wait_for_page(button)
            self._click(button)
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self.assertEqual(self._get_outcome(), "done")
        self._assert_paid(self.invoice)

    def test_works_without_scripts(self) -> None:
        with self._browser(login="pay_portal", scripts=False):
            self._open("/my/statement")
            self._wait_for_page(TICK % self.ids[0])
            self._tick(*self.ids[:2])
            self._click(PAY)
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self._wait_for_page("[name=outcome][data-state=done]")
        self._assert_paid(self.invoice + self.later)

    def test_code_on_paper_pays_without_an_account_on_a_phone(self) -> None:
        path = self.invoice._get_client_pay_path()
        with self._browser():
            self._send("Emulation.setDeviceMetricsOverride", **PHONE)
            self._open(path)
            self._wait_for_page("form button")
            self._assert_fits()
            self._click("form button")
            self._wait_for_page(GOOD_CARD)
            self._click(GOOD_CARD)
            self.assertEqual(self._get_outcome(), "done")
            self._assert_fits()
        self._assert_paid(self.invoice)

    def test_pages_fit_on_a_phone_in_chinese(self) -> None:
        self.contact.lang = "zh_CN"
        with self._browser(login="pay_portal"):
            self._send("Emulation.setDeviceMetricsOverride", **PHONE)
            self._open_statement()
            self._tick(self.ids[0])
            self._wait_for(
                f"document.querySelector('{PAY}').innerText.includes('支付')"
            )
            self._assert_fits()
            self._click(PAY)
            self._wait_for_page(DEBIT)
            self._click(DEBIT)
            self.assertEqual(self._get_outcome(), "pending")
            self._assert_fits()
            self._open(f"/my/invoices/{self.ids[1]}")
            self._wait_for_page(".o_client_hub_pay_form")
            self._assert_fits()

    def _assert_fits(self) -> None:
        """Check that nothing is wider than the screen."""
        wide = "document.documentElement.scrollWidth - innerWidth"
        self.assertLessEqual(self._evaluate(wide), 0)
