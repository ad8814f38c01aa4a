from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.tests import tagged

from .access_mail_common import AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessView(AccessMailCommon):
    """A document is marked as viewed by its client in person, and by nobody else."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # A portal user can sign in only with a password; real ones come by link.
        cls.portal_user.write(
            {
                "password": "hub_portal",
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        cls.order = cls.make_order(cls.client)
        cls.order.state = "sent"
        cls.pages = {
            cls.invoice: f"/my/invoices/{cls.invoice.id}",
            cls.order: f"/my/orders/{cls.order.id}",
        }

    def test_client_views_the_page(self) -> None:
        self.authenticate("hub_portal", "hub_portal")
        for document, page in self.pages.items():
            self._open(page)
            self.assertTrue(document.client_viewed_on)
            [event] = self._events(document)
            self.assertEqual(event.partner_id, self.contact)

    def test_first_view_counts_and_is_noted_once_a_day(self) -> None:
        self.authenticate("hub_portal", "hub_portal")
        page = self.pages[self.invoice]
        self._open(page)
        self.invoice.client_viewed_on = first = self.invoice.client_viewed_on.replace(
            year=2020
        )
        self._open(page)
        self.assertEqual(self.invoice.client_viewed_on, first)
        self.assertEqual(len(self._events(self.invoice)), 1)

    def test_document_does_not_look_changed(self) -> None:
        self.invoice._portal_ensure_token()
        before = self.reread(self.invoice).write_date
        self.authenticate("hub_portal", "hub_portal")
        self._open(self.pages[self.invoice])
        self.assertEqual(self.reread(self.invoice).write_date, before)

    def test_t02_programs_do_not_count(self) -> None:
        self.authenticate("hub_portal", "hub_portal")
        page = self.pages[self.invoice]
        self.url_open(page, method="HEAD")
        for header in ({"Sec-Purpose": "prefetch"}, {"X-Moz": "prefetch"}):
            self.url_open(page, headers=header)
        self._assert_not_viewed()

    def test_staff_do_not_count(self) -> None:
        self.biller.password = "hub_biller"
        self.authenticate("hub_biller", "hub_biller")
        for page in self.pages.values():
            self.url_open(page)
        self._assert_not_viewed()

    def test_whoever_has_only_the_link_of_the_document_does_not_count(self) -> None:
        for document in self.pages:
            response = self.url_open(document.get_portal_url())
            self.assertIn(document.name, response.text)
        self._assert_not_viewed()

    def test_other_client_with_the_link_does_not_count(self) -> None:
        self._create_user(
            "hub_de", "base.group_portal", partner_id=self.contact_de.id
        ).password = "hub_de"
        self.authenticate("hub_de", "hub_de")
        for document in self.pages:
            self.assertIn(document.name, self.url_open(document.get_portal_url()).text)
        self._assert_not_viewed()

    def test_page_that_is_refused_does_not_count(self) -> None:
        other = self.make_invoice(self.client_de)
        self.authenticate("hub_portal", "hub_portal")
        self.url_open(f"/my/invoices/{other.id}")
        self.assertFalse(other.client_viewed_on)
        self.assertFalse(self._events(other))

    def test_portal_users_do_not_read_the_mark(self) -> None:
        fields = self.invoice.with_user(self.portal_user).fields_get()
        self.assertNotIn("client_viewed_on", fields)

    def test_copy_is_not_viewed(self) -> None:
        self.invoice.client_viewed_on = "2026-01-01"
        self.assertFalse(self.invoice.copy().client_viewed_on)

    def _open(self, page: str) -> None:
        response = self.url_open(page)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.url.endswith(page), response.url)

    def _events(self, document: Any) -> Any:
        domain = [
            ("kind", "=", "viewed"),
            ("res_model", "=", document._name),
            ("res_id", "=", document.id),
        ]
        return self.env["client.hub.access.event"].sudo().search(domain)

    def _assert_not_viewed(self) -> None:
        for document in self.pages:
            self.assertFalse(document.client_viewed_on)
            self.assertFalse(self._events(document))
