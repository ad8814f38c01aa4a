from __future__ import annotations

import logging
from typing import Any
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..tools import access_link as link_tools
from ..tools.access_mail import neutralize
from .access_mail_common import CLIENT, CONTACT, CORE_SECRETS, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessMailSecrets(AccessMailCommon):
    """The secret is in the mail that is received, and nowhere else."""

    def test_t28_secret_is_in_no_row_of_the_database(self) -> None:
        mail = self._send_mail()
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        verifier = link_tools.split(url.partition("/my/access/")[2]).verifier
        self.assertTrue(mail.exists())
        self.assertEqual(self._find_in_database(verifier), [])
        # The search would find it.
        self.env["res.partner"].create({"name": "x", "comment": verifier})
        self.assertEqual(self._find_in_database(verifier), ["res_partner"])

    def test_t28_secret_is_in_no_log(self) -> None:
        with self.assertLogs(level=logging.DEBUG) as logs:
            self._send_mail()
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        verifier = link_tools.split(url.partition("/my/access/")[2]).verifier
        records = [record.getMessage() for record in logs.records]
        self.assertGreater(len(records), 1)
        self.assertFalse([text for text in records if verifier in text])

    def test_stored_mail_and_message_hold_the_neutral_address(self) -> None:
        mail = self._send_mail()
        neutral = self.links._get_document_path(self.invoice)
        for text in (mail.body_html, mail.mail_message_id.body):
            self.assertIn(neutral, text)
            for secret in CORE_SECRETS:
                self.assertNotIn(secret, text)

    def test_notification_that_is_kept_holds_no_secret_of_odoo(self) -> None:
        message = self.post(self.invoice, self.contact, mail_auto_delete=False)
        [mail] = (
            self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        )
        self.assert_magic(CONTACT, self.contact, self.invoice)
        for secret in CORE_SECRETS:
            self.assertNotIn(secret, mail.body_html)

    def test_message_that_is_edited_holds_no_secret(self) -> None:
        [url] = self.links._issue_links(
            [{"partner_id": self.client.id, "company_id": self.company.id}]
        )
        message = self.post(self.invoice)
        message.body = f"<p>{url}</p>"
        self.assertIn(link_tools.MASK, message.body)
        self.assertNotIn(url, message.body)

    def test_failed_mail_is_tried_again_with_a_fresh_link(self) -> None:
        mail = self._send_mail(raise_error=True)
        self.assertEqual(mail.state, "exception")
        self.assertFalse(self.inbox.mails)
        stored = mail.body_html
        mail.action_retry()
        mail.send()
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        self.assertEqual(mail.body_html, stored)
        newest = self.links.sudo().search([], limit=1)
        self.assertEqual(self.row_of(url), newest)

    def test_cancelled_mail_makes_no_link(self) -> None:
        mail = self._create_mail()
        mail.cancel()
        mail.send()
        self.assertFalse(self.inbox.mails)
        self.assertFalse(self.links.sudo().search([]))

    def test_mail_about_a_deleted_document_still_leaves(self) -> None:
        draft = self.make_invoice(post=False)
        mail = self._create_mail(res_id=draft.id)
        draft.unlink()
        mail.exists().send()
        for texts in (self.texts(CLIENT) if self.inbox.mails else {}).values():
            self.assertNotRegex(texts, r"/my/access/[\w-]{22}")

    def test_number_of_queries_does_not_grow_with_the_mails(self) -> None:
        access = self.env["client.hub.access.mail"]
        counts = []
        # The first run fills the caches that all transactions share.
        for number in (2, 2, 20):
            mails = self.env["mail.mail"].union(
                *(self._create_mail() for _i in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            access._issue(mails)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_t22_address_is_the_configured_one(self) -> None:
        self.env["ir.config_parameter"].set_param("web.base.url", "http://hub.test")
        self._send_mail()
        url = self.link_to(CLIENT)
        self.assertTrue(url.startswith("http://hub.test/my/access/"))

    def test_what_is_stored_of_a_neutral_body_is_the_same(self) -> None:
        mail = self._create_mail()
        access = self.env["client.hub.access.mail"]
        again = neutralize(mail.body_html, access._get_bases(), access._is_document)
        self.assertEqual(mail.body_html, again)

    # ------------------------------------------------------------ helpers

    def _create_mail(self, **vals: Any) -> Any:
        body = f'<p><a href="{self.invoice.get_portal_url()}">here</a></p>'
        # sudo: mails are made by the system.
        return (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": "Your invoice",
                    "body_html": body,
                    "body": body,
                    "model": "account.move",
                    "res_id": self.invoice.id,
                    "recipient_ids": self.client.ids,
                    "auto_delete": False,
                    **vals,
                }
            )
        )

    def _send_mail(self, raise_error: bool = False) -> Any:
        mail = self._create_mail()
        if not raise_error:
            mail.send()
            return mail
        broken = patch.object(IrMail_Server, "send_email", side_effect=OSError("down"))
        with broken, mute_logger("odoo.addons.mail.models.mail_mail"):
            mail.send()
        return mail

    def _find_in_database(self, text: str) -> list[str]:
        """Return the tables that hold a text anywhere."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            )
        )
        return [
            table
            for (table,) in tables
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s record WHERE record::text LIKE %s LIMIT 1",
                    SQL.identifier(table),
                    f"%{text}%",
                )
            )
        ]
