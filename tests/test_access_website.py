from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from odoo import Command
from odoo.tests import tagged

from .access_link_common import AccessLinkHttpCommon
from .access_mail_common import CLIENT, AccessMailCommon

SHOP = "http://shop.example.com"
BRAND = "https://brand.example.com"


class AccessWebsiteMixin:
    """A website of the company with an address of its own, and a second one."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # sudo: no user of these tests makes websites.
        websites_sudo = cls.env["website"].sudo()
        websites_sudo.search([]).write({"sequence": 99})
        cls.website = websites_sudo.create(
            {"name": "Shop", "domain": SHOP, "company_id": cls.company.id}
        )
        cls.brand = websites_sudo.create(
            {"name": "Brand", "domain": BRAND, "company_id": cls.company.id}
        )
        cls.company.sudo().website_id = cls.website


@tagged("post_install", "-at_install", "-standard", "client_hub_beside")
class TestAccessWebsiteMail(AccessWebsiteMixin, AccessMailCommon):
    """Where links lead to when websites have addresses of their own."""

    def test_link_leads_to_the_website_of_the_company(self) -> None:
        self.assertEqual(self.invoice.get_base_url(), SHOP)
        body = f'<a href="{self.invoice.get_portal_url()}">See it</a>'
        self.post(self.invoice, self.client, body=body, body_is_html=True)
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        self.assertTrue(url.startswith(f"{SHOP}/my/access/"), url)

    def test_links_to_any_website_are_known(self) -> None:
        for base in (SHOP, BRAND):
            self.inbox.mails.clear()
            body = f'<a href="{base}{self.invoice.get_portal_url()}">See it</a>'
            self.post(self.invoice, self.client, body=body, body_is_html=True)
            self.assert_magic(CLIENT, self.client, self.invoice)

    def test_link_leads_to_the_website_of_its_document(self) -> None:
        # Contacts are what has a website without a shop: the statement's document.
        self.client.sudo().website_id = self.brand
        self.assertEqual(self.client.get_base_url(), BRAND)
        vals = {"partner_id": self.client.id, "company_id": self.company.id}
        documents = [
            {"res_model": "res.partner", "res_id": self.client.id},
            {"res_model": "account.move", "res_id": self.invoice.id},
            {},
        ]
        urls = self.links._issue_links([vals | document for document in documents])
        hosts = [url.partition("/my/access/")[0] for url in urls]
        self.assertEqual(hosts, [BRAND, SHOP, SHOP])


@tagged("post_install", "-at_install", "-standard", "client_hub_beside")
class TestAccessWebsite(AccessLinkHttpCommon):
    """Entering by a link where Odoo serves a website."""

    def setUp(self) -> None:
        super().setUp()
        self.website = self.env["website"].sudo().search([], limit=1)
        self.website.write(
            {"google_analytics_key": "G-ABCDEFGHIJ", "cookies_bar": True}
        )
        self.url = self._issue(record=self.invoice)
        self.path = f"/my/invoices/{self.invoice.id}"

    def _make_company(self, contact: Any) -> Any:
        """Return an invoice to the client of another company than the website's."""
        company_data = self.setup_other_company(name="Another of ours")
        company = company_data["company"]
        self.assertNotEqual(company, self.website.company_id)
        return self._create_client_invoice(
            contact.commercial_partner_id,
            company_id=company.id,
            journal_id=company_data["default_journal_sale"].id,
        )

    def test_entry_loads_nothing_of_the_website(self) -> None:
        pages = [urlsplit(self.url).path, "/my/access/request", "/my/access/continue"]
        pages.append("/my/access/stranger/1/x")
        home = self._get("/").text
        self.assertIn("G-ABCDEFGHIJ", home)
        self.assertIn("website_cookies_bar", home)
        self._enter(self._issue())
        for page in pages:
            answer = self._get(page)
            self.assertEqual(answer.status_code, 200, page)
            for word in (
                "G-ABCDEFGHIJ",
                "google",
                "cookies_bar",
                "/web/assets",
                "odoo",
            ):
                self.assertNotIn(word, answer.text, page)
            self.assertIn("default-src 'none'", str(answer.headers))

    def test_provisional_session_reaches_the_document_alone(self) -> None:
        response = self._enter(self.url)
        self.assertEqual(self._get_location(response), self.path)
        page = self._get(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.invoice.name, page.text)
        self.assertNotIn(self.invoice._portal_ensure_token(), page.text)
        for path in ("/my", "/my/invoices", "/my/account"):
            location = self._get_location(self._get(path))
            self.assertTrue(location.startswith("/my/access/continue"), path)
        other = self._create_client_invoice(self.client_fr)
        self.assertNotIn(other.name, self._get(f"/my/invoices/{other.id}").text)
        self.assertEqual(self._get("/").status_code, 200)

    def test_touched_session_is_the_client_s(self) -> None:
        self._visit(self.url)
        self.assertTrue(self._is_signed_in())
        self.assertIn(self.invoice.name, self._get("/my/invoices").text)
        self.assertFalse(self.contact_fr.user_ids.website_id)

    def test_document_of_a_company_without_website(self) -> None:
        self._visit(self.url)
        foreign = self._make_company(self.contact_fr)
        self._new_browser()
        url = self._issue(record=foreign, company_id=foreign.company_id.id)
        path = f"/my/invoices/{foreign.id}"
        self.assertEqual(self._get_location(self._enter(url)), path)
        self.assertIn(foreign.name, self._get(path).text)
        self._touch_page(path)
        self.assertIn(foreign.name, self._get(path).text)
        self.assertIn(foreign.name, self._get("/my/invoices").text)

    def test_provisional_visitor_of_another_company_sees_the_website(self) -> None:
        foreign = self._make_company(self.contact_fr)
        url = self._issue(record=foreign, company_id=foreign.company_id.id)
        self._enter(url)
        self.assertEqual(self._get("/").status_code, 200)
        self.assertEqual(self._get("/my/access/request").status_code, 200)

    def test_page_in_the_language_of_the_visitor(self) -> None:
        chinese = self.env["res.lang"]._activate_lang("zh_CN")
        self.website.language_ids = [Command.link(chinese.id)]
        self._enter(self.url)
        self.opener.cookies.set("frontend_lang", "zh_CN")
        page = self.url_open(self.path)
        self.assertIn("/zh_CN/my/invoices", urlsplit(page.url).path)
        self.assertIn(self.invoice.name, page.text)
        self.assertNotIn(self.invoice._portal_ensure_token(), page.text)

    def test_preview_by_staff(self) -> None:
        self.authenticate("hub_user", "hub_user")
        path = f"/my/access/preview/{self.contact_fr.id}"
        self._post(path, self._get_token(path))
        page = self._get(self.path)
        self.assertIn(self.invoice.name, page.text)
        self.assertFalse(self.events.search([("partner_id", "=", self.contact_fr.id)]))

    def test_staff_are_told_and_not_switched(self) -> None:
        self.authenticate("hub_user", "hub_user")
        page = self._get(urlsplit(self.url).path)
        self.assertIn("signed in as a member of staff", page.text)
