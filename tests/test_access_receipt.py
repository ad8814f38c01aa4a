from __future__ import annotations

from urllib.parse import urlsplit

from lxml import html

from odoo import Command
from odoo.tests import tagged

from .access_mail_common import CLIENT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessReceipt(AccessMailCommon):
    """The receipt of a payment that is really received, and what its link opens."""

    def test_received_receipt_opens_the_statement_at_the_payment(self) -> None:
        self.env.ref("base.public_user").sudo().write(
            {
                "company_ids": [Command.link(self.company.id)],
                "company_id": self.company.id,
            }
        )
        payment = self._register_payment(self.invoice)
        self.post(payment, self.client, user=self.biller)
        link = urlsplit(self.assert_magic(CLIENT, self.client, payment))
        self.authenticate(None, None)
        page = html.fromstring(self.url_open(link.path).text)
        [token] = page.xpath("//section[@id='enter']//input[@name='csrf_token']/@value")
        data = {"csrf_token": token, "verifier": link.fragment}
        answer = self.url_open(link.path, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        location = urlsplit(answer.headers["Location"])
        self.assertEqual(location.path, "/my/statement")
        statement = self.url_open(f"{location.path}?{location.query}")
        self.assertEqual(statement.status_code, 200)
        rows = html.fromstring(statement.text).xpath(f"//tr[@id='{location.fragment}']")
        self.assertEqual(len(rows), 1)
        self.assertIn(payment.name, rows[0].text_content())
