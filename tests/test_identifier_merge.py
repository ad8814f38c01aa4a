from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .common import SECOND_SIREN, SIREN, SIREN_TYPED, ClientHubCommon


@tagged("post_install", "-at_install")
class TestIdentifierMerge(ClientHubCommon):
    """Core's merge of clients loses no identifier."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.kept = cls.client_fr
        cls.merged = cls._create_client("Atelier du Quai SARL", "fr")
        cls.third = cls._create_client("Atelier du Quai (ancien)", "fr")

    def _merge(self, *clients: Any) -> None:
        """Merge clients into the one to keep, as an administrator does."""
        partners = self.env["res.partner"].union(self.kept, *clients)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, self.kept)
        self.env.invalidate_all()
        self.assertFalse(partners[1:].exists())

    def _get_numbers(self, client: Any = None) -> list[str]:
        lines = (client or self.kept).client_identifier_ids
        return sorted(f"{line.scheme} {line.number}" for line in lines)

    def test_all_lines_of_both_are_kept(self) -> None:
        self._create_identifier(self.kept, "FR_SIREN", SIREN)
        moved = self._create_identifier(
            self.merged, "OTHER", "K-17", label="Code", print_on_documents=False
        )
        self._merge(self.merged)
        self.assertEqual(self._get_numbers(), [f"FR_SIREN {SIREN}", "OTHER K-17"])
        self.assertEqual(moved.label, "Code")
        self.assertFalse(moved.print_on_documents)

    def test_equal_lines_become_one_and_the_others_stay(self) -> None:
        first = self._create_identifier(self.kept, "FR_SIREN", SIREN)
        self._create_identifier(self.merged, "FR_SIREN", SIREN_TYPED)
        self._create_identifier(self.merged, "FR_SIREN", SECOND_SIREN)
        self._merge(self.merged)
        self.assertEqual(
            self._get_numbers(), [f"FR_SIREN {SIREN}", f"FR_SIREN {SECOND_SIREN}"]
        )
        self.assertTrue(first.exists())

    def test_lines_that_differ_in_formatting_become_one(self) -> None:
        self._create_identifier(self.kept, "OTHER", "AB-12 x", label="Code")
        self._create_identifier(self.merged, "OTHER", "ab/12 X", label="Code")
        self._merge(self.merged)
        self.assertEqual(self._get_numbers(), ["OTHER AB-12 x"])

    def test_the_same_number_in_two_schemes_stays_twice(self) -> None:
        self._create_identifier(self.kept, "FR_SIREN", SIREN)
        self._create_identifier(self.merged, "OTHER", SIREN, label="Code")
        self._merge(self.merged)
        self.assertEqual(len(self.kept.client_identifier_ids), 2)

    def test_three_clients_are_merged_at_once(self) -> None:
        for client in (self.kept, self.merged, self.third):
            self._create_identifier(client, "FR_SIREN", SIREN)
        self._create_identifier(self.merged, "DUNS", "150483782")
        self._create_identifier(self.third, "DUNS", "15-048-3782")
        self._create_identifier(self.third, "LEI", "213800KUD8LAJWSQ9D15")
        self._merge(self.merged, self.third)
        self.assertEqual(
            self._get_numbers(),
            ["DUNS 150483782", f"FR_SIREN {SIREN}", "LEI 213800KUD8LAJWSQ9D15"],
        )

    def test_lines_of_the_merged_alone_come_to_the_kept(self) -> None:
        self._create_identifier(self.merged, "FR_SIREN", SIREN)
        self._create_identifier(self.third, "FR_SIREN", SIREN)
        self._merge(self.merged, self.third)
        self.assertEqual(self._get_numbers(), [f"FR_SIREN {SIREN}"])

    def test_a_client_merged_into_a_contact_gives_its_lines_to_the_company(
        self,
    ) -> None:
        self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        self._create_identifier(self.merged, "FR_SIREN", SIREN_TYPED)
        self._create_identifier(self.merged, "DUNS", "150483782")
        self.kept = self.contact_fr
        self._merge(self.merged)
        self.assertEqual(
            self._get_numbers(self.client_fr), ["DUNS 150483782", f"FR_SIREN {SIREN}"]
        )
        self.assertFalse(self._get_numbers(self.contact_fr))

    def test_a_user_merges_who_is_no_administrator(self) -> None:
        self._create_identifier(self.merged, "FR_SIREN", SIREN)
        # Core's merge reads fields that are for Access Rights and accounting.
        groups = (
            "base.group_partner_manager,base.group_erp_manager,"
            "account.group_account_invoice"
        )
        user = self._create_user("hub_merger", groups)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard.create({})._merge((self.kept + self.merged).ids, self.kept)
        self.env.invalidate_all()
        self.assertFalse(self.merged.exists())
        self.assertEqual(self._get_numbers(), [f"FR_SIREN {SIREN}"])
