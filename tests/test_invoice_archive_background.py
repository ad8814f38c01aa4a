from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from lxml import html

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import invoice_archive
from .invoice_archive_common import InvoiceArchiveCommon

LINE = "client.hub.invoice.archive.line"


class _KilledError(BaseException):
    """Ends a run as a kill signal would: nothing after it happens."""


@tagged("post_install", "-at_install")
class TestInvoiceArchiveBackground(InvoiceArchiveCommon):
    """Archives whose PDFs are rendered in the background."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.many = cls.env["account.move"].create(
            [cls.invoice_vals() for _number in range(12)]
        )
        cls.many.action_post()

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("archive_portal", "archive_portal")

    def _request(self) -> Any:
        response = self._download(*self.many)
        self.assertEqual(response.url.rpartition("/")[2], "archives")
        self.assertIn("Prepared", response.text)
        archives_sudo = self.archives.sudo()  # only the client's own rule finds them
        return archives_sudo.search([("user_id", "=", self.portal_user.id)])

    def _run(self) -> None:
        """Run the job as the scheduler does, which commits in between."""
        self.env.flush_all()
        with self.registry.cursor() as cursor:
            lines = api.Environment(cursor, api.SUPERUSER_ID, {})[LINE]
            lines._cron_render()
        self.env.invalidate_all()

    def _count_renders(self) -> Any:
        moves = self.registry["account.move"]
        return patch.object(moves, "_render_proformas", autospec=True)

    def test_many_are_prepared_in_the_background(self) -> None:
        archive = self._request()
        self.assertEqual(
            (archive.state, archive.done_count, archive.total_count), ("waiting", 0, 12)
        )
        with self._count_renders() as render:
            render.side_effect = lambda moves: {
                move.id: b"%PDF " + move.name.encode() for move in moves
            }
            self._run()
        self.assertEqual([len(call.args[0]) for call in render.mock_calls], [10, 2])
        self.assertEqual((archive.state, archive.done_count), ("ready", 12))
        response = self.url_open(f"/my/invoices/archives/{archive.id}/download")
        opened = self._open(response)
        self.assertEqual(
            {opened.read(name) for name in opened.namelist() if name[0] != "_"},
            {b"%PDF " + name.encode() for name in self.many.mapped("name")},
        )

    def test_a_killed_worker_renders_nothing_twice(self) -> None:
        archive = self._request()
        moves = self.registry["account.move"]
        rendered: list[int] = []

        def render(records: Any) -> dict[int, bytes]:
            if len(rendered) == 10 and not killed:
                killed.append(True)
                raise _KilledError
            rendered.extend(records.ids)
            return dict.fromkeys(records.ids, b"%PDF")

        killed: list[bool] = []
        self.patch(moves, "_render_proformas", render)
        # Odoo's assertRaises would roll back what was committed before.
        with suppress(_KilledError):
            self._run()
        self.assertTrue(killed)
        self.env.invalidate_all()
        self.assertEqual((archive.state, archive.done_count), ("waiting", 10))
        self._run()
        self.assertEqual((archive.state, archive.done_count), ("ready", 12))
        self.assertEqual(sorted(rendered), sorted(self.many.ids))

    @mute_logger("odoo.addons.client_hub.models.account_move_invoice_archive_pdf")
    def test_failed_document_is_named(self) -> None:
        archive = self._request()
        broken = self.many[3]

        def render(records: Any) -> dict[int, bytes]:
            if broken in records:
                raise ValueError("broken")
            return dict.fromkeys(records.ids, b"%PDF")

        with patch.object(self.registry["account.move"], "_render_proformas", render):
            self._run()
        self.assertEqual((archive.state, archive.failed_count), ("ready", 1))
        page = self.url_open("/my/invoices/archives").text
        self.assertIn("named in _notes.txt", page)
        [line] = html.fromstring(page).xpath("//*[contains(@class, 'left_out')]/li")
        self.assertIn(f"{broken.name}: left out", line.text_content())
        opened = self._open(
            self.url_open(f"/my/invoices/archives/{archive.id}/download")
        )
        self.assertEqual(len(opened.namelist()), 12)
        self.assertIn(f"{broken.name}: left out", self._read_notes(opened))

    def test_mail_when_ready(self) -> None:
        archive = self._request()
        with self._count_renders() as render:
            render.side_effect = lambda moves: dict.fromkeys(moves.ids, b"%PDF")
            self._run()
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", archive._name), ("res_id", "=", archive.id)])
        )
        self.assertEqual(mail.recipient_ids, self.contact)
        path = f"/my/access/document/client.hub.invoice.archive/{archive.id}"
        self.assertIn(path, mail.body_html)
        self.assertIn(archive.name, mail.body_html)

    def test_cancelled_archive_is_not_rendered(self) -> None:
        archive = self._request()
        response = self._post(f"/my/invoices/archives/{archive.id}/cancel")
        self.assertIn("Cancelled", response.text)
        with self._count_renders() as render:
            self._run()
        render.assert_not_called()
        response = self.url_open(f"/my/invoices/archives/{archive.id}/download")
        self.assertEqual(response.status_code, 422)

    def test_cancelled_while_rendering(self) -> None:
        archive = self._request()

        def render(records: Any) -> dict[int, bytes]:
            own = records.env["client.hub.invoice.archive"].browse(archive.id)
            own.with_user(self.portal_user).action_cancel()
            return dict.fromkeys(records.ids, b"%PDF")

        with patch.object(self.registry["account.move"], "_render_proformas", render):
            self._run()
        self.assertEqual(archive.state, "cancel")
        self.assertFalse(archive.line_ids)

    def test_progress(self) -> None:
        archive = self._request()
        answer = self.make_jsonrpc_request("/my/invoices/archives/progress")
        [row] = answer
        self.assertTrue(row.pop("text").startswith("Prepared 0 of 12."))
        self.assertEqual(
            row, {"id": archive.id, "state": "waiting", "done": 0, "total": 12}
        )

    def test_sent_meanwhile_is_the_legal_pdf(self) -> None:
        archive = self._request()
        with self._count_renders() as render:
            render.side_effect = lambda moves: dict.fromkeys(moves.ids, b"%PDF pro")
            self._run()
        self.many[0].invoice_pdf_report_file = "JVBERiBsZWdhbA=="
        opened = self._open(
            self.url_open(f"/my/invoices/archives/{archive.id}/download")
        )
        contents = [opened.read(name) for name in opened.namelist()]
        self.assertEqual(contents.count(b"%PDF legal"), 1)
        self.assertEqual(contents.count(b"%PDF pro"), 11)

    def test_archive_of_stored_pdfs_is_ready_at_once(self) -> None:
        self.env["ir.config_parameter"].set_param("client_hub.archive_direct_limit", 1)
        response = self._download(*self.sent)
        self.assertIn("/download", response.text)
        self.assertFalse(
            self.env["mail.mail"].search([("model", "=", self.archives._name)])
        )

    def test_limits(self) -> None:
        for _number in range(invoice_archive.MAX_WAITING_OF_USER):
            self.assertEqual(self._download(*self.many).status_code, 200)
        response = self._download(*self.many)
        self.assertEqual(response.status_code, 422)
        self.assertIn("Other archives are still being prepared", response.text)
        with (
            patch.object(invoice_archive, "MAX_WAITING", 3),
            self.assertRaisesRegex(UserError, "Other archives"),
        ):
            self.archives.with_user(self.stranger)._request(self.foreign, "x")
        with patch.object(invoice_archive, "MAX_DOCUMENTS", 2):
            response = self._download(*self.sent, self.never_sent)
        self.assertIn("at most 2 documents", response.text)

    def test_expired_archives_are_deleted_with_their_files(self) -> None:
        archive = self._request()
        with self._count_renders() as render:
            render.side_effect = lambda moves: dict.fromkeys(moves.ids, b"%PDF")
            self._run()
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", LINE), ("res_field", "=", "pdf")])
        )
        self.assertEqual(len(files), 12)
        self.archives.sudo()._gc_expired()
        self.assertTrue(archive.exists())
        archive.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        response = self.url_open(f"/my/invoices/archives/{archive.id}/download")
        self.assertEqual(response.status_code, 422)
        self.archives.sudo()._gc_expired()
        self.assertFalse(archive.exists() or files.exists())

    def test_cancelled_archives_are_deleted_later(self) -> None:
        archive = self._request()
        archive.with_user(self.portal_user).action_cancel()
        self.archives.sudo()._gc_expired()
        self.assertTrue(archive.exists())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE client_hub_invoice_archive"
            " SET write_date = now() - interval '8 days' WHERE id = %s",
            [archive.id],
        )
        self.env.invalidate_all()
        self.archives.sudo()._gc_expired()
        self.assertFalse(archive.exists())
