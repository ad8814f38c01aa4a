"""The two windows of the ticket journey; runs in the virtual environment.

Run as ``python -m dev.ticket_windows PLAN``; prints one JSON list per step: its name,
the seconds it took, and what is wrong, if anything.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from .ticket_journey import answer_to, call, wait_for_mail

_BROWSER = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
_BADGE_SECONDS = 2.0
_SUBJECT = "This line is wrong"
_ANSWER = "You are right, we will correct it."
_REPLY = "Thank you. I attach the proof."
_LONG = 30_000


def main(plan: dict[str, Any]) -> None:
    """Play the journey."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**_BROWSER)
        client = browser.new_context().new_page()
        staff = browser.new_context().new_page()
        for page in (client, staff):
            page.set_default_timeout(_LONG)
        _Journey(plan, client, staff).run()
        browser.close()


class _Journey:
    def __init__(self, plan: dict[str, Any], client: Page, staff: Page) -> None:
        self._url = plan["url"]
        self._plan = plan
        self._client = client
        self._staff = staff
        self._mails = Path(plan["mails"])

    def run(self) -> None:
        """Play it step by step; the first that fails ends it."""
        for name, step in (
            ("staff sign in", self._sign_in),
            ("the client asks about an invoice", self._ask),
            ("the badge appears without reload", self._see_badge),
            ("staff answer", self._answer),
            ("the answer is mailed with a link", self._read_mail),
            ("the link opens the thread", self._open_link),
            ("the client answers by mail", self._reply),
        ):
            with _step(name):
                step()

    def _sign_in(self) -> None:
        page = self._staff
        page.goto(f"{self._url}/web/login")
        page.fill("input[name=login]", "demo")
        page.fill("input[name=password]", "demo")
        page.click(".oe_login_form button[type=submit]")
        page.wait_for_selector(".o_client_hub_ticket_badge")
        # The connection on which news arrive.
        page.wait_for_timeout(3000)
        self._before = self._count()

    def _count(self) -> int:
        badge = self._staff.query_selector(".o_client_hub_ticket_count")
        return int(badge.inner_text()) if badge else 0

    def _ask(self) -> None:
        page = self._client
        page.goto(self._plan["link"])
        page.wait_for_url("**/my/invoices/**")
        page.mouse.move(100, 100)
        page.mouse.click(5, 300)
        page.wait_for_timeout(1000)
        page.click("[name=client_hub_tickets] a[href*='/my/support/new']")
        page.fill("#ticket_subject", _SUBJECT)
        page.fill("#ticket_text", "Please look at the second line.")
        page.set_input_files(
            "#ticket_files",
            {"name": "photo.txt", "mimeType": "text/plain", "buffer": b"a photo"},
        )
        self._sent_at = time.monotonic()
        page.click("form.o_client_hub_ticket_form [type=submit]", no_wait_after=True)

    def _see_badge(self) -> None:
        wanted = self._before + 1
        while self._count() < wanted:
            if time.monotonic() - self._sent_at > _LONG / 1000:
                raise AssertionError("The badge did not change.")
            self._staff.wait_for_timeout(20)
        seconds = time.monotonic() - self._sent_at
        if seconds > _BADGE_SECONDS:
            raise AssertionError(f"The badge took {seconds:.1f} seconds.")
        self._client.wait_for_selector("[data-done=opened]")

    def _answer(self) -> None:
        page = self._staff
        page.click(".o_client_hub_ticket_badge")
        page.click(f".o_kanban_record:has-text('{_SUBJECT}')")
        page.click(".o-mail-Chatter-sendMessage")
        page.fill(".o-mail-Composer-input", _ANSWER)
        page.click(".o-mail-Composer-send")
        page.wait_for_selector(f".o-mail-Message:has-text('{_ANSWER}')")

    def _read_mail(self) -> None:
        # The first says that the question arrived.
        self._mail = wait_for_mail(self._mails, _SUBJECT, 2)
        text = self._mail.get_body(("html",)).get_content()
        if _ANSWER not in text or "/my/access/" not in text:
            raise AssertionError(f"The mail has no answer or no link: {text[:1500]}")

    def _open_link(self) -> None:
        page = self._client.context.browser.new_context().new_page()
        text = self._mail.get_body(("plain",)).get_content()
        words = text.replace("(", " ").replace(")", " ").split()
        [link, *_more] = [
            word for word in words if "/my/access/" in word and "#" in word
        ]
        page.goto(link)
        page.wait_for_url("**/my/support/**")
        expect(page.locator("body")).to_contain_text(_ANSWER, timeout=_LONG)

    def _reply(self) -> None:
        raw = answer_to(self._mail, _REPLY)
        login = (self._plan["db"], 2, "admin")
        arguments = ("mail.thread", "message_process", [False, raw])
        call(self._url, "object", "execute_kw", *login, *arguments)
        self._staff.reload()
        self._staff.wait_for_selector(f".o-mail-Message:has-text('{_REPLY}')")
        self._client.reload()
        body = self._client.locator("body")
        expect(body).to_contain_text(_REPLY)
        expect(body).to_contain_text("proof.txt")


@contextmanager
def _step(name: str) -> Iterator[None]:
    begin = time.monotonic()
    wrong = ""
    try:
        yield
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"[:2000]
    print(json.dumps([name, round(time.monotonic() - begin, 2), wrong]), flush=True)
    if wrong:
        sys.exit()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
