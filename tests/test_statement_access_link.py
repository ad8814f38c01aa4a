from __future__ import annotations

from lxml import html

from odoo.tests import tagged

from .access_link_common import AccessLinkHttpCommon


@tagged("post_install", "-at_install")
class TestStatementAccessLink(AccessLinkHttpCommon):
    """The statement by a magic link, and as far as a contact may see it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.mine = cls._create_client_invoice(cls.contact_fr)
        cls.payment = cls._register_payment(cls.invoice, payment_date="2026-01-20")

    def _shown(self, path: str = "/my/statement?filterby=all") -> str:
        response = self._get(path)
        self.assertEqual(response.status_code, 200)
        return response.text

    def test_link_of_a_client_opens_the_statement(self) -> None:
        response = self._enter(self._issue(record=self.client_fr))
        self.assertEqual(self._get_location(response), "/my/statement")
        text = self._shown("/my/statement")
        self.assertNotIn(self.invoice_de.name, text)

    def test_link_of_a_client_opens_nothing_else_before_a_touch(self) -> None:
        url = self._issue(record=self.client_fr)
        self._enter(url)
        self.assertNotEqual(self._get("/my/statement/pdf").status_code, 200)
        self.assertEqual(self._get("/my/statement").status_code, 200)

    def test_link_of_a_payment_opens_its_row(self) -> None:
        response = self._enter(self._issue(record=self.payment))
        location = response.headers["Location"]
        self.assertTrue(location.endswith(f"#payment-{self.payment.id}"), location)
        text = self._shown(location.partition("#")[0])
        self.assertIn(f'id="payment-{self.payment.id}"', text)

    def test_neutral_address_leads_the_client_to_the_statement(self) -> None:
        self._visit(self._issue(record=self.client_fr))
        path = f"/my/access/document/res.partner/{self.client_fr.id}"
        self.assertEqual(self._get_location(self._get(path)), "/my/statement")
        self._new_browser()
        location = self._get_location(self._get(path))
        self.assertEqual(location, "/my/access/request")

    def test_mail_holds_the_neutral_address(self) -> None:
        url = self.contact_fr._get_client_statement_url()
        path = f"/my/access/document/res.partner/{self.client_fr.id}"
        self.assertTrue(url.endswith(path), url)

    def test_contacts_see_what_the_company_lets_them(self) -> None:
        self._visit(self._issue(record=self.client_fr))
        text = self._shown()
        for shown in (self.mine, self.invoice, self.payment):
            self.assertIn(shown.name, text)
        self.company.client_hub_portal_visibility = "addressed"
        self.env.flush_all()
        text = self._shown()
        self.assertIn(self.mine.name, text)
        for hidden in (self.invoice, self.payment):
            self.assertNotIn(hidden.name, text)
        self.assertIn("100.00", self._get_balance(text))

    def _get_balance(self, text: str) -> str:
        [node] = html.fromstring(text).xpath("//*[@name='balance']")
        return node.text_content()
