from __future__ import annotations

from odoo.tests import tagged
from odoo.tools import mute_logger

from .client_template_common import ClientTemplateCommon, words_of

BROKEN = """<p><t t-if="object.name">
<t t-out="1 / (0 if object.ref == 'BROKEN' else 1)"/></t></p>"""


@tagged("post_install", "-at_install")
class TestClientTemplateStatement(ClientTemplateCommon):
    """Account statements in the client's own words."""

    @mute_logger("odoo.addons.client_hub.models.statement_mail", "odoo.addons.mail")
    def test_one_run_sends_each_client_its_own_text(self) -> None:
        self.write_text(self.own, "statement")
        self.write_text(self.chinese, "statement").with_context(lang="zh_CN").write(
            {
                "subject": "主题 {{ object.display_name }}",
                "body_html": "<p>正文 <t t-out='object.display_name'/></p>",
            }
        )
        # It can be filled in when it is saved, and not when it is sent.
        self.write_text(self.broken, "statement", body=BROKEN)
        self.broken.ref = "BROKEN"
        for client in self.clients:
            self.make_invoice(client)
        runs = self.env["client.hub.statement.run"].with_user(self.biller)
        period = runs.env["client.hub.statement"]._read_period("all")
        run = runs._start(self.clients.with_user(self.biller), period)
        for line in run.sudo().line_ids:
            line._send_once()
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

        states = {line.partner_id: line.state for line in run.line_ids}
        sent = self.own + self.chinese + self.plain
        self.assertEqual(states, dict.fromkeys(sent, "sent") | {self.broken: "failed"})
        own = self.mail_to(self.own)
        mark = f"{self.own.name} statement"
        self.assertEqual(own["Subject"], f"Subject for {mark}: {self.own.name}")
        self.assertIn(f"Body for {mark}: {self.own.name}", words_of(own))
        self.assertNotIn("statement of your account", words_of(own))
        self.assertEqual(
            self.mail_to(self.chinese)["Subject"], f"主题 {self.chinese.name}"
        )
        self.assertIn(f"正文 {self.chinese.name}", words_of(self.mail_to(self.chinese)))
        self.assertIn("account statement of", self.mail_to(self.plain)["Subject"])
        self.assertIn("statement of your account", words_of(self.mail_to(self.plain)))
        self.assert_nothing_to(self.broken)
        [failed] = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertIn(self.broken.name, failed.error)
