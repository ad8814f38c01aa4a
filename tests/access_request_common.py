"""Visitors who ask for links and codes, and the mailbox that receives them."""

from __future__ import annotations

import re

from .access_link_common import ADDRESS, AccessLinkHttpCommon
from .mail_common import InboxMixin

WRONG = "00000000"


class AccessRequestCommon(InboxMixin, AccessLinkHttpCommon):
    """A mailbox that receives what visitors ask for."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.requests = cls.env["client.hub.access.request"].sudo()
        cls.requests.search([]).unlink()

    def setUp(self) -> None:
        super().setUp()
        self.url = self._issue(record=self.invoice)
        self.link = self._get_link(self.url)
        self.selector = self._get_secret(self.url).selector

    def _answer(self) -> list[list[str]]:
        """Answer what was asked for; return to whom mails went."""
        self.env.invalidate_all()
        self.env.ref("client_hub.access_request_cron").sudo().method_direct_trigger()
        return [to for to, _mail in self.inbox.mails]

    def _get_text(self) -> str:
        [(_to, mail)] = self.inbox.mails
        return mail.get_body(("html", "plain")).get_content()

    def _get_code(self) -> str:
        return re.search(r">\s*(\d{4} \d{4})\s*<", self._get_text())[1]

    def _ask_for_code(self) -> str:
        self._post(f"/my/access/{self.selector}/renew")
        self.assertEqual(self._answer(), [[ADDRESS]])
        code = self._get_code()
        self.inbox.mails.clear()
        return code
