from __future__ import annotations

from typing import Any

from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from .access_mail_common import CLIENT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessMailBrowser(AccessMailCommon):
    """The link is taken from the mail that was received, and opened in Chromium."""

    def test_one_click_from_the_mail_to_the_document(self) -> None:
        self.post(self.invoice, self.client)
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        page = f"/my/invoices/{self.invoice.id}"
        browser = ChromeBrowser(self)
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            self.authenticate(None, None, browser=browser)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(url)
            ready = f"location.pathname === '{page}' && document.readyState"
            self.assertTrue(browser._wait_ready(f"{ready} === 'complete'", timeout=60))
            self.assertIn(self.invoice.name, self._evaluate(browser))
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
        done = (
            "performance.getEntriesByType('resource').some(entry =>"
            " entry.name.endsWith('/my/access/confirm') && entry.responseEnd > 0)"
        )
        self.assertTrue(browser._wait_ready(done, timeout=60))

    def _assert_viewed(self, viewed: bool) -> None:
        self.invoice.invalidate_recordset()
        self.assertEqual(bool(self.invoice.client_viewed_on), viewed)
        kinds = self.env["client.hub.access.event"].sudo().search([]).mapped("kind")
        self.assertIn("opened", kinds)
        self.assertEqual("viewed" in kinds, viewed)
        self.assertEqual("visit" in kinds, viewed)
