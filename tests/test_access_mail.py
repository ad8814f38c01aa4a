from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .access_mail_common import (
    CLIENT,
    CONTACT,
    NOBODY,
    STAFF,
    STRANGER,
    AccessMailCommon,
)


@tagged("post_install", "-at_install")
class TestAccessMailRecipients(AccessMailCommon):
    """Who gets a magic link, and who does not, in one and the same mail."""

    def test_each_contact_of_the_client_gets_a_link_of_their_own(self) -> None:
        self.post(self.invoice, self.client, self.contact)
        one = self.assert_magic(CLIENT, self.client, self.invoice)
        other = self.assert_magic(CONTACT, self.contact, self.invoice)
        self.assertNotEqual(one, other)

    def test_staff_get_the_record(self) -> None:
        self.invoice.message_subscribe(self.biller.partner_id.ids)
        self.post(self.invoice, self.client, user=self.env.user)
        html = self.assert_no_magic(STAFF)
        self.assertIn("/mail/view?", html)
        self.assert_magic(CLIENT, self.client, self.invoice)

    def test_stranger_keeps_the_link_of_the_document(self) -> None:
        self.post(self.invoice, self.client, self.stranger)
        html = self.assert_no_magic(STRANGER)
        self.assertIn(self.invoice.access_token, html)

    def test_contact_of_another_client_keeps_the_link_of_the_document(self) -> None:
        self.post(self.invoice, self.contact_de)
        html = self.assert_no_magic("konto@example.com")
        self.assertIn(self.invoice.access_token, html)

    def test_link_in_the_body_is_plain_for_an_address_without_contact(self) -> None:
        link = self.invoice.get_portal_url()
        body = f'<p><a href="{link}">here</a></p>'
        self._send_mail(body_html=body, email_to=NOBODY)
        html = self.assert_no_magic(NOBODY)
        self.assertIn(f"{self.invoice.get_base_url()}{link}", html)

    def test_link_in_the_body_is_magic_for_the_contact_in_the_same_mail(self) -> None:
        body = f'<p><a href="{self.invoice.get_portal_url()}">here</a></p>'
        people = self.contact | self.stranger | self.biller.partner_id
        self._send_mail(body_html=body, email_to=NOBODY, recipient_ids=people.ids)
        self.assert_magic(CONTACT, self.contact, self.invoice)
        self.assertIn(self.invoice.access_token, self.assert_no_magic(STRANGER))
        self.assertIn(self.invoice.access_token, self.assert_no_magic(NOBODY))
        staff = self.assert_no_magic(STAFF)
        self.assertIn("/mail/view?model=account.move", staff)
        self.assertNotIn(self.invoice.access_token, staff)

    def test_archived_contact_and_contact_who_is_staff_get_none(self) -> None:
        former = self._create_partner(
            name="Former", parent_id=self.client.id, email="former@example.com"
        )
        former.active = False
        staff = self._create_partner(
            name="Two Hats", parent_id=self.client.id, email="hats@example.com"
        )
        self._create_user(
            "hub_hats",
            "base.group_user",
            partner_id=staff.id,
            email="hats@example.com",
        )
        staff.parent_id = self.client
        body = f'<p><a href="{self.invoice.get_portal_url()}">here</a></p>'
        self._send_mail(body_html=body, recipient_ids=(former | staff).ids)
        self.assert_no_magic("former@example.com")
        self.assert_no_magic("hats@example.com")
        self.assertFalse(self.links.sudo().search([]))

    def test_vendor_bill_brings_no_link(self) -> None:
        bill = self.make_invoice(move_type="in_invoice", post=False)
        self.post(bill, self.client)
        self.assert_no_magic(CLIENT)

    def _send_mail(self, **vals: Any) -> Any:
        # sudo: mails are made by the system.
        mail_sudo = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": "Your invoice",
                    "model": "account.move",
                    "res_id": self.invoice.id,
                    "auto_delete": False,
                    **vals,
                }
            )
        )
        mail_sudo.send()
        return mail_sudo
