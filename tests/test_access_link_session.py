from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import fields
from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_link_common import AccessLinkHttpCommon
from .common import JsonRpcMixin, RpcError


@tagged("post_install", "-at_install")
class TestAccessLinkSession(AccessLinkHttpCommon, JsonRpcMixin):
    """What a session made by a link reaches, and when it ends."""

    def setUp(self) -> None:
        super().setUp()
        self.url = self._issue(record=self.invoice)
        self.link = self._get_link(self.url)
        self.path = f"/my/invoices/{self.invoice.id}"
        self.second = self._create_client_invoice(self.client_fr)
        self.second_path = f"/my/invoices/{self.second.id}"

    # ------------------------------------------------------------ provisional

    def test_provisional_session_reaches_the_linked_document_only(self) -> None:
        self._enter(self.url)
        self.assertEqual(self._get(self.path).status_code, 200)
        self.assertEqual(self._get(f"{self.path}?report_type=html").status_code, 200)
        for path in (
            "/my",
            "/my/invoices",
            "/my/orders",
            "/my/account",
            "/my/security",
        ):
            location = self._get_location(self._get(path))
            self.assertTrue(location.startswith("/my/access/continue"), path)
        self.assertNotIn(self.second.name, self._get(self.second_path).text)
        self.assertEqual(self._get_location(self._get(self.second_path)), "/my")

    def test_provisional_session_calls_nothing(self) -> None:
        self._enter(self.url)
        calls = [
            ("account.move", "read", [self.invoice.id], ["name"]),
            ("account.move", "search_read", [], ["name"]),
            ("res.partner", "read", [self.contact_fr.id], ["name"]),
            ("res.users", "has_group", "base.group_portal"),
        ]
        for call in calls:
            with self.assertRaises(RpcError):
                self._rpc(*call)

    def test_provisional_session_reads_no_messages_or_files(self) -> None:
        attachment = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"for the client",
                "res_model": "account.move",
                "res_id": self.second.id,
            }
        )
        self._enter(self.url)
        with mute_logger("odoo.http"):
            response = self._get(f"/web/content/{attachment.id}")
        self.assertNotIn("for the client", response.text)
        params = {"thread_model": "account.move", "thread_id": self.second.id}
        with mute_logger("odoo.http"):
            answer = self._call("/mail/thread/messages", **params)
        self.assertIn("error", answer)
        self.assertNotIn("uid", self._get_session())

    def _call(self, path: str, **params: Any) -> Any:
        rpc = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(path, json=rpc).json()

    def _get_session(self) -> dict[str, Any]:
        session = root.session_store.get(self._get_sid())
        return {key: value for key, value in session.items() if value}

    def test_provisional_session_writes_nothing(self) -> None:
        self._enter(self.url)
        response = self._post(self.path)
        self.assertNotIn(self.invoice.name, response.text)
        with mute_logger("odoo.http"):
            response = self._post("/my/address/submit", name="Changed")
        self.assertEqual(self.contact_fr.name, "Comptable")

    def test_provisional_session_ends_by_itself(self) -> None:
        self._enter(self.url)
        entry = self.sessions.search([("link_id", "=", self.link.id)])
        self._age(entry, timedelta(minutes=14))
        self.assertEqual(self._get(self.path).status_code, 200)
        self._age(entry, timedelta(minutes=16))
        self.assertNotEqual(self._get(self.path).status_code, 200)
        self.assertEqual(self._post("/my/access/confirm").status_code, 403)

    def _age(self, entry: Any, age: timedelta) -> None:
        self.env.cr.execute(
            "UPDATE client_hub_access_session SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - age, entry.id],
        )
        entry.invalidate_recordset()

    def test_scanner_is_neither_a_visit_nor_a_view(self) -> None:
        self._enter(self.url)
        self._get(self.path)
        events = self.events.search([("link_id", "=", self.link.id)])
        self.assertEqual(events.mapped("kind"), ["opened"])
        self.assertFalse(self.contact_fr.user_ids.login_date)

    def test_continue_page_goes_on_with_a_click(self) -> None:
        self._enter(self.url)
        location = self._get_location(self._get("/my/invoices"))
        token = self._get_token(location)
        self.assertFalse(self._is_signed_in())
        response = self._post("/my/access/confirm", token, next="/my/invoices")
        self.assertEqual(self._get_location(response), "/my/invoices")
        self.assertEqual(self._get("/my/invoices").status_code, 200)

    def test_t21_continue_leads_to_own_pages_only(self) -> None:
        self._enter(self.url)
        for target in ("https://evil.example.com", "//evil.example.com", "/web"):
            response = self._post("/my/access/confirm", next=target)
            self.assertEqual(self._get_location(response), "/my")
            self.assertNotIn("evil", response.headers["Location"])

    def test_confirm_without_entry_or_token(self) -> None:
        self.assertEqual(self._post("/my/access/confirm").status_code, 403)
        self._enter(self.url)
        with mute_logger("odoo.http"):
            self.assertEqual(self._post("/my/access/confirm", "x").status_code, 400)
        self.assertFalse(self._is_signed_in())

    def test_page_loading_while_the_client_touches_it_undoes_nothing(self) -> None:
        self._enter(self.url)
        store, sid = root.session_store, self._get_sid()
        before = store.get(sid)
        self._touch_page(self.path)
        store.save(before)
        self.assertTrue(self._is_signed_in())

    # ------------------------------------------------------------ ending

    def test_t13_revoking_ends_exactly_the_sessions_of_the_link(self) -> None:
        other_url = self._issue(record=self.second)
        self._visit(other_url)
        kept = self._get_sid()
        self._new_browser()
        self._visit(self.url)
        self.assertTrue(self._is_signed_in())
        self.link._revoke()
        self.assertFalse(self._is_signed_in())
        self._use_session(kept)
        self.assertTrue(self._is_signed_in())

    def test_t12_revoked_session_reaches_nothing(self) -> None:
        self._visit(self.url)
        saved = root.session_store.get(self._get_sid())
        self.link._revoke()
        # As if another node had written the file back.
        root.session_store.save(saved)
        self._use_session(saved.sid)
        for path in (self.path, f"{self.path}?report_type=pdf", "/my", "/my/counters"):
            with mute_logger("odoo.http"):
                response = self._get(path)
            self.assertNotEqual(response.status_code, 200, path)
        with self.assertRaises(RpcError):
            self._rpc("account.move", "read", [self.invoice.id], ["name"])

    def test_t33_session_ends_after_thirty_days(self) -> None:
        self._visit(self.url)
        entry = self.sessions.search([("link_id", "=", self.link.id)])
        self._age(entry, timedelta(days=29))
        self.assertTrue(self._is_signed_in())
        self._age(entry, timedelta(days=31))
        self.assertFalse(self._is_signed_in())

    def test_t44_purge_while_the_client_is_in(self) -> None:
        self._visit(self.url)
        self.assertTrue(self._is_signed_in())
        self.link.expires_at = fields.Datetime.now() - timedelta(days=200)
        self.env.flush_all()
        self.links._gc()
        self.assertFalse(self._is_signed_in())
        self._new_browser()
        self.assertEqual(self._enter(self.url).status_code, 403)

    def test_expired_and_revoked_links_say_so_to_their_holder(self) -> None:
        self.link._revoke()
        self.assertIn("no longer valid", self._enter(self.url).text)
        url = self._issue()
        self._get_link(url).expires_at = fields.Datetime.now()
        response = self._enter(url)
        self.assertIn("This link has expired", response.text)
        self.assertEqual(response.status_code, 403)
        response = self._enter(url, verifier="a" * 43)
        self.assertNotIn("expired", response.text)

    def test_t30_nothing_is_shown_after_logout(self) -> None:
        self._visit(self.url)
        self._get("/web/session/logout")
        self.assertFalse(self._is_signed_in())
        self.assertNotEqual(self._get(self.path).status_code, 200)
