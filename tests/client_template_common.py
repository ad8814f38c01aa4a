"""Clients with texts of their own, and what they receive."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from lxml import html

from odoo.tests import Form

from ..models.mail_template_rendering import GLOBAL_TEXT
from .document_common import DocumentCommon, text_of
from .mail_common import InboxMixin

# Passes the checks of core at saving, and fails for documents of one name.
BROKEN = """<p>Own <t t-if="object.display_name">
<t t-out="1 / (0 if 'BROKEN' in object.partner_id.name else 1)"/></t></p>"""


class ClientTemplateCommon(InboxMixin, DocumentCommon):
    """Four clients: with an own text, with one in Chinese, without, with a broken one.

    Invoices are sent by somebody who may only invoice, orders by a salesman.
    """

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.own = cls.client
        cls.chinese = cls.client_de
        cls.plain = cls.client_us
        cls.broken = cls._create_client("BROKEN Workshop", "be")
        cls.chinese.lang = "zh_CN"
        cls.clients = cls.own + cls.chinese + cls.plain + cls.broken
        names = ("own", "chinese", "plain", "broken")
        for name, client in zip(names, cls.clients, strict=True):
            client.email = f"{name}@example.com"
            client.invoice_sending_method = "email"
        for user in cls.biller + cls.salesman:
            user.email = f"{user.login}@example.com"

    # ------------------------------------------------------------ texts

    @classmethod
    def write_text(
        cls, client: Any, document_type: str, body: str | None = None, **vals: Any
    ) -> Any:
        """Give a client a text of its own, as an administrator writes it."""
        mark = f"{client.name} {document_type}"
        return cls.env["mail.template"].create(
            {
                "client_partner_id": client.id,
                "client_document_type": document_type,
                "subject": f"Subject for {mark}: {{{{ object.display_name }}}}",
                "body_html": body
                or f"<p>Body for {mark}: <t t-out='object.display_name'/></p>",
                **vals,
            }
        )

    @classmethod
    def write_texts(cls, document_type: str) -> None:
        """Give each client but one its text: English, English and Chinese, broken."""
        cls.write_text(cls.own, document_type)
        text = cls.write_text(cls.chinese, document_type)
        text.with_context(lang="zh_CN").write(
            {
                "subject": "主题 {{ object.display_name }}",
                "body_html": "<p>正文 <t t-out='object.display_name'/></p>",
            }
        )
        cls.write_text(cls.broken, document_type, body=BROKEN)

    def run_cron(self, name: str) -> None:
        """Run a cron as the scheduler does, then send what waits in the mail queue."""
        with self.enter_registry_test_mode():
            self.env.ref(name).method_direct_trigger()
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    # ------------------------------------------------------------ what arrives

    def mail_to(self, client: Any) -> EmailMessage:
        """Return the only mail that a client received."""
        mails = [mail for to, mail in self.inbox.mails if to == [client.email]]
        self.assertEqual(len(mails), 1, f"{client.email}: {self.inbox.mails}")
        return mails[0]

    def assert_nothing_to(self, *clients: Any) -> None:
        addresses = [address for to, _mail in self.inbox.mails for address in to]
        for client in clients:
            self.assertNotIn(client.email, addresses)

    def assert_own(
        self, client: Any, document: Any, document_type: str, template: Any
    ) -> None:
        """Assert that the client received its own text, and nothing of the global."""
        name = document.with_context(lang=client.lang).display_name
        mark = f"{client.name} {document_type}: {name}"
        subject, body = f"Subject for {mark}", f"Body for {mark}"
        if client == self.chinese:
            subject, body = f"主题 {name}", f"正文 {name}"
        mail = self.mail_to(client)
        self.assertEqual(mail["Subject"], subject)
        self.assertIn(body, words_of(mail))
        global_subject, global_body = self.render_global(template, document)
        self.assertNotIn(global_subject, mail["Subject"])
        for sentence in global_body.split(". "):
            self.assertNotIn(sentence, words_of(mail))

    def assert_global(self, client: Any, document: Any, template: Any) -> None:
        """Assert that the client received the global text, and nobody's own."""
        subject, body = self.render_global(template, document)
        mail = self.mail_to(client)
        self.assertEqual(" ".join(mail["Subject"].split()), subject)
        self.assertIn(body, words_of(mail))
        self.assertNotIn("Body for", words_of(mail))

    def render_global(self, template: Any, document: Any) -> tuple[str, str]:
        """Return the words of the global subject and body for a document."""
        template = template.sudo().with_context(**{GLOBAL_TEXT: True})
        subject, body = (
            template._render_field(field, document.ids, compute_lang=True)[document.id]
            for field in ("subject", "body_html")
        )
        # Below stands the signature of whoever sends.
        words = text_of(html.fromstring(body)).split("Best regards")[0]
        return " ".join(subject.split()), words.strip()

    # ------------------------------------------------------------ what staff see

    def unsent(self, document: Any) -> Any:
        """Return the activities which say that a mail of the document was not sent."""
        kind = self.env.ref("client_hub.mail_activity_type_unsent")
        return document.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def assert_unsent(self, document: Any, document_type: str = "") -> None:
        """Assert that staff see why: client, type and placeholder."""
        note = text_of(html.fromstring(self.unsent(document).note))
        label = dict(
            self.env["mail.template"]._fields["client_document_type"].selection
        ).get(document_type, "")
        for word in (document.partner_id.name, label, "1 / (0 if"):
            self.assertIn(word, note)

    def mend(self, client: Any) -> None:
        """Correct the broken text of a client."""
        client.client_template_ids.body_html = "<p>Body mended</p>"

    def compose(self, action: dict[str, Any], user: Any) -> None:
        """Send what an action opens in the composer."""
        composers = self.env["mail.compose.message"].with_user(user)
        composer = Form(composers.with_context(**action["context"])).save()
        composer.action_send_mail()


def words_of(mail: EmailMessage) -> str:
    """Return the words of the HTML part of a mail."""
    part = mail.get_body(("html",))
    return text_of(html.fromstring(part.get_content()))
