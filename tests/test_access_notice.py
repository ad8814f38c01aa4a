from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_link_common import ADDRESS
from .access_request_common import AccessRequestCommon

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Version/17.2 Safari/60"
ANSWER = re.compile(r"https?://[^\s\"'<>]*/my/access/stranger/[^\s\"'<>]+")


@tagged("post_install", "-at_install")
class TestAccessNotice(AccessRequestCommon):
    """A client is told when somebody comes with a browser not seen before."""

    def _visit_with(self, agent: str) -> None:
        self._new_browser()
        self.opener.headers["User-Agent"] = agent
        self._visit(self.url)

    def _get_notice(self) -> str:
        """Return the address in the notice of a visit with a new browser."""
        self._visit_with(CHROME)
        self._visit_with(IPHONE)
        self.assertEqual(self._answer(), [[ADDRESS]])
        [url] = set(ANSWER.findall(self._get_text()))
        return urlsplit(url).path

    def test_t32_a_new_browser_is_told_by_mail(self) -> None:
        self._visit_with(CHROME)
        self._visit_with(CHROME.replace("120.0", "121.3"))
        self.assertEqual(self._answer(), [], "neither the first one nor an update")
        self._visit_with(IPHONE)
        self.assertFalse(self.inbox.mails, "nobody waits for the mail")
        self.assertEqual(self._answer(), [[ADDRESS]])
        text = self._get_text()
        for expected in ("Safari, iPhone", "127.0.0.1", "UTC"):
            self.assertIn(expected, text)
        self.inbox.mails.clear()
        self._visit_with(IPHONE)
        self.assertEqual(self._answer(), [])
        events = self.events.search(
            [("kind", "=", "visit"), ("link_id", "=", self.link.id)]
        )
        self.assertEqual(len(events), 4)

    def test_notice_is_in_the_language_of_the_client(self) -> None:
        self.env["res.lang"]._activate_lang("zh_CN")
        self.contact_fr.lang = "zh_CN"
        self._get_notice()
        self.assertIn("这不是我", self._get_text())

    def test_scanner_causes_no_notice(self) -> None:
        self._visit_with(CHROME)
        self._new_browser()
        self.opener.headers["User-Agent"] = IPHONE
        self._enter(self.url)
        self.assertEqual(self._answer(), [])

    def test_opening_the_answer_changes_nothing_and_a_click_ends_access(self) -> None:
        path = self._get_notice()
        thief = self._get_sid()
        self._new_browser()
        for method in ("GET", "HEAD"):
            response = self.url_open(path, method=method)
            self.assertEqual(response.status_code, 200)
        self.assertFalse(self.link.revoked_at)
        with mute_logger("odoo.http"):
            self.assertEqual(self._post(path, "x").status_code, 400)
        self.assertFalse(self.link.revoked_at)
        other = self._get_link(self._issue(record=self.invoice))
        foreign = self._get_link(self._issue(self.contact_de, self.invoice_de))
        response = self._post(path, self._get_token(path))
        self.assertIn("Access has ended", response.text)
        self.env.invalidate_all()
        self.assertTrue(self.link.revoked_at)
        self.assertTrue(other.revoked_at, "whoever reads one mail may read all")
        self.assertFalse(foreign.revoked_at)
        self._use_session(thief)
        self.assertFalse(self._is_signed_in())

    def test_wrong_answers_end_nothing_and_look_alike(self) -> None:
        path = self._get_notice()
        event = self._get_event(path)
        opened = self.events.search([("kind", "=", "opened")], limit=1)
        base = "/my/access/stranger"
        wrong = (
            f"{path}0",
            path[:-1],
            f"{base}/{event.id}/x",
            f"{base}/{event.id - 1}/{path.rpartition('/')[2]}",
            f"{base}/{opened.id}/{opened._get_answer_key()}",
            f"{base}/{2**31}/x",
            f"{base}/{event.id}/é",
        )
        texts = set()
        for tried in wrong:
            response = self._post(tried, self._get_token(tried))
            texts.add(response.text)
        self.env.invalidate_all()
        self.assertFalse(self.link.revoked_at)
        texts.add(self._post(path).text)
        self.assertEqual(len(texts), 1)

    def test_answer_is_good_for_a_month(self) -> None:
        path = self._get_notice()
        self._get_event(path).date = fields.Datetime.now() - timedelta(days=31)
        self._post(path)
        self.assertFalse(self.link.revoked_at)

    def _get_event(self, path: str) -> Any:
        return self.events.browse(int(path.split("/")[4]))
