from __future__ import annotations

import unittest
from email import message_from_bytes, policy
from email.message import EmailMessage

from ...tools import access_mail
from ...tools.access_link import build_url, document_path, new_secret
from ...tools.access_mail import Target, mask_message

HERE = "https://odoo.example.com"
BASES = {HERE, "https://portal.example.com"}
INVOICE = Target("account.move", 5)
ORDER = Target("sale.order", 7)
VIEW = "/mail/view?access_token=abc&amp;auth_login=jo%40example.com&amp;hash=f00"
# What stands in a mail, and the document it leads to.
SECRET = {
    f'<a href="{HERE}/my/invoices/5?access_token=abc">': INVOICE,
    f'<a href="{HERE}/my/invoices/5?access_token=abc&amp;report_type=pdf">': INVOICE,
    '<a href="/my/orders/7/document/3?access_token=abc">': ORDER,
    f'<a href="{HERE}{VIEW}&amp;model=sale.order&amp;pid=3&amp;res_id=7">': ORDER,
    f"see ({HERE}/my/orders/7?access_token=abc).": ORDER,
    f"<link href='{HERE}/my/invoices/5?access_token=abc#chatter'/>": INVOICE,
}
HARMLESS = {
    f"<p>{HERE}/my/invoices/5</p>": INVOICE,
    "<a href='/my/orders/7?report_type=pdf'/>": ORDER,
    f'<a href="{HERE}/mail/view?model=sale.order&amp;res_id=7">': ORDER,
    f"{HERE}/my/access/document/account.move/5": INVOICE,
}
FOREIGN = [
    "",
    "no link at all",
    f"{HERE}/my/invoices",
    f"{HERE}/my/invoices/overdue",
    f"{HERE}/my/invoices/5.pdf",
    f"{HERE}/my/invoices/1234567890123",
    f"{HERE}/my/invoices/٥",
    "https://evil.example/my/invoices/5?access_token=abc",
    "https://odoo.example.com.evil.example/my/invoices/5",
    f"https://evil.example/?next={HERE}/my/invoices/5",
    "https://evil.example/my/access/document/sale.order/7",
    "https://evil.example/x/my/orders/7",
    f"{HERE}/mail/view?model=sale.order",
    f"{HERE}/mail/view?model=sale.order&amp;res_id=",
    f"{HERE}/mail/view?model=sale.order&amp;res_id=-1",
    f"{HERE}/mail/viewer?model=sale.order&amp;res_id=7",
]


def is_document(model: str) -> bool:
    return model in ("account.move", "sale.order")


class TestAccessMail(unittest.TestCase):
    def test_link_becomes_the_neutral_one(self) -> None:
        for html, target in SECRET.items():
            with self.subTest(html):
                stored = access_mail.neutralize(html, BASES, is_document)
                self.assertIn(document_path(*target), stored)
                for secret in ("abc", "f00", "jo%40", "access_token", "report_type"):
                    self.assertNotIn(secret, stored)
                self.assertEqual(access_mail.targets(stored, BASES), {target})

    def test_what_surrounds_a_link_stays(self) -> None:
        stored = access_mail.neutralize(
            f"see ({HERE}/my/orders/7?access_token=abc).", BASES, is_document
        )
        self.assertEqual(stored, f"see ({HERE}/my/access/document/sale.order/7).")

    def test_storing_twice_changes_nothing_more(self) -> None:
        for html in SECRET:
            once = access_mail.neutralize(html, BASES, is_document)
            again = access_mail.neutralize(once, BASES, is_document)
            self.assertEqual(once, again)

    def test_foreign_addresses_stay(self) -> None:
        for html in FOREIGN:
            with self.subTest(html):
                self.assertEqual(access_mail.targets(html, BASES), set())
                stored = access_mail.neutralize(html, BASES, is_document)
                self.assertEqual(stored, html)
                sent = access_mail.replace(html, BASES, lambda _target: "LIVE")
                self.assertEqual(sent, html)

    def test_links_to_other_models_stay(self) -> None:
        html = f'<a href="{HERE}/mail/view?access_token=a&model=project.task&res_id=7">'
        self.assertEqual(access_mail.neutralize(html, BASES, is_document), html)

    def test_harmless_link_stays_in_the_database_and_is_replaced_for_clients(
        self,
    ) -> None:
        for html, target in HARMLESS.items():
            with self.subTest(html):
                stored = access_mail.neutralize(html, BASES, is_document)
                self.assertEqual(stored, html)
                self.assertEqual(access_mail.targets(stored, BASES), {target})
                sent = access_mail.replace(html, BASES, lambda _target: "LIVE")
                self.assertIn("LIVE", sent)

    def test_others_get_plain_links_only_where_the_neutral_address_stood(self) -> None:
        links = {INVOICE: "PLAIN", ORDER: "PLAIN"}
        sent = access_mail.replace_neutral("\n".join(HARMLESS), BASES, links)
        self.assertEqual(sent.count("PLAIN"), 1)
        self.assertIn("\nPLAIN", sent)

    def test_each_document_gets_its_own_link(self) -> None:
        html = " ".join(SECRET)
        live = {INVOICE: f"{HERE}/live#invoice", ORDER: f"{HERE}/live#order"}
        sent = access_mail.replace(html, BASES, live.get)
        self.assertEqual(sent.count("/live#invoice"), 3)
        self.assertEqual(sent.count("/live#order"), 3)
        self.assertNotIn("access_token", sent)

    def test_link_without_replacement_stays(self) -> None:
        html = f'<a href="{HERE}/my/access/document/sale.order/7">'
        sent = access_mail.replace(html, BASES, {INVOICE: "LIVE"}.get)
        self.assertEqual(sent, html)


class TestMaskMessage(unittest.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.secret = new_secret()
        self.url = build_url(HERE, self.secret)

    def received(self, message: EmailMessage) -> EmailMessage:
        """Return a mail as the gateway reads it, with its links masked."""
        parsed = message_from_bytes(message.as_bytes(), policy=policy.SMTP)
        mask_message(parsed)
        return message_from_bytes(parsed.as_bytes(), policy=policy.SMTP)

    def assert_masked(self, message: EmailMessage) -> None:
        texts = [
            part.get_content()
            for part in message.walk()
            if part.get_content_maintype() == "text"
        ]
        for text in texts:
            self.assertNotIn(self.secret.verifier, text)
        self.assertTrue(any(self.secret.selector in text for text in texts))

    def test_all_parts_in_all_encodings(self) -> None:
        for cte in ("quoted-printable", "base64"):
            for charset in ("utf-8", "utf-16"):
                with self.subTest(cte=cte, charset=charset):
                    mail = EmailMessage()
                    mail.set_content(f"é > {self.url}", charset=charset, cte=cte)
                    html = f'<a href="{self.url}">é</a>'
                    mail.add_alternative(html, "html", charset=charset, cte=cte)
                    received = self.received(mail)
                    self.assert_masked(received)
                    for part in received.iter_parts():
                        self.assertIn("é", part.get_content())

    def test_bounce_returns_the_whole_mail(self) -> None:
        original = EmailMessage()
        original.set_content(self.url)
        original.add_alternative(f'<a href="{self.url}">x</a>', "html")
        bounce = EmailMessage()
        bounce.set_content("Not delivered")
        bounce.add_attachment(original)
        self.assert_masked(self.received(bounce))

    def test_attached_text_keeps_its_name(self) -> None:
        mail = EmailMessage()
        mail.set_content("see the file")
        mail.add_attachment(self.url, filename="quoted.txt")
        received = self.received(mail)
        self.assert_masked(received)
        [attached] = received.iter_attachments()
        self.assertEqual(attached.get_filename(), "quoted.txt")

    def test_other_mails_are_left_as_they_are(self) -> None:
        mail = EmailMessage()
        mail.set_content("Grüße\n", cte="8bit")
        before = message_from_bytes(mail.as_bytes(), policy=policy.SMTP).as_bytes()
        self.assertEqual(self.received(mail).as_bytes(), before)

    def test_unreadable_part_is_left_to_odoo(self) -> None:
        raw = b"Content-Type: text/plain; charset=no-such-thing\n\n" + self.url.encode()
        mail = message_from_bytes(raw, policy=policy.SMTP)
        mask_message(mail)
        self.assertIn(self.secret.selector, mail.as_string())
