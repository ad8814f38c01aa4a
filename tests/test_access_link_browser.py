from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from typing import Any

from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser, ChromeBrowserException

from .test_access_request import AccessRequestCommon

CONTINUE = "fetch('/my/account').then(answer => answer.url.includes('/continue'))"


@tagged("post_install", "-at_install")
class TestAccessLinkBrowser(AccessRequestCommon):
    """A link in a real browser, touched by real input events."""

    def setUp(self) -> None:
        super().setUp()
        self.path = f"/my/invoices/{self.invoice.id}"
        # Read before: requests of the browser use the cursor of the test.
        self.number = self.invoice.name

    @contextlib.contextmanager
    def _browser(self, scripts: bool = True) -> Iterator[None]:
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        with self.allow_requests(browser=self.browser):
            self.authenticate(None, None, browser=self.browser)
            self.cr.flush()
            self.cr.clear()
            if not scripts:
                self._send("Emulation.setScriptExecutionDisabled", value=True)
            yield
            # No request shares the cursor of the test any more.
            self.browser.navigate_to("about:blank")
            self._wait_remaining_requests()

    def _send(self, method: str, **params: Any) -> Any:
        return self.browser._websocket_request(method, params=params, timeout=20)

    def _open(self, path: str) -> None:
        self.browser.navigate_to(f"{self.base_url()}{path}")

    def _evaluate(self, code: str) -> Any:
        answer = self._send(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        return answer["result"].get("value")

    def _wait_for(self, code: str) -> None:
        self.assertTrue(self.browser._wait_ready(code, timeout=40), code)

    def _wait_for_document(self) -> None:
        self._wait_for(
            f"location.pathname === '{self.path}' && document.readyState === 'complete'"
        )

    def _click(self, selector: str) -> None:
        """Click like a person: the browser trusts events that come from its input."""
        root = self._send("DOM.getDocument")["root"]["nodeId"]
        node = self._send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._send("DOM.scrollIntoViewIfNeeded", nodeId=node)
        quad = self._send("DOM.getContentQuads", nodeId=node)["quads"][0]
        point = {"x": (quad[0] + quad[4]) / 2, "y": (quad[1] + quad[5]) / 2}
        for kind in ("mousePressed", "mouseReleased"):
            self._send(
                "Input.dispatchMouseEvent",
                type=kind,
                button="left",
                clickCount=1,
                **point,
            )

    def _wait_until(self, condition: Any) -> None:
        end = time.monotonic() + 40
        # A page that is being replaced answers nothing for a moment.
        while not self._try(condition):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)

    def _try(self, condition: Any) -> Any:
        try:
            return condition()
        except ChromeBrowserException:
            return False

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
            self._evaluate(
                "document.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))"
            )
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

    def _has(self, selector: str) -> bool:
        root = self._send("DOM.getDocument")["root"]["nodeId"]
        found = self._send("DOM.querySelector", nodeId=root, selector=selector)
        return bool(found["nodeId"])

    def test_without_secret_a_code_is_offered(self) -> None:
        with self._browser():
            self._open(f"/my/access/{self.selector}")
            self._wait_for("document.readyState === 'complete'")
            self.assertTrue(self._evaluate("document.getElementById('enter').hidden"))
            text = self._evaluate("document.body.innerText")
            self.assertTrue(re.search("Send me an e-mail", text))
