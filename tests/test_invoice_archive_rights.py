from __future__ import annotations

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import JsonRpcMixin
from .invoice_archive_common import InvoiceArchiveCommon


@tagged("post_install", "-at_install")
class TestInvoiceArchiveRights(InvoiceArchiveCommon, JsonRpcMixin):
    """Only a client's own documents ever leave."""

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("archive_portal", "archive_portal")

    def _assert_nothing(self, *ids: object) -> None:
        response = self._download(*ids)
        self.assertEqual(response.status_code, 422)
        self.assertIn("no document to download. Tick at least one", response.text)

    def test_documents_of_others_are_left_out(self) -> None:
        draft = self.make_invoice(post=False)
        cancelled = self.make_invoice()
        cancelled.button_cancel()
        bill = self.make_invoice(move_type="in_invoice")
        for other in (self.foreign, draft, cancelled, bill):
            with self.subTest(other=other.display_name):
                self._assert_nothing(other)
                archive = self._open(self._download(*self.sent, other))
                self.assertEqual(len(archive.namelist()), 3)
                self.assertIn("not available: 1", self._read_notes(archive))

    def test_document_of_another_company_of_ours(self) -> None:
        other = self._create_company(name="Elsewhere")
        move = self.sent[0].copy({"company_id": self.company.id})
        move.action_post()
        self.env.cr.execute(
            "UPDATE account_move SET company_id = %s WHERE id = %s", [other.id, move.id]
        )
        self.env.invalidate_all()
        self._assert_nothing(move)

    def test_garbage(self) -> None:
        for ids in ([], ["-1"], ["0"], ["abc"], ["9" * 30], ["1.5"], ["١٢"], ["1,2"]):
            with self.subTest(ids=ids):
                self._assert_nothing(*ids)

    def test_duplicates_count_once(self) -> None:
        invoice = self.sent[0]
        response = self._download(invoice, invoice, invoice)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")

    def test_ten_thousand_ids(self) -> None:
        ids = range(10**8, 10**8 + 10**4)
        archive = self._open(self._download(*self.sent, *ids))
        self.assertIn("not available: 10000", self._read_notes(archive))

    def test_get_downloads_nothing(self) -> None:
        response = self.url_open(f"/my/invoices/download?invoice_ids={self.sent[0].id}")
        self.assertEqual(response.status_code, 405)

    def test_get_cancels_nothing(self) -> None:
        archive = self.archives.with_user(self.portal_user)._request(
            self.never_sent.with_user(self.portal_user), "mine"
        )
        path = f"/my/invoices/archives/{archive.id}/cancel"
        self.assertEqual(self.url_open(path).status_code, 405)
        response = self.url_open(path, data={"x": "without a token"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(archive.state, "waiting")
        self._post(path)
        self.assertEqual(archive.state, "cancel")

    def test_visitor_sees_no_archive(self) -> None:
        archive = self.archives.with_user(self.portal_user)._request(
            self.sent.with_user(self.portal_user), "mine"
        )
        self.authenticate(None, None)
        for path in (
            "",
            "/progress",
            f"/{archive.id}/download",
            f"/{archive.id}/cancel",
        ):
            response = self.url_open(f"/my/invoices/archives{path}")
            with self.subTest(path=path):
                self.assertNotIn(b"%PDF", response.content)
                self.assertNotIn("mine", response.text)

    def test_token_is_needed(self) -> None:
        data = {"invoice_ids": self.sent.ids}
        response = self.url_open("/my/invoices/download", data=data)
        self.assertEqual(response.status_code, 400)

    def test_visitor_is_sent_to_the_login(self) -> None:
        self.authenticate(None, None)
        response = self._download(*self.sent)
        self.assertIn("/web/login", response.url)
        self.assertNotIn(b"%PDF", response.content)

    def test_archive_of_another_is_not_found(self) -> None:
        archive = self.archives.with_user(self.stranger)._request(
            self.foreign.with_user(self.stranger), "theirs"
        )
        path = f"/my/invoices/archives/{archive.id}"
        for response in (
            self.url_open(f"{path}/download"),
            self._post(f"{path}/cancel"),
            self.url_open(f"/my/invoices/archives/{2**40}/download"),
        ):
            self.assertEqual(response.status_code, 404)
        self.assertNotIn("theirs", self.url_open("/my/invoices/archives").text)
        self.assertEqual(archive.sudo().state, "ready")
        own = archive.with_user(self.portal_user)
        for method in ("action_cancel", "check_access"):
            with self.assertRaises(AccessError):
                getattr(own, method)(*(["read"] if method == "check_access" else []))

    def test_portal_user_writes_no_archive(self) -> None:
        archive = self.archives.with_user(self.portal_user)._request(
            self.sent.with_user(self.portal_user), "mine"
        )
        model = "client.hub.invoice.archive"
        self._assert_rpc_denied(model, "write", archive.ids, {"name": "x"})
        self._assert_rpc_denied(model, "unlink", archive.ids)
        self._assert_rpc_denied(model, "create", {"name": "x"})
        self._assert_rpc_denied(f"{model}.line", "search_read", [])

    def test_moved_contact_gets_nothing_of_the_old_client(self) -> None:
        archive = self.archives.with_user(self.portal_user)._request(
            self.sent.with_user(self.portal_user), "mine"
        )
        self.contact.parent_id = self.client_de
        self.env.flush_all()
        self.registry.clear_cache()
        response = self.url_open(f"/my/invoices/archives/{archive.id}/download")
        opened = self._open(response)
        self.assertEqual(opened.namelist(), ["_notes.txt"])
        self.assertIn("No longer available: 2", self._read_notes(opened))
