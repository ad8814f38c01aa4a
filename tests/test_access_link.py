from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .access_link_common import ADDRESS, AccessLinkCommon

SECRET_FIELDS = ("selector", "verifier_hash")


@tagged("post_install", "-at_install")
class TestAccessLink(AccessLinkCommon):
    """What a link is: what is kept of it, and when it is good."""

    def test_link_holds_its_document_and_no_secret(self) -> None:
        url = self._issue(record=self.invoice)
        self.assertTrue(url.startswith(f"{self.links.get_base_url()}/my/access/"))
        link = self._get_link(url)
        self.assertEqual(link.partner_id, self.contact_fr)
        self.assertEqual(link.client_id, self.client_fr)
        self.assertEqual(link.email, ADDRESS)
        self.assertEqual(link._get_document(), self.invoice)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM client_hub_access_link")
        self.assertNotIn(self._get_secret(url).verifier, str(self.env.cr.fetchall()))

    def test_verifier(self) -> None:
        url, other = self._issue(), self._issue()
        link, secret = self._get_link(url), self._get_secret(url)
        self.assertTrue(link._has_verifier(secret.verifier))
        wrong = self._get_secret(other).verifier
        for verifier in (wrong, "", secret.verifier[:-1], link.verifier_hash):
            self.assertFalse(link._has_verifier(verifier))
        self.assertFalse(self.links._has_verifier(secret.verifier))
        self.assertFalse(self.links._find(secret.selector.swapcase()))

    def test_t42_dead_in_a_copy_with_another_uuid(self) -> None:
        url = self._issue()
        self.env["ir.config_parameter"].set_param("database.uuid", "copy")
        verifier = self._get_secret(url).verifier
        self.assertFalse(self._get_link(url)._has_verifier(verifier))

    def test_t11_expiry_to_the_second(self) -> None:
        link = self._get_link(self._issue())
        expected = fields.Datetime.now() + timedelta(days=60)
        self.assertLess(abs(link.expires_at - expected), timedelta(minutes=1))
        for seconds, refusal in ((-1, ""), (0, "expired"), (1, "expired")):
            with freeze_time(link.expires_at + timedelta(seconds=seconds)):
                self.assertEqual(link._get_refusal(), refusal, seconds)

    def test_valid_until_some_days_after_the_due_date(self) -> None:
        due = fields.Date.today() + timedelta(days=100)
        invoice = self._create_client_invoice(
            self.client_fr, invoice_date_due=due, invoice_payment_term_id=False
        )
        link = self._get_link(self._issue(record=invoice))
        self.assertEqual(link.expires_at.date(), due + timedelta(days=31))
        self.company.client_hub_link_days_after_due = 0
        link = self._get_link(self._issue(record=invoice))
        self.assertLess(link.expires_at.date(), due)

    def test_links_are_made_in_a_batch(self) -> None:
        self._issue_many(1)
        with self.assertQueryCount(8):
            self._issue_many(90)

    def _issue_many(self, number: int) -> None:
        self.env.flush_all()
        self.env.invalidate_all()
        vals = {
            "partner_id": self.contact_fr.id,
            "company_id": self.company.id,
            "res_model": "account.move",
            "res_id": self.invoice.id,
        }
        urls = self.links._issue_links([dict(vals) for _number in range(number)])
        self.env.flush_all()
        self.assertEqual(len(set(urls)), number)

    def test_document_of_another_client_is_none(self) -> None:
        link = self._get_link(self._issue(record=self.invoice_de))
        self.assertIsNone(link._get_document())
        self.assertIsNone(self._get_link(self._issue())._get_document())

    def test_addresses_of_documents(self) -> None:
        neutral = self.links._get_document_path(self.invoice)
        expected = f"/my/access/document/account.move/{self.invoice.id}"
        self.assertEqual(neutral, expected)
        path = self.links._get_portal_path(self.invoice)
        self.assertEqual(path, f"/my/invoices/{self.invoice.id}")
        self.assertEqual(self.links._get_portal_path(None), "/my")

    def test_t27_nobody_reads_the_secrets(self) -> None:
        link = self._get_link(self._issue())
        for user in (self.hub_user, self._create_admin()):
            mine = self._as(user, self.links.browse(link.id))
            self.assertEqual(mine.email, ADDRESS)
            for name in SECRET_FIELDS:
                with self.assertRaises(AccessError):
                    mine.read([name])
                with self.assertRaises(AccessError):
                    mine.search([(name, "=", "x")])
                with self.assertRaises(AccessError):
                    mine.export_data([name])
                with self.assertRaises(AccessError):
                    mine._read_group([], [name])
            self.assertFalse(set(SECRET_FIELDS) & set(mine.read()[0]))

    def _create_admin(self) -> Any:
        return self._create_user(
            "hub_admin",
            "base.group_system,client_hub.group_manager,base.group_allow_export",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_nobody_writes_links(self) -> None:
        link = self._get_link(self._issue())
        mine = self._as(self.hub_user, self.links.browse(link.id))
        with self.assertRaises(AccessError):
            mine.write({"expires_at": "2099-01-01"})
        with self.assertRaises(AccessError):
            mine.copy()
        with self.assertRaises(AccessError):
            mine.unlink()

    def test_other_users_read_no_link(self) -> None:
        link = self._get_link(self._issue())
        for groups in ("base.group_user", "base.group_portal"):
            user = self._create_user(f"no_links_{groups}", groups)
            with self.assertRaises(AccessError):
                self._as(user, self.links.browse(link.id)).read(["email"])

    def test_revoked(self) -> None:
        link, other = self._get_link(self._issue()), self._get_link(self._issue())
        link._revoke()
        self.assertEqual(link._get_refusal(), "revoked")
        self.assertEqual(other._get_refusal(), "")

    def test_purged_long_after_expiry_and_not_before(self) -> None:
        old, recent = self._get_link(self._issue()), self._get_link(self._issue())
        old.expires_at = fields.Datetime.now() - timedelta(days=181)
        recent.expires_at = fields.Datetime.now() - timedelta(days=179)
        self.env.flush_all()
        self.assertEqual(self.links._gc(), (1, 0))
        self.assertFalse(old.exists())
        self.assertTrue(recent.exists())
