from __future__ import annotations

from urllib.parse import urlsplit

from lxml import html

from odoo import Command
from odoo.tests import tagged

from ..tools import access_link as link_tools
from .browser_common import BrowserMixin
from .online_payment_portal_common import OnlinePaymentHttpCommon

BUTTON = ".o_client_hub_pay_form button"
GOOD_CARD = "button[value='pm_card_visa']"


@tagged("post_install", "-at_install")
class TestOnlinePaymentAccessLink(BrowserMixin, OnlinePaymentHttpCommon):
    """From the link in a mail to the paid invoice."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.contact.email = "office@example.com"
        cls.env.ref("base.public_user").sudo().write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        # sudo: links are nobody's to make.
        links = cls.env["client.hub.access.link"].sudo()
        [cls.url] = links._issue_links(
            [
                {
                    "partner_id": cls.contact.id,
                    "company_id": cls.company.id,
                    "res_model": "account.move",
                    "res_id": cls.invoice.id,
                }
            ]
        )
        cls.page = f"/my/invoices/{cls.invoice.id}"

    def _enter(self) -> None:
        """Open the link as a program does that runs scripts, and touches nothing."""
        secret = link_tools.split(self.url.partition("/my/access/")[2])
        path = f"/my/access/{secret.selector}"
        [token] = self._page(path).xpath("//section[@id='enter']//input[1]/@value")
        response = self._post(path, token=token, verifier=secret.verifier)
        self.assertEqual(urlsplit(response.headers["Location"]).path, self.page)

    def _is_ready(self, selector: str) -> bool:
        done = "document.readyState === 'complete'"
        return self._has(selector) and self._evaluate(done)

    def test_one_click_on_the_page_of_the_link_pays(self) -> None:
        with self._browser():
            self.browser.navigate_to(self.url)
            self._wait_until(lambda: self._is_ready(BUTTON))
            self._click(BUTTON)
            self._wait_until(lambda: self._is_ready(GOOD_CARD))
            self._click(GOOD_CARD)
            self._wait_until(lambda: self._has("[name=outcome][data-state=done]"))
        self.env.invalidate_all()
        self.assertEqual(self.invoice.payment_state, "paid")
        [transaction] = self._get_transactions()
        self.assertEqual(transaction.partner_id, self.contact)

    def test_programs_that_open_links_pay_nothing(self) -> None:
        self.authenticate(None, None)
        self._enter()
        page = html.fromstring(self._get(self.page).text)
        [token] = page.xpath(
            "//form[contains(@class, 'o_client_hub_pay_form')]//@value"
        )[:1]
        self._post(f"{self.page}/pay", 404, token=token)
        response = self._post("/my/statement/pay", token=token, all="1")
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self._get_transactions())
