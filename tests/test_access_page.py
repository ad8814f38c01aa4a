from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_mail_common import CONTACT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestAccessPage(AccessMailCommon):
    """What staff see of links and visits, and what they can do about them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.hub_user = cls._create_user("hub_user", "client_hub.group_user", **company)
        cls.manager = cls._create_user(
            "hub_manager",
            "client_hub.group_manager,base.group_allow_export",
            **company,
        )
        cls.both = cls._create_user(
            "hub_both", "client_hub.group_user,account.group_account_invoice", **company
        )

    def setUp(self) -> None:
        super().setUp()
        self.post(self.invoice, self.client, self.contact)
        self.post(self.make_invoice(self.client_de), self.contact_de)
        self.sent = self.links.sudo().search([("client_id", "=", self.client.id)])
        self.foreign = self.links.sudo().search([("client_id", "=", self.client_de.id)])
        self.assertEqual((len(self.sent), len(self.foreign)), (2, 1))

    def test_user_sees_links_with_their_documents(self) -> None:
        sent = self._as(self.both, self.sent)
        self.assertEqual({*sent.mapped("document_name")}, {self.invoice.display_name})
        self.assertEqual({*sent.mapped("state")}, {"valid"})
        contact = self._as(self.both, self.contact)
        self.assertEqual(contact.client_access_link_ids.email, CONTACT)

    def test_user_without_invoices_learns_nothing_of_them(self) -> None:
        sent = self._as(self.hub_user, self.sent[0])
        self.assertFalse(sent.document_name)
        action = sent.action_open_document()
        self.assertEqual(action["res_model"], "res.partner")

    def test_nobody_else_sees_links_or_visits(self) -> None:
        for user in (self.biller, self.salesman, self.portal_user):
            for records in (self.sent, self.env["client.hub.access.event"]):
                with self.assertRaises(AccessError):
                    self._as(user, records).search([])
            with self.assertRaises(AccessError):
                self._as(user, self.contact).read(["client_access_link_ids"])
            with self.assertRaises(AccessError):
                self._as(user, self.contact).read(["client_last_visit"])

    def test_t27_nobody_reads_the_secret_parts(self) -> None:
        for name in ("selector", "verifier_hash"):
            sent = self._as(self.manager, self.sent)
            for method, args in (
                ("read", [[name]]),
                ("export_data", [[name]]),
                ("search", [[(name, "like", "a")]]),
                ("_read_group", [[], [name]]),
            ):
                denied = self.assertRaises(AccessError)
                with self.subTest(name=name, method=method), denied:
                    getattr(sent, method)(*args)

    def test_revoke_one(self) -> None:
        one, other = self.sent
        self._as(self.manager, one).action_revoke()
        self.assertTrue(one.revoked_at)
        self.assertFalse(other.revoked_at)
        self.assertEqual(self._as(self.hub_user, one).state, "revoked")
        [event] = self._events("revoked")
        self.assertEqual((event.link_id, event.partner_id), (one, one.partner_id))

    def test_revoke_all_of_a_contact(self) -> None:
        self._as(self.manager, self.contact).action_contact_revoke_links()
        revoked = self.sent.filtered("revoked_at")
        self.assertEqual(revoked.partner_id, self.contact)

    def test_revoke_all_of_a_contact_from_one_of_its_links(self) -> None:
        self.inbox.mails.clear()
        self.post(self.invoice, self.contact)
        links = self.links.sudo().search([("partner_id", "=", self.contact.id)])
        self.assertEqual(len(links), 2)
        self._as(self.manager, links[0]).action_revoke_contact()
        self.assertTrue(all(links.mapped("revoked_at")))
        self.assertFalse(all(self.sent.mapped("revoked_at")))

    def test_revoke_all_of_a_client_from_any_contact(self) -> None:
        self._as(self.manager, self.contact).action_client_revoke_links()
        self.assertTrue(all(self.sent.mapped("revoked_at")))
        self.assertFalse(self.foreign.revoked_at)

    def test_revoke_everything(self) -> None:
        self._as(self.manager, self.links).action_revoke_all()
        self.assertTrue(all((self.sent | self.foreign).mapped("revoked_at")))

    def test_links_of_another_company_are_left_alone(self) -> None:
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "hub_elsewhere",
            "client_hub.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._as(stranger, self.links).action_revoke_all()
        self._as(stranger, self.client).action_client_revoke_links()
        self._as(stranger, self.sent).action_revoke()
        self.assertFalse(any(self.sent.mapped("revoked_at")))

    def test_only_managers_revoke(self) -> None:
        for user in (self.hub_user, self.both):
            for records, method in (
                (self.sent, "action_revoke"),
                (self.sent, "action_revoke_contact"),
                (self.links, "action_revoke_all"),
                (self.client, "action_client_revoke_links"),
                (self.contact, "action_contact_revoke_links"),
            ):
                with self.assertRaises(AccessError):
                    getattr(self._as(user, records), method)()
        self.assertFalse(any(self.sent.mapped("revoked_at")))

    def test_last_visit_is_of_all_contacts(self) -> None:
        events = self.env["client.hub.access.event"].sudo()
        vals = {"partner_id": self.contact.id, "company_id": self.company.id}
        events.create(
            [
                {**vals, "kind": "visit", "date": "2026-03-04 05:06:07"},
                {**vals, "kind": "opened", "date": "2026-04-04 05:06:07"},
            ]
        )
        for partner in (self.client, self.contact):
            visit = self._as(self.hub_user, partner).client_last_visit
            self.assertEqual(str(visit), "2026-03-04 05:06:07")
        self.assertFalse(self._as(self.hub_user, self.client_de).client_last_visit)

    def test_history_tells_what_was_sent_and_seen(self) -> None:
        events = self.env["client.hub.access.event"]
        vals = {
            "partner_id": self.contact.id,
            "company_id": self.company.id,
            "res_model": "account.move",
            "res_id": self.invoice.id,
        }
        events._log("viewed", [vals])
        events._log("refused", [vals])
        self._as(self.manager, self.sent[0]).action_revoke()
        history = self._as(self.both, self.env["client.hub.event"]).search(
            [
                ("client_id", "=", self.client.id),
                ("kind", "in", ("link", "visit", "viewed", "revoked")),
            ]
        )
        found = sorted(history.mapped("kind"))
        self.assertEqual(found, ["link", "link", "revoked", "viewed"])
        self.assertEqual({*history.mapped("name")}, {self.invoice.name})
        self.assertLessEqual(history.author_id, self.client | self.contact)
        self.assertEqual(history[0].action_open_document()["res_id"], self.invoice.id)

    def _events(self, kind: str) -> Any:
        return self.env["client.hub.access.event"].sudo().search([("kind", "=", kind)])
