from __future__ import annotations

import http.client
import os
import smtplib
import stat
import tempfile
import unittest
from email.message import EmailMessage
from pathlib import Path

from dev import mailbox


def _mail(subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Seller <seller@example.com>"
    mail["To"] = "client@example.com"
    mail["Subject"] = subject
    mail.set_content("Dear <client>,\n.\nthe dot above stands alone: 你好")
    mail.add_alternative("<p>Dear <b>client</b></p>", subtype="html")
    mail.add_attachment(
        b"%PDF", maintype="application", subtype="pdf", filename="Facture été.pdf"
    )
    return mail


class TestMailbox(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        running = mailbox.running(Path(folder.name) / "mail")
        cls.box = running.__enter__()
        cls.addClassCleanup(running.__exit__, None, None, None)
        with smtplib.SMTP(mailbox.HOST, cls.box.smtp) as smtp:
            smtp.send_message(_mail("First <one>"))
            smtp.send_message(_mail("Second"), to_addrs=["hidden@example.com"])
        cls.names = sorted(path.name for path in cls.box.folder.iterdir())

    def get(self, path: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(mailbox.HOST, self.box.http)
        self.addCleanup(connection.close)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def text(self, path: str) -> str:
        status, _headers, body = self.get(path)
        self.assertEqual(status, 200)
        return body.decode()

    def test_one_file_per_mail(self) -> None:
        self.assertEqual(len(self.names), 2)
        raw = (self.box.folder / self.names[1]).read_text()
        self.assertIn("X-Envelope-To: hidden@example.com", raw)
        self.assertIn("Subject: Second", raw)

    def test_ports_are_local(self) -> None:
        table = Path("/proc/net/tcp").read_text().split()
        for port in (self.box.smtp, self.box.http):
            self.assertIn(f"0100007F:{port:04X}", table)
            self.assertNotIn(f"00000000:{port:04X}", table)

    def test_list_is_newest_first(self) -> None:
        page = self.text("/")
        self.assertIn("First &lt;one&gt;", page)
        self.assertLess(page.index("Second"), page.index("First"))

    def test_mail_page(self) -> None:
        page = self.text(f"/mail/{self.names[0]}")
        self.assertIn("Dear &lt;client&gt;", page)
        self.assertIn("你好", page)
        self.assertIn("seller@example.com", page)
        self.assertIn("Facture été.pdf", page)
        self.assertRegex(page, r'<iframe sandbox="(?!.*(scripts|same-origin|forms))')

    def test_html_is_sandboxed(self) -> None:
        _status, headers, body = self.get(f"/mail/{self.names[0]}/html")
        self.assertIn(b"<b>client</b>", body)
        policy = headers["Content-Security-Policy"]
        self.assertTrue(policy.startswith("sandbox"))
        self.assertNotIn("allow-scripts", policy)

    def test_attachment(self) -> None:
        status, headers, body = self.get(f"/mail/{self.names[0]}/part/0")
        self.assertEqual((status, body), (200, b"%PDF"))
        self.assertEqual(headers["Content-Type"], "application/pdf")
        disposition = headers["Content-Disposition"]
        self.assertIn("Facture%20%C3%A9t%C3%A9.pdf", disposition)

    def test_source(self) -> None:
        self.assertIn("Subject: First", self.text(f"/mail/{self.names[0]}/raw"))

    def test_nothing_else_is_served(self) -> None:
        for path in (
            "/mail/absent.eml",
            f"/mail/{self.names[0]}/part/9",
            "/mail/../mail.eml",
            "/mail/%2e%2e/x.eml",
            "/etc/passwd",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.get(path)[0], 404)


class TestKeeper(unittest.IsolatedAsyncioTestCase):
    async def test_folder_is_made(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name, "a", "b")
            server = await mailbox.serve_smtp(folder)
            server.close()
            self.assertTrue(stat.S_ISDIR(os.stat(folder).st_mode))
