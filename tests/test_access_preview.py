from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_link_common import AccessLinkHttpCommon


@tagged("post_install", "-at_install")
class TestAccessPreview(AccessLinkHttpCommon):
    """Staff see the portal as a client does, change nothing and leave no mark."""

    def setUp(self) -> None:
        super().setUp()
        self.path = f"/my/invoices/{self.invoice.id}"
        self.start = f"/my/access/preview/{self.contact_fr.id}"
        self.authenticate("hub_user", "hub_user")

    def _preview(self) -> Any:
        return self._post(self.start, self._get_token(self.start))

    def test_staff_sees_what_the_client_sees(self) -> None:
        self.assertEqual(self._get_location(self._preview()), "/my")
        page = self._get(self.path)
        self.assertIn(self.invoice.name, page.text)
        self.assertIn("Nothing can be changed", page.text)
        german = self._get(f"/my/invoices/{self.invoice_de.id}")
        self.assertNotIn(self.invoice_de.name, german.text)

    def test_button_on_the_page_of_the_client(self) -> None:
        partners = self._as(self.hub_user, self.contact_fr)
        view = self.env.ref("client_hub.res_partner_view_form_client_360")
        arch = partners.get_view(view.id, "form")["arch"]
        self.assertIn('name="action_client_portal_preview"', arch)
        self.assertEqual(partners.action_client_portal_preview()["url"], self.start)

    def test_it_leaves_no_mark(self) -> None:
        self._preview()
        users = self.env["res.users"].sudo().with_context(active_test=False)
        before = users.search_count([]), self._count_marks()
        for path in ("/my", "/my/invoices", "/my/orders", self.path):
            self.assertEqual(self._get(path).status_code, 200, path)
        self.env.invalidate_all()
        self.assertEqual((users.search_count([]), self._count_marks()), before)
        self.assertFalse(self.contact_fr.user_ids)

    def _count_marks(self) -> list[int]:
        names = ("client.hub.access.event", "res.device.log", "mail.message")
        return [self.env[name].sudo().search_count([]) for name in names]

    def test_nothing_can_be_changed(self) -> None:
        self._preview()
        with mute_logger("odoo.http"):
            self._post("/my/address/submit", partner_id=self.contact_fr.id, name="No")
            answer = self.url_open(
                f"/my/orders/{self.invoice.id}/accept",
                json={"jsonrpc": "2.0", "method": "call", "params": {"name": "No"}},
            )
        self.assertIn("error", answer.text)
        self.assertEqual(self.contact_fr.name, "Comptable")

    def test_staff_stay_themselves_elsewhere(self) -> None:
        self._preview()
        self.assertEqual(self._get("/odoo").status_code, 200)
        self._post("/my/access/preview/stop")
        self.assertNotIn("Nothing can be changed", self._get("/my").text)

    def test_others_see_nothing(self) -> None:
        self._create_user("hub_internal", "base.group_user")
        self._create_user("hub_other", "base.group_portal")
        for login in ("hub_internal", "hub_other"):
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                self.assertEqual(self._get(self.start).status_code, 404)
                self.assertEqual(self._post(self.start).status_code, 404)
            self.assertNotIn(self.invoice.name, self._get(self.path).text)

    def test_rights_lost_end_it(self) -> None:
        self._preview()
        group = self.env.ref("client_hub.group_user")
        self.hub_user.sudo().group_ids -= group
        self.assertNotIn(self.invoice.name, self._get(self.path).text)

    def test_staff_and_archived_contacts_have_none(self) -> None:
        colleague = self._create_user("hub_colleague", "base.group_user").partner_id
        self.contact_de.active = False
        for contact in (colleague, self.contact_de):
            with mute_logger("odoo.http"):
                path = f"/my/access/preview/{contact.id}"
                self.assertEqual(self._get(path).status_code, 404)
            with self.assertRaises(UserError):
                self._as(self.hub_user, contact).action_client_portal_preview()
        with mute_logger("odoo.http"):
            missing = self._get("/my/access/preview/99999999999999")
        self.assertEqual(missing.status_code, 404)
