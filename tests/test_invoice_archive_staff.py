from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .invoice_archive_common import InvoiceArchiveCommon

REQUEST = "client.hub.invoice.archive.request"


@tagged("post_install", "-at_install")
class TestInvoiceArchiveStaff(InvoiceArchiveCommon):
    """Staff download from the client page and from the list of invoices."""

    def _request(self, records: Any, user: Any = None, **vals: Any) -> Any:
        requests = self.env[REQUEST].with_user(user or self.biller)
        return requests.with_context(
            active_model=records._name, active_id=records[:1].id, active_ids=records.ids
        ).create(vals)

    def _download_of(self, action: dict[str, Any]) -> Any:
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.authenticate("hub_biller", "hub_biller")
        return self._open(self.url_open(action["url"]))

    def test_documents_of_a_list(self) -> None:
        action = self._request(self.sent + self.foreign).action_download()
        self.assertEqual(len(self._download_of(action).namelist()), 3)

    def test_drafts_of_a_list_are_left_out(self) -> None:
        draft = self.make_invoice(post=False)
        action = self._request(self.sent + draft).action_download()
        archive = self._download_of(action)
        self.assertIn("not available: 1", self._read_notes(archive))

    def test_client_and_period(self) -> None:
        vals = {"period": "free", "date_from": "2026-01-01", "date_to": "2026-12-31"}
        action = self._request(self.contact, **vals).action_download()
        [name] = self._download_of(action).namelist()
        self.assertTrue(name.startswith("2026-02-01"))

    def test_what_must_be_rendered_is_prepared_meanwhile(self) -> None:
        action = self._request(self.never_sent).action_download()
        self.assertEqual(action["res_model"], "client.hub.invoice.archive")
        archive = self.archives.with_user(self.biller).browse(action["res_id"])
        self.assertEqual((archive.state, archive.total_count), ("waiting", 1))

    def test_nothing_to_download(self) -> None:
        draft = self.make_invoice(post=False)
        with self.assertRaisesRegex(UserError, "no posted document"):
            self._request(draft).action_download()

    def test_only_staff_who_read_invoices(self) -> None:
        for user in (self.portal_user, self.salesman):
            with self.assertRaises(AccessError):
                self._request(self.sent, user)
