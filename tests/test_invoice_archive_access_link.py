from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .access_mail_common import CONTACT, AccessMailCommon


@tagged("post_install", "-at_install")
class TestInvoiceArchiveAccessLink(AccessMailCommon):
    """The mail that an archive is ready opens the archives with one click."""

    def _finish(self, user: Any) -> Any:
        archives = self.env["client.hub.invoice.archive"].with_user(user)
        # As the cron does it.
        job = self.env.ref("base.user_root")
        archive = archives._request(self.invoice, "Documents").with_user(job)
        archive.line_ids.state = "done"
        archive._finish_if_done(tell=True)
        mails = self.env["mail.mail"].with_user(job)
        [mail] = mails.search(
            [("model", "=", archive._name), ("res_id", "=", archive.id)]
        )
        mail.send()
        return archive

    def test_client_gets_a_magic_link(self) -> None:
        archive = self._finish(self.portal_user)
        url = self.assert_magic(CONTACT, self.contact, archive)
        link = self.row_of(url)
        document = link._get_document()
        self.assertEqual(document, archive)
        self.assertEqual(link._get_portal_path(document), "/my/invoices/archives")

    def test_staff_get_the_address_of_the_record(self) -> None:
        archive = self._finish(self.biller)
        html = self.texts("biller@example.com")["html"]
        self.assertNotRegex(html, r"/my/access/[\w-]{22}")
        self.assertIn(f"/client.hub.invoice.archive/{archive.id}", html)
        links = self.links.sudo().search([("res_model", "=", archive._name)])
        self.assertFalse(links)

    def test_archive_of_somebody_else_is_none(self) -> None:
        archive = self._finish(self.portal_user)
        for user, found in ((self.portal_user, True), (self.biller, False)):
            links = self.links.with_user(user)
            document = links._find_document(archive._name, archive.id)
            self.assertEqual(bool(document), found)
