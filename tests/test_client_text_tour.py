from __future__ import annotations

from odoo.tests import HttpCase, tagged

from .client_text_common import NUMBER, ClientTextCommon
from .mail_common import InboxMixin

SALESPERSON = "object.client_placeholder_salesperson"


@tagged("post_install", "-at_install")
class TestClientTextTour(InboxMixin, ClientTextCommon, HttpCase):
    """The tab in a real browser, used by somebody who may only invoice."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.biller.write({"login": "text_tour", "password": "text_tour"})
        cls.biller.email = "tour@example.com"
        cls.salesman.name = "Tour Seller"
        cls.invoice.invoice_user_id = cls.salesman
        cls.second = cls._create_client("AB Second Workshop", "fr")
        cls.theirs = cls.write_text(client_partner_id=cls.second.id, subject="Old")

    def test_staff_write_try_copy_and_reset_a_text(self) -> None:
        url = f"/odoo/res.partner/{self.client.id}"
        self.start_tour(url, "client_template_tour", login="text_tour")
        self.env.invalidate_all()
        subject = f"Bill {{{{ {NUMBER} }}}}"
        self.assertEqual(self.theirs.subject, subject, "copied")
        self.assertIn(f't-out="{SALESPERSON}"', self.theirs.body_html)
        self.assertFalse(self.client.client_template_ids, "reset")
        ((recipients, mail),) = self.inbox.mails
        self.assertEqual(recipients, ["tour@example.com"])
        self.assertEqual(mail["Subject"], f"[Test] Bill {self.invoice.name}")
        html = mail.get_body(("html",)).get_content()
        self.assertIn("Tour Seller", html)
