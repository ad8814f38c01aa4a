from __future__ import annotations

from odoo import Command
from odoo.tests import tagged

from .access_link_common import ADDRESS, AccessLinkHttpCommon


@tagged("post_install", "-at_install")
class TestAccessLinkPersons(AccessLinkHttpCommon):
    """Who gets in by a link: contacts of clients, and nobody else."""

    def setUp(self) -> None:
        super().setUp()
        self.url = self._issue(record=self.invoice)
        self.path = f"/my/invoices/{self.invoice.id}"

    def _assert_refused_entry(self, url: str | None = None) -> None:
        self._new_browser()
        response = self._enter(url or self.url)
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self._is_signed_in())

    def _create_internal(self, **vals: object) -> object:
        return self._create_user("hub_colleague", "base.group_user", **vals)

    def test_t15_t16_contact_who_is_staff_is_refused(self) -> None:
        self._create_internal(partner_id=self.contact_fr.id)
        self._assert_refused_entry()

    def test_t16_portal_user_who_became_staff_is_refused(self) -> None:
        self._visit(self.url)
        self.contact_fr.user_ids.group_ids = [
            Command.set(self.env.ref("base.group_user").ids)
        ]
        self._assert_refused_entry()

    def test_t15_archived_staff_is_refused(self) -> None:
        self._create_internal(partner_id=self.contact_fr.id).active = False
        self._assert_refused_entry()

    def test_t14_archived_user_is_not_revived(self) -> None:
        self._visit(self.url)
        user = self.contact_fr.user_ids
        user.active = False
        self._assert_refused_entry()
        self.assertFalse(user.active)

    def test_t14_archived_contact_and_client(self) -> None:
        self.contact_fr.active = False
        self._assert_refused_entry()
        self.assertFalse(self.contact_fr.active)
        url = self._issue(self.contact_de, self.invoice_de)
        self.client_de.active = False
        self._assert_refused_entry(url)

    def test_t17_staff_is_told_and_not_switched(self) -> None:
        self._create_internal()
        self.authenticate("hub_colleague", "hub_colleague")
        sid = self._get_sid()
        secret = self._get_secret(self.url)
        page = self._get(f"/my/access/{secret.selector}")
        self.assertIn("signed in as a member of staff", page.text)
        self.assertNotIn("<script", page.text)
        response = self._post(f"/my/access/{secret.selector}", verifier=secret.verifier)
        self.assertIn("signed in as a member of staff", response.text)
        self.assertEqual(self._get_sid(), sid)
        self.assertFalse(self._get_link(self.url).use_count)

    def test_t18_another_client_is_signed_out_first(self) -> None:
        self._visit(self._issue(self.contact_de, self.invoice_de))
        before = self._get_sid()
        german = f"/my/invoices/{self.invoice_de.id}"
        self.assertEqual(self._get(german).status_code, 200)
        self._visit(self.url)
        self.assertEqual(self._get(self.path).status_code, 200)
        self.assertNotIn(self.invoice_de.name, self._get(german).text)
        self._use_session(before)
        self.assertFalse(self._is_signed_in())

    def test_second_contact_is_a_second_user(self) -> None:
        second = self._create_partner(
            name="Direction", parent_id=self.client_fr.id, email="chef@example.com"
        )
        self._visit(self.url)
        self._new_browser()
        self._visit(self._issue(second, self.invoice))
        self.assertEqual(second.user_ids.login, "chef@example.com")
        self.assertNotEqual(second.user_ids, self.contact_fr.user_ids)

    def test_one_address_of_two_clients_works_for_both_apart(self) -> None:
        twin = self._create_partner(
            name="Comptable", parent_id=self.client_de.id, email=ADDRESS.upper()
        )
        self._visit(self.url)
        self._new_browser()
        self._visit(self._issue(twin, self.invoice_de))
        self.assertNotEqual(twin.user_ids, self.contact_fr.user_ids)
        self.assertNotEqual(twin.user_ids.login, ADDRESS)
        self.assertNotIn(self.invoice.name, self._get(self.path).text)
        german = f"/my/invoices/{self.invoice_de.id}"
        self.assertIn(self.invoice_de.name, self._get(german).text)

    def test_documents_of_a_second_company_of_ours(self) -> None:
        second = self.setup_other_company()
        company = second["company"]
        journal = second["default_journal_sale"]
        invoice = self._create_client_invoice(
            self.client_fr, journal_id=journal.id, company_id=company.id
        )
        self._visit(self.url)
        path = f"/my/invoices/{invoice.id}"
        self.assertNotIn(invoice.name, self._get(path).text)
        self._new_browser()
        self._visit(self._issue(record=invoice, company_id=company.id))
        self.assertEqual(self._get(path).status_code, 200)
        self.assertEqual(self.contact_fr.user_ids.company_ids, self.company | company)
        self.assertEqual(self._get(self.path).status_code, 200)

    def test_second_factor_is_still_asked(self) -> None:
        self._visit(self.url)
        user = self.contact_fr.user_ids
        user.sudo().totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        self.env.flush_all()
        self._new_browser()
        response = self._enter(self.url)
        location = self._get_location(response)
        self.assertTrue(location.startswith("/web/login/totp?redirect="), location)
        self.assertNotEqual(self._get(self.path).status_code, 200)
        self.assertFalse(self._is_signed_in())
        self.assertEqual(self._get(location).status_code, 200)

    def test_client_without_company_is_its_own_contact(self) -> None:
        person = self._create_partner(name="Anne", email="anne@example.com")
        invoice = self._create_client_invoice(person)
        self._visit(self._issue(person, invoice))
        self.assertEqual(self._get(f"/my/invoices/{invoice.id}").status_code, 200)
