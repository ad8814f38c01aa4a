from __future__ import annotations

from typing import Any

from markupsafe import Markup

from odoo.tests import tagged

from .access_mail_common import CLIENT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestStatementAccessMail(AccessMailCommon):
    """Statements that are really received, and the link in them."""

    def _post_address(self, author: Any) -> None:
        url = self.client._get_client_statement_url()
        self.client.message_post(
            body=Markup("<a href='%s'>Your account</a>") % url,
            author_id=author.id,
            partner_ids=self.client.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def test_what_a_client_writes_brings_nobody_a_link(self) -> None:
        self._post_address(self.contact)
        self.assertTrue(self.received(CLIENT))
        links = self.links.sudo().search([("partner_id", "=", self.client.id)])
        self.assertFalse(links)

    def test_sent_statement_arrives_with_a_link_to_the_account(self) -> None:
        runs = self._as(self.biller, self.env["client.hub.statement.run"])
        client = self.client.with_user(self.biller)
        period = self.env["client.hub.statement"]._read_period("all")
        run = runs._start(client, period)
        run.sudo().line_ids._send_once()
        self.assertEqual(run.line_ids.state, "sent")
        mail = self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", self.client.id)], limit=1
        )
        neutral = f"/my/access/document/res.partner/{self.client.id}"
        self.assertIn(neutral, mail.body_html)
        mail.send()
        row = self.row_of(self.link_to(CLIENT))
        self.assertEqual(row.partner_id, self.client)
        self.assertEqual(row._get_portal_path(row._get_document()), "/my/statement")
        names = [
            part.get_filename() for part in self.received(CLIENT).iter_attachments()
        ]
        self.assertTrue(any("Account Statement" in name for name in names), names)
