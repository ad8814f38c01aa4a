from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_link_common import AccessLinkCommon


@tagged("post_install", "-at_install")
class TestAccessLinkChanges(AccessLinkCommon):
    """Links die with what they were sent for; other links do not."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.second = cls._create_partner(
            name="Direction", parent_id=cls.client_fr.id, email="chef@example.com"
        )
        cls.link = cls._get_link(cls._issue(record=cls.invoice))
        cls.link_second = cls._get_link(cls._issue(cls.second, cls.invoice))
        cls.link_de = cls._get_link(cls._issue(cls.contact_de, cls.invoice_de))
        cls.all_links = cls.link + cls.link_second + cls.link_de

    def _assert_dead(self, *dead: Any) -> None:
        self.env.invalidate_all()
        living = self.all_links - self.links.union(*dead)
        for link in self.links.union(*dead):
            self.assertEqual(link._get_refusal(), "revoked")
        for link in living:
            self.assertEqual(link._get_refusal(), "", link.email)

    def test_t14_changed_address(self) -> None:
        self.contact_fr.email = "new@example.com"
        self._assert_dead(self.link)
        self.contact_fr.email = "compta@example.com"
        self._assert_dead(self.link)
        [event] = self.events.search([("link_id", "=", self.link.id)])
        self.assertEqual((event.kind, event.ip), ("revoked", False))

    def test_same_address_written_otherwise(self) -> None:
        self.contact_fr.email = "Compta@EXAMPLE.com"
        self._assert_dead()

    def test_other_changes_kill_nothing(self) -> None:
        self.contact_fr.write({"name": "Other", "phone": "1", "active": True})
        self.client_fr.write({"email": "client@example.com", "is_company": True})
        self._assert_dead()

    def test_t14_archived_contact(self) -> None:
        self.contact_fr.active = False
        self._assert_dead(self.link)
        self.contact_fr.active = True
        self._assert_dead(self.link)

    def test_t14_archived_client(self) -> None:
        self.client_fr.active = False
        self._assert_dead(self.link, self.link_second)

    def test_t14_moved_contact(self) -> None:
        self.contact_fr.parent_id = self.client_de
        self._assert_dead(self.link)

    def test_t14_moved_client(self) -> None:
        self.client_fr.write({"is_company": False, "parent_id": self.client_de.id})
        self._assert_dead(self.link, self.link_second)

    def test_t14_merged_contacts(self) -> None:
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.contact_fr | self.second).ids, self.second)
        self.assertFalse(self.contact_fr.exists())
        self._assert_dead(self.link, self.link_second)

    def test_t14_deleted_contact(self) -> None:
        link_id = self.link.id
        self.contact_fr.unlink()
        self.assertFalse(self.links.sudo().browse(link_id).exists())

    def test_ordinary_writes_cost_nothing(self) -> None:
        self.env.flush_all()
        partners = self.contact_fr | self.second | self.contact_de
        partners.mapped("email")
        with self.assertQueryCount(1):
            partners.write({"comment": "<p>note</p>"})
            self.env.flush_all()

    def test_writes_of_addresses_cost_the_same_for_many(self) -> None:
        counts = []
        for number in (2, 2, 40):
            partners = self.env["res.partner"].create(
                [{"name": str(n), "email": f"{n}@example.com"} for n in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partners.write({"email": "same@example.com"})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])


@tagged("post_install", "-at_install")
class TestAccessLinkVisibility(AccessLinkCommon):
    """What a contact sees of its company, as core's pages and calls obey it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.colleague = cls._create_partner(
            name="Direction", parent_id=cls.client_fr.id, email="chef@example.com"
        )
        create = cls._create_user
        cls.user = create(
            "hub_portal", "base.group_portal", partner_id=cls.contact_fr.id
        )
        cls.boss = create(
            "hub_client", "base.group_portal", partner_id=cls.client_fr.id
        )
        for user in cls.user | cls.boss:
            user.company_ids = [Command.link(cls.company.id)]
            user.company_id = cls.company
        cls.own = cls._create_client_invoice(cls.contact_fr)
        cls.others = cls._create_client_invoice(cls.colleague)
        cls.order = (
            cls.env["sale.order"].sudo().create({"partner_id": cls.colleague.id})
        )
        cls.all_invoices = cls.invoice | cls.own | cls.others | cls.invoice_de

    def _get_seen(self, user: Any = None) -> Any:
        # Flushed and read anew, but with whatever rights are cached.
        self.env.flush_all()
        self.env.invalidate_all()
        moves = self.env["account.move"].with_user(user or self.user)
        return moves.search([("id", "in", self.all_invoices.ids)]).with_env(self.env)

    def test_contacts_see_all_documents_of_their_company(self) -> None:
        self.assertEqual(self._get_seen(), self.invoice | self.own | self.others)

    def test_t37_or_only_those_addressed_to_them(self) -> None:
        self._get_seen()
        self.company.client_hub_portal_visibility = "addressed"
        self.assertEqual(self._get_seen(), self.own)
        for record in (self.others, self.others.invoice_line_ids, self.order):
            with self.assertRaises(AccessError):
                self._as(self.user, record).check_access("read")
        self._as(self.user, self.own.invoice_line_ids).check_access("read")

    def test_the_company_itself_sees_all(self) -> None:
        self.company.client_hub_portal_visibility = "addressed"
        seen = self.invoice | self.own | self.others
        self.assertEqual(self._get_seen(self.boss), seen)

    def test_what_was_sent_to_a_contact_is_addressed_to_it(self) -> None:
        self.company.client_hub_portal_visibility = "addressed"
        self._get_seen()
        self._issue(record=self.invoice)
        self.assertEqual(self._get_seen(), self.own | self.invoice)
        self.others.message_subscribe(self.contact_fr.ids)
        self.assertEqual(self._get_seen(), self.own | self.invoice | self.others)

    def test_choice_of_the_contact_wins(self) -> None:
        self._get_seen()
        self.contact_fr.sudo().client_portal_visibility = "addressed"
        self.assertEqual(self._get_seen(), self.own)
        self.company.client_hub_portal_visibility = "addressed"
        self.contact_fr.sudo().client_portal_visibility = "all"
        self.assertEqual(self._get_seen(), self.invoice | self.own | self.others)

    def test_setting_is_that_of_the_document_s_company(self) -> None:
        other = self.env["res.company"].create({"name": "Other of ours"})
        other.client_hub_portal_visibility = "addressed"
        self.assertEqual(self._get_seen(), self.invoice | self.own | self.others)

    def test_moved_contact_sees_the_new_client_at_once(self) -> None:
        self.assertIn(self.invoice, self._get_seen())
        self.contact_fr.parent_id = self.client_de
        seen = self._get_seen()
        self.assertNotIn(self.invoice, seen)
        self.assertNotIn(self.others, seen)
        self.assertIn(self.invoice_de, seen)

    def test_merged_contact_sees_the_other_client_at_once(self) -> None:
        self.assertIn(self.invoice, self._get_seen())
        twin = self._create_partner(
            name="Comptable", parent_id=self.client_de.id, email=self.contact_fr.email
        )
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.contact_fr | twin).ids, twin)
        self.assertNotIn(self.invoice, self._get_seen())

    def test_staff_sees_everything(self) -> None:
        self.company.client_hub_portal_visibility = "addressed"
        accountant = self._create_user(
            "hub_accountant",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(self._get_seen(accountant), self.all_invoices)
