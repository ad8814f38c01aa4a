from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from odoo.tests import tagged

from ..tools import access_link as link_tools
from .access_mail_common import CLIENT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessMailIncoming(AccessMailCommon):
    """What clients send back quotes their link, which must not work from there."""

    def setUp(self) -> None:
        super().setUp()
        self.post(self.invoice, self.client)
        self.url = self.link_to(CLIENT)
        self.sent = self.received(CLIENT)
        self.secret = link_tools.split(self.url.partition("/my/access/")[2])

    def test_t41_reply_that_quotes_the_mail(self) -> None:
        reply = self._reply(f"On Monday you wrote:\n> {self.url}\n")
        message = self._receive(reply)
        self.assertEqual(message.res_id, self.invoice.id)
        self._assert_masked(message.body)

    def test_reply_that_quotes_what_gateways_made_of_the_link(self) -> None:
        for sign in ("#", "%23", "%2523", "&#35;"):
            with self.subTest(sign):
                quoted = self.url.replace("#", sign)
                reply = self._reply("quoted")
                reply.add_alternative(f'<a href="{quoted}">it</a>', "html")
                self._assert_masked(self._receive(reply).body)

    def test_whole_mail_forwarded_as_an_attachment(self) -> None:
        reply = self._reply("see the attached mail")
        reply.add_attachment(self.sent)
        message = self._receive(reply)
        attachment = message.attachment_ids.filtered(
            lambda attached: b"Message-Id" in attached.raw
        )
        attached = message_from_bytes(attachment.raw, policy=policy.default)
        self._assert_masked(attached.get_body(("html",)).get_content())
        self._assert_masked(attached.get_body(("plain",)).get_content())

    def test_bounce(self) -> None:
        bounce = EmailMessage(policy=policy.SMTP)
        bounce["From"] = "MAILER-DAEMON@example.com"
        bounce["To"] = self.company.bounce_email or "bounce@example.com"
        bounce["Subject"] = "Undelivered"
        bounce["Message-ID"] = "<bounce-1@example.com>"
        bounce["References"] = self.sent["Message-Id"]
        bounce["Content-Type"] = "multipart/report; report-type=delivery-status"
        text = EmailMessage()
        text.set_content(f"This was not delivered:\n{self.url}")
        bounce.attach(text)
        parsed = self.env["mail.thread"].message_parse(
            message_from_bytes(bounce.as_bytes(), policy=policy.SMTP)
        )
        self.assertTrue(parsed["is_bounce"])
        self._assert_masked(parsed["body"])

    def test_new_record_made_by_a_mail(self) -> None:
        parsed = self.env["mail.thread"].message_parse(
            message_from_bytes(
                self._reply(f"help: {self.url}").as_bytes(), policy=policy.SMTP
            )
        )
        self._assert_masked(parsed["body"])

    def test_t41_client_pastes_the_link_into_the_portal(self) -> None:
        message = self.post(
            self.invoice, user=self.portal_user, body=f"it is {self.url}"
        )
        self._assert_masked(message.body)

    def test_staff_paste_the_link_into_the_chatter_of_any_model(self) -> None:
        for record in (self.client, self.invoice):
            message = self.post(record, body=f"try {self.url}", user=self.env.user)
            self._assert_masked(message.body)

    def test_other_words_stay(self) -> None:
        message = self._receive(self._reply("Thank you: /my/access is nice"))
        self.assertIn("Thank you: /my/access is nice", message.body)

    # ------------------------------------------------------------ helpers

    def _reply(self, text: str) -> EmailMessage:
        reply = EmailMessage(policy=policy.SMTP)
        reply["From"] = f"Client <{CLIENT}>"
        reply["To"] = "catchall@example.com"
        reply["Subject"] = "Re: your invoice"
        reply["Message-ID"] = f"<{uuid4()}@example.com>"
        reply["In-Reply-To"] = self.sent["Message-Id"]
        reply.set_content(text)
        return reply

    def _receive(self, mail: EmailMessage) -> Any:
        """Hand a mail to the gateway; return the message it made."""
        thread_id = self.env["mail.thread"].message_process(None, mail.as_bytes())
        self.assertTrue(thread_id)
        return self.env["mail.message"].search(
            [("message_id", "=", mail["Message-ID"])]
        )

    def _assert_masked(self, text: str) -> None:
        self.assertIn(self.secret.selector, text)
        self.assertIn(link_tools.MASK, text)
        self.assertNotIn(self.secret.verifier, text)
