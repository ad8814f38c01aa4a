"""A real Chromium that is driven step by step, by input as a person gives it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from odoo.tests.common import ChromeBrowser, ChromeBrowserException


class BrowserMixin:
    """Mixed into an ``HttpCase``; pages are opened inside of ``_browser()``."""

    @contextlib.contextmanager
    def _browser(
        self, scripts: bool = True, login: str | None = None
    ) -> Iterator[None]:
        """Open a browser for the time of the block.

        :param scripts: whether pages may run JavaScript
        :param login: who is signed in, with the login as password
        """
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        with self.allow_requests(browser=self.browser):
            self.authenticate(login, login, browser=self.browser)
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

    def _has(self, selector: str) -> bool:
        root = self._send("DOM.getDocument")["root"]["nodeId"]
        found = self._send("DOM.querySelector", nodeId=root, selector=selector)
        return bool(found["nodeId"])
