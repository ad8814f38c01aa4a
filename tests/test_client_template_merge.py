from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .client_template_common import ClientTemplateCommon


@tagged("post_install", "-at_install")
class TestClientTemplateMerge(ClientTemplateCommon):
    """Core's merge of clients leaves one text for each type, and loses none unseen."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.third = cls._create_client("Third", "fr")

    def merge(self, *clients: Any, into: Any) -> None:
        partners = self.env["res.partner"].union(into, *clients)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, into)
        self.env.invalidate_all()

    def types(self, client: Any) -> list[str]:
        return sorted(client.client_template_ids.mapped("client_document_type"))

    def test_texts_of_other_types_move_to_the_kept_client(self) -> None:
        kept = self.write_text(self.own, "invoice")
        moved = self.write_text(self.plain, "estimate")
        self.merge(self.plain, into=self.own)
        self.assertEqual(self.own.client_template_ids, kept + moved)

    def test_of_two_texts_that_of_the_kept_client_stays(self) -> None:
        kept = self.write_text(self.own, "invoice")
        gone = self.write_text(self.plain, "invoice")
        self.merge(self.plain, into=self.own)
        self.assertEqual(self.own.client_template_ids, kept)
        self.assertFalse(gone.exists())

    def test_text_that_gave_way_can_be_read_in_the_chatter(self) -> None:
        self.write_text(self.own, "invoice")
        body = "<p>Dear <t t-out='object.name'/></p>"
        self.write_text(self.plain, "invoice", body=body)
        self.merge(self.plain, into=self.own)
        note = str(self.own.message_ids.mapped("body"))
        self.assertIn("Harbor Workshop", note)
        self.assertIn("Subject for Harbor Workshop invoice", note)
        self.assertIn("t-out=", note)

    def test_three_clients_are_merged_at_once(self) -> None:
        self.write_text(self.plain, "invoice")
        self.write_text(self.third, "invoice")
        self.write_text(self.third, "estimate")
        self.merge(self.plain, self.third, into=self.own)
        self.assertEqual(self.types(self.own), ["estimate", "invoice"])

    def test_somebody_merges_who_may_not_edit_texts(self) -> None:
        self.write_text(self.own, "invoice")
        self.write_text(self.plain, "invoice")
        # Core's merge reads fields that are for Access Rights and accounting.
        groups = (
            "base.group_partner_manager,base.group_erp_manager,"
            "account.group_account_readonly"
        )
        user = self._create_user("hub_merger", groups)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard.create({})._merge((self.own + self.plain).ids, self.own)
        self.env.invalidate_all()
        self.assertEqual(self.types(self.own), ["invoice"])
