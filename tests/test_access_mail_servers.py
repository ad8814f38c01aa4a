from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .access_mail_common import CLIENT, STAFF, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessMailServers(AccessMailCommon):
    """A mailbox of a member of staff keeps what it sends, working links included."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.personal = cls.server.copy(
            {
                "name": "Mailbox of the biller",
                "owner_user_id": cls.biller.id,
                "from_filter": STAFF,
                "smtp_user": STAFF,
                "active": True,
            }
        )
        cls.biller.sudo().outgoing_mail_server_id = cls.personal

    def test_personal_server_sends_unless_the_company_says_otherwise(self) -> None:
        self.assertEqual(self._get_server(self.invoice), self.personal)
        self.company.client_hub_links_by_company_servers = True
        self.assertEqual(self._get_server(self.invoice), self.server)

    def test_mails_without_links_may_leave_by_the_personal_server(self) -> None:
        self.company.client_hub_links_by_company_servers = True
        self.biller.group_ids += self.env.ref("base.group_partner_manager")
        self.assertEqual(self._get_server(self.client), self.personal)

    def test_choice_is_of_the_company_of_the_document(self) -> None:
        other = self.env["res.company"].create({"name": "Elsewhere"})
        other.client_hub_links_by_company_servers = True
        self.assertEqual(self._get_server(self.invoice), self.personal)

    def test_mail_arrives_by_the_company_server(self) -> None:
        self.company.client_hub_links_by_company_servers = True
        self.post(self.invoice, self.client)
        self.assert_magic(CLIENT, self.client, self.invoice)

    def test_warning_in_the_settings(self) -> None:
        settings = self.env["res.config.settings"].sudo().create({})
        self.assertTrue(settings.client_hub_links_are_kept)
        self.assertTrue(self.personal.client_hub_keeps_links)
        self.assertFalse(self.server.client_hub_keeps_links)
        self.company.client_hub_links_by_company_servers = True
        self.personal.invalidate_recordset()
        self.assertFalse(self.personal.client_hub_keeps_links)
        settings = self.env["res.config.settings"].sudo().create({})
        self.assertFalse(settings.client_hub_links_are_kept)

    def test_no_warning_without_personal_servers(self) -> None:
        self.personal.unlink()
        settings = self.env["res.config.settings"].sudo().create({})
        self.assertFalse(settings.client_hub_links_are_kept)

    def _get_server(self, record: Any) -> Any:
        """Return the server by which a mail of the biller about a record leaves."""
        message = self._as(self.biller, record).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_from=STAFF,
        )
        # sudo: mails are made by the system.
        mail_sudo = (
            self.env["mail.mail"]
            .sudo()
            .create({"mail_message_id": message.id, "recipient_ids": self.client.ids})
        )
        [(server_id, *_others)] = mail_sudo._split_by_mail_configuration()
        return self.server.browse(server_id)
