"""Mails about tickets, out through SMTP and in as a mail server hands them over."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from markupsafe import Markup

from odoo.tools import mute_logger

from .mail_common import InboxMixin
from .ticket_common import TICKET, TicketCommon

SUPPORT = "support@in.example.com"
ROUTING = "odoo.addons.mail.models.mail_thread"


class TicketMailCommon(InboxMixin, TicketCommon):
    """A company with a support address."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # sudo: what the tests prepare is not about rights.
        company = cls.company.sudo()
        domain = cls.env["mail.alias.domain"].sudo().create({"name": "in.example.com"})
        company.write(
            {
                "alias_domain_id": domain.id,
                "email": "office@example.com",
                "client_hub_ticket_alias_name": "support",
            }
        )
        cls.hub_user.sudo().notification_type = "email"
        cls.env.cr.flush()

    def setUp(self) -> None:
        super().setUp()
        # They are counted in transactions of their own, and outlive a test.
        with self.registry.cursor() as cursor:
            cursor.execute("DELETE FROM client_hub_access_attempt")

    # ------------------------------------------------------------------ out

    def _send_all(self) -> None:
        self.env.cr.postcommit.clear()
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    def _mails_to(self, partner: Any) -> list[EmailMessage]:
        self._send_all()
        return [mail for to, mail in self.inbox.mails if partner.email in to]

    def _mail_to(self, partner: Any) -> EmailMessage:
        mails = self._mails_to(partner)
        self.assertEqual(len(mails), 1, [mail["Subject"] for mail in mails])
        return mails[0]

    def _text_of(self, mail: EmailMessage) -> str:
        return mail.get_body(("html",)).get_content()

    def _write_own_text(self, client: Any, body: str, subject: str = "Own") -> Any:
        return (
            self.env["mail.template"]
            .sudo()
            .create(
                {
                    "name": "Own",
                    "active": False,
                    "model_id": self.env["ir.model"]._get_id(TICKET),
                    "client_partner_id": client.id,
                    "client_document_type": "ticket",
                    "subject": subject,
                    "body_html": Markup(body),
                }
            )
        )

    # ------------------------------------------------------------------ in

    def _mail_from(
        self,
        sender: str,
        text: str = "Hello",
        answers: EmailMessage | None = None,
        **headers: str,
    ) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, SUPPORT
        mail["Subject"] = headers.pop("Subject", "A question")
        mail["Message-ID"] = f"<{uuid4()}@client.example.com>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers["Message-Id"]
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    def _receive(self, mail: EmailMessage) -> Any:
        """Hand a mail over, and return the message it became, empty if none."""
        messages = self.env["mail.message"].sudo()
        with mute_logger(ROUTING):
            self.env["mail.thread"].sudo().message_process(False, mail.as_bytes())
        return messages.search([("message_id", "=", mail["Message-ID"])])
