from __future__ import annotations

from typing import Any

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_link_common import AccessLinkHttpCommon
from .ticket_common import TICKET, URL


@tagged("post_install", "-at_install")
class TestTicketAccessLink(AccessLinkHttpCommon):
    """Who comes by a magic link reads at once, and writes after a touch."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env = cls.env(context={})
        cls.tickets = cls.env[TICKET].sudo()
        cls.ticket = cls._create_ticket(cls.contact_fr)
        cls.other_ticket = cls._create_ticket(cls.contact_fr, subject="Another")
        cls.foreign = cls._create_ticket(cls.contact_de, subject="Mahnung")
        cls.path = f"{URL}/{cls.ticket.id}"

    @classmethod
    def _create_ticket(cls, contact: Any, **vals: Any) -> Any:
        vals = {"subject": "Wrong amount", "description": "<p>Why?</p>", **vals}
        return cls.tickets.create({"partner_id": contact.id, **vals})

    def test_a_link_opens_the_ticket(self) -> None:
        response = self._enter(self._issue(record=self.ticket))
        self.assertEqual(self._get_location(response), self.path)
        page = self._get(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Why?", page.text)

    def test_until_somebody_touches_nothing_else_is_reached(self) -> None:
        self._enter(self._issue(record=self.ticket))
        token = html.fromstring(self._get(self.path).text).xpath(
            "//input[@name='csrf_token']/@value"
        )[0]
        for path in (URL, f"{URL}/new", f"{URL}/{self.other_ticket.id}"):
            self.assertIn("/my/access/continue", self._get_location(self._get(path)))
        for name, data in (
            ("reply", {"text": "Too early"}),
            ("close", {}),
            ("rate", {"rating": "5"}),
        ):
            with mute_logger("odoo.http"):
                response = self._post(f"{self.path}/{name}", token, **data)
            self.assertNotEqual(response.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.state, "new")
        self.assertNotIn("Too early", str(self.ticket.message_ids.mapped("body")))

    def test_who_has_touched_the_page_writes(self) -> None:
        self._enter(self._issue(record=self.ticket))
        page = html.fromstring(self._get(self.path).text)
        # The form was on the screen before the touch.
        [token, *_more] = page.xpath("//input[@name='csrf_token']/@value")
        self._touch_page(self.path)
        response = self._post(f"{self.path}/reply", token, text="By the link.")
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        [last, *_earlier] = self.ticket.message_ids
        self.assertIn("By the link.", last.body)
        self.assertEqual(last.author_id, self.contact_fr)
        self.assertEqual(self._get(URL).status_code, 200)

    def test_the_document_of_a_link_tells_of_no_tickets(self) -> None:
        self.ticket.invoice_id = self.invoice
        self.env.flush_all()
        path = f"/my/invoices/{self.invoice.id}"
        self._enter(self._issue(record=self.invoice))
        page = self._get(path).text
        self.assertNotIn("Wrong amount", page)
        ask = f"{URL}/new?invoice_id={self.invoice.id}"
        self.assertIn(ask, page, "who clicks on it has touched the page")
        self.assertIn("/my/access/continue", self._get_location(self._get(ask)))
        self._touch_page(path)
        self.assertEqual(self._get(ask).status_code, 200)
        self.assertIn("Wrong amount", self._get(path).text)

    def test_a_link_of_another_client_opens_no_ticket(self) -> None:
        self._enter(self._issue(record=self.foreign))
        self.assertNotIn("Mahnung", self._get(f"{URL}/{self.foreign.id}").text)

    def test_the_neutral_address_leads_to_the_ticket(self) -> None:
        self._visit(self._issue(record=self.ticket))
        neutral = "/my/access/document/client.hub.ticket"
        response = self._get(f"{neutral}/{self.ticket.id}")
        self.assertEqual(self._get_location(response), self.path)
        foreign = self._get(f"{neutral}/{self.foreign.id}")
        unknown = self._get(f"{neutral}/{self.foreign.id + 1000}")
        self.assertEqual(self._get_location(foreign), self._get_location(unknown))
        self.assertNotIn(str(self.foreign.id), self._get_location(foreign))

    def test_mails_about_tickets_hold_no_token(self) -> None:
        self.ticket.message_subscribe(self.contact_fr.ids)
        answer = self.ticket.with_user(self.hub_user).message_post(
            body="See /my/support",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mails = (
            self.env["mail.mail"].sudo().search([("mail_message_id", "=", answer.id)])
        )
        self.assertTrue(mails)
        for mail in mails:
            for secret in ("access_token", "hash=", "pid=", "auth_signup_token"):
                self.assertNotIn(secret, mail.body_html)

    def test_a_preview_of_staff_writes_nothing(self) -> None:
        self._visit(self._issue(record=self.ticket))
        self.authenticate("hub_user", "hub_user")
        page = f"/my/access/preview/{self.contact_fr.id}"
        self._post(page, self._get_token(page))
        self.assertIn("Why?", self._get(self.path).text)
        with mute_logger("odoo.http"):
            response = self._post(f"{self.path}/close", self._get_token(self.path))
        self.assertEqual(response.status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.state, "new")
