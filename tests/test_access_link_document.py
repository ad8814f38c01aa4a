from __future__ import annotations

from odoo.tests import tagged

from .access_link_common import AccessLinkHttpCommon


@tagged("post_install", "-at_install")
class TestAccessLinkDocument(AccessLinkHttpCommon):
    """The neutral address of a document, as it stands in stored messages."""

    def setUp(self) -> None:
        super().setUp()
        self.path = self.links._get_document_path(self.invoice)
        self.german = self.links._get_document_path(self.invoice_de)
        self.missing = "/my/access/document/account.move/2147483647"

    def _lead(self, path: str) -> str:
        return self._get_location(self._get(path))

    def test_strangers_learn_nothing(self) -> None:
        paths = (
            self.path,
            self.missing,
            "/my/access/document/account.move/99999999999999999999",
            "/my/access/document/account.move/-1",
            "/my/access/document/account.move/0",
            "/my/access/document/no.model/1",
            "/my/access/document/res.users/2",
        )
        for path in paths:
            self.assertEqual(self._lead(path), "/my/access/request", path)

    def test_client_gets_to_the_page(self) -> None:
        self._visit(self._issue(record=self.invoice))
        self.assertEqual(self._lead(self.path), f"/my/invoices/{self.invoice.id}")

    def test_t34_documents_of_others_look_like_none(self) -> None:
        self._visit(self._issue(record=self.invoice))
        huge = "/my/access/document/account.move/99999999999999999999"
        for path in (self.german, self.missing, huge, self.path.replace("move", "x")):
            self.assertEqual(self._lead(path), "/my", path)

    def test_t36_drafts_and_what_is_no_invoice_of_the_client(self) -> None:
        posted, draft, cancelled = (
            self.invoice,
            self.invoice.copy(),
            self.invoice.copy(),
        )
        cancelled.button_cancel()
        bill = self._create_client_invoice(self.client_de, move_type="in_invoice")
        entry = self.env["account.move"].create({"partner_id": self.client_fr.id})
        self._visit(self._issue(record=posted))
        self.assertEqual(self._get(f"/my/invoices/{posted.id}").status_code, 200)
        for hidden in (draft, cancelled, bill, entry):
            path = self.links._get_document_path(hidden)
            self.assertEqual(self._lead(path), "/my", hidden.state)
            self.assertEqual(self._lead(f"/my/invoices/{hidden.id}"), "/my")

    def test_provisional_session_is_nobody_here(self) -> None:
        self._enter(self._issue(record=self.invoice))
        self.assertEqual(self._lead(self.path), "/my/access/request")

    def test_staff_gets_to_the_record(self) -> None:
        self._create_user(
            "hub_biller",
            "account.group_account_invoice",
            company_id=self.company.id,
        )
        self.authenticate("hub_biller", "hub_biller")
        self.assertEqual(self._lead(self.path), f"/odoo/account.move/{self.invoice.id}")
        self.assertEqual(self._lead(self.missing), "/odoo")

    def test_staff_without_rights_learns_nothing(self) -> None:
        self._create_user("hub_internal", "base.group_user", company_id=self.company.id)
        self.authenticate("hub_internal", "hub_internal")
        for path in (self.path, self.missing):
            self.assertEqual(self._lead(path), "/odoo")
