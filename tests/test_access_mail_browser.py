from __future__ import annotations

from typing import Any

from odoo import api
from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from .access_mail_common import CLIENT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessMailBrowser(AccessMailCommon):
    """The link is taken from the mail that was received, and opened in Chromium."""

    def test_one_click_from_the_mail_to_the_document(self) -> None:
        self.post(self.invoice, self.client)
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        page, name = f"/my/invoices/{self.invoice.id}", self.invoice.name
        browser = ChromeBrowser(self)
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            self.authenticate(None, None, browser=browser)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(url)
            ready = f"location.pathname === '{page}' && document.readyState"
            self.assertTrue(browser._wait_ready(f"{ready} === 'complete'", timeout=60))
            self.assertIn(name, self._evaluate(browser))
            # It is made when it is asked for, which takes a while.
            self._wait_for_response(browser, "portal.assets_chatter.min.js")
            self._wait_remaining_requests()
            self._assert_viewed(False)
            self._click(browser)
            self._wait_remaining_requests()
        self._assert_viewed(True)

    def _evaluate(self, browser: Any) -> str:
        answer = browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": "document.body.innerText", "returnByValue": True},
        )
        return answer["result"]["value"]

    def _click(self, browser: Any) -> None:
        """Touch the page as a person does, and wait for what that causes."""
        for kind in ("mousePressed", "mouseReleased"):
            browser._websocket_request(
                "Input.dispatchMouseEvent",
                params={"type": kind, "button": "left", "clickCount": 1}
                | {"x": 5, "y": 5},
            )
        self._wait_for_response(browser, "/my/access/confirm")

    def _wait_for_response(self, browser: Any, part: str) -> None:
        done = (
            "performance.getEntriesByType('resource').some(entry =>"
            f" entry.name.includes('{part}') && entry.responseEnd > 0)"
        )
        self.assertTrue(browser._wait_ready(done, timeout=60), part)

    def _assert_viewed(self, viewed: bool) -> None:
        # A cursor of its own waits for requests that still run on the test's.
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            invoice = env["account.move"].browse(self.invoice.id)
            self.assertEqual(bool(invoice.client_viewed_on), viewed)
            kinds = env["client.hub.access.event"].search([]).mapped("kind")
        self.assertIn("opened", kinds)
        self.assertEqual("viewed" in kinds, viewed)
        self.assertEqual("visit" in kinds, viewed)
