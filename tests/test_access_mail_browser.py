from __future__ import annotations

import re
from typing import Any

from odoo import api
from odoo.tests import tagged

from .access_mail_common import CLIENT, AccessMailCommon
from .browser_common import BrowserMixin


@tagged("post_install", "-at_install")
class TestAccessMailBrowser(BrowserMixin, AccessMailCommon):
    """The link is taken from the mail that was received, and opened in Chromium."""

    def setUp(self) -> None:
        super().setUp()
        self.company.client_hub_link_mode = "instant"
        self.path = f"/my/invoices/{self.invoice.id}"
        # Read before: requests of the browser use the cursor of the test.
        self.number = self.invoice.name

    def _receive(self) -> str:
        self.post(self.invoice, self.client)
        return self.assert_magic(CLIENT, self.client, self.invoice)

    def _wait_for_document(self) -> None:
        ready = f"location.pathname === '{self.path}' && document.readyState"
        self._wait_for(f"{ready} === 'complete'")
        self.assertIn(self.number, self._evaluate("document.body.innerText"))

    def _wait_for_response(self, part: str) -> None:
        self._wait_for(
            "performance.getEntriesByType('resource').some(entry =>"
            f" entry.name.includes('{part}') && entry.responseEnd > 0)"
        )

    def test_one_click_from_the_mail_to_the_document(self) -> None:
        url = self._receive()
        with self._browser():
            self.browser.navigate_to(url)
            self._wait_for_document()
            self._wait_remaining_requests()
            self._assert_seen(viewed=False)
            self._click("#invoice_communication h3")
            self._wait_for_response("/my/access/confirm")
            # The messages are fetched after that, which takes a while at first.
            self._wait_for_response("/mail/chatter_fetch")
            self._wait_remaining_requests()
        self._assert_seen(viewed=True)

    def test_confirm_mode_from_the_mail_to_the_document(self) -> None:
        self.company.client_hub_link_mode = "confirm"
        url = self._receive()
        with self._browser():
            self.browser.navigate_to(url)
            self._wait_for("!document.getElementById('enter').hidden")
            self._wait_remaining_requests()
            self._assert_seen(opened=False, viewed=False)
            self._click("#enter button")
            self._wait_for_document()
            self._wait_remaining_requests()
        self._assert_seen(viewed=True)

    def test_without_scripts_from_the_mail_to_the_document(self) -> None:
        url = self._receive()
        with self._browser(scripts=False):
            self.browser.navigate_to(url)
            self._wait_until(lambda: self._has("#code button"))
            self._click("#code button")
            self._wait_until(lambda: self._has("#code_input"))
            self._wait_remaining_requests()
            code = self._receive_code()
            self._click("#code_input")
            self._send("Input.insertText", text=code)
            self._click("form button")
            self._wait_until(lambda: self._has("#invoice_content"))
            self._wait_remaining_requests()
        self._assert_seen(viewed=True)

    def _receive_code(self) -> str:
        self.inbox.mails.clear()
        self.env.invalidate_all()
        self.env.ref("client_hub.access_request_cron").sudo().method_direct_trigger()
        text = self.texts(CLIENT)["plain"]
        self.cr.flush()
        self.cr.clear()
        return re.search(r"\d{4} \d{4}", text)[0]

    def _assert_seen(self, *, opened: bool = True, viewed: bool) -> None:
        # A cursor of its own waits for requests that still run on the test's.
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, api.SUPERUSER_ID, {})
            invoice = env["account.move"].browse(self.invoice.id)
            self.assertEqual(bool(invoice.client_viewed_on), viewed)
            kinds: Any = env["client.hub.access.event"].search([]).mapped("kind")
        self.assertEqual("opened" in kinds, opened)
        self.assertEqual("viewed" in kinds, viewed)
        self.assertEqual("visit" in kinds, viewed)
