from __future__ import annotations

import re
import time

from odoo.tests import tagged

from .access_request_common import AccessRequestCommon
from .browser_common import BrowserMixin

CONTINUE = "fetch('/my/account').then(answer => answer.url.includes('/continue'))"


@tagged("post_install", "-at_install")
class TestAccessLinkBrowser(BrowserMixin, AccessRequestCommon):
    """A link in a real browser, touched by real input events."""

    def setUp(self) -> None:
        super().setUp()
        self.path = f"/my/invoices/{self.invoice.id}"
        # Read before: requests of the browser use the cursor of the test.
        self.number = self.invoice.name

    def _wait_for_document(self) -> None:
        self._wait_for(
            f"location.pathname === '{self.path}' && document.readyState === 'complete'"
        )

    def _get_url(self) -> str:
        history = self._send("Page.getNavigationHistory")
        return history["entries"][history["currentIndex"]]["url"]

    def _get_history(self) -> str:
        return str(self._send("Page.getNavigationHistory"))

    def test_instant_one_click_and_the_document_is_there(self) -> None:
        verifier = self._get_secret(self.url).verifier
        with self._browser():
            self._open(f"/my/{self.url.partition('/my/')[2]}")
            self._wait_for_document()
            self.assertIn(self.number, self._evaluate("document.body.innerText"))
            self.assertNotIn(verifier, self._get_history())
            # What programs can do is no touch.
            self._evaluate("document.dispatchEvent(new PointerEvent('pointerdown'))")
            self._evaluate("document.querySelector('ol.breadcrumb a')?.focus()")
            self.assertTrue(self._evaluate(CONTINUE))
            self._wait_remaining_requests()
            self.assertFalse(self.events.search([("kind", "=", "visit")]))
            self._click("ol.o_portal_submenu a")
            self._wait_for("location.pathname.startsWith('/my/home')")
            self.assertFalse(self._evaluate(CONTINUE))

    def test_the_secret_leaves_the_address_before_it_is_posted(self) -> None:
        secret = self._get_secret(self.url)
        with self._browser():
            self._send("Network.enable")
            for sign in ("%23", "%2523"):
                self._open(f"/my/access/{secret.selector}{sign}{secret.verifier}")
                self._wait_for_document()
                self.assertNotIn(secret.verifier, self._get_history())
                self.assertEqual(self._evaluate("document.referrer"), "")
                self._wait_remaining_requests()

    def test_confirm_waits_for_a_click(self) -> None:
        self.company.client_hub_link_mode = "confirm"
        with self._browser():
            self._open(f"/my/{self.url.partition('/my/')[2]}")
            self._wait_for("!document.getElementById('enter').hidden")
            self._evaluate("document.querySelector('#enter button').click()")
            time.sleep(1)
            self.assertIn("/my/access/", self._get_url())
            self._click("#enter button")
            self._wait_for_document()
            self.assertFalse(self._evaluate(CONTINUE))

    def test_without_scripts_a_code_is_mailed(self) -> None:
        with self._browser(scripts=False):
            self._open(f"/my/{self.url.partition('/my/')[2]}")
            time.sleep(2)
            self._click("#code button")
            self._wait_until(lambda: self._get_url().endswith("/renew"))
            self._wait_until(lambda: self._has("#code_input"))
            self.assertEqual(self._answer(), [["compta@example.com"]])
            self.cr.flush()
            self.cr.clear()
            self._click("#code_input")
            self._send("Input.insertText", text=self._get_code())
            self._click("form button")
            self._wait_until(lambda: self._get_url().endswith(self.path))

    def test_without_secret_a_code_is_offered(self) -> None:
        with self._browser():
            self._open(f"/my/access/{self.selector}")
            self._wait_for("document.readyState === 'complete'")
            self.assertTrue(self._evaluate("document.getElementById('enter').hidden"))
            text = self._evaluate("document.body.innerText")
            self.assertTrue(re.search("Send me an e-mail", text))
