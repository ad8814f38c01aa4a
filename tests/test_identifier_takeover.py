"""The takeover from OCA's ``partner_identification``.

The classes tagged ``client_hub_beside`` need that module installed, from an add-on path
of the reader's: ``--addons-path ... -i client_hub,partner_identification
--test-tags client_hub_beside``.
"""

from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import SECOND_SIREN, SIREN, SIREN_TYPED, ClientHubUsersCommon

TAKEOVER = "client.hub.identifier.takeover"
SOURCE = "res.partner.id_number"


@tagged("post_install", "-at_install")
class TestTakeoverWithoutOca(ClientHubUsersCommon):
    """Where there is nothing to take over, nothing is offered."""

    def setUp(self) -> None:
        super().setUp()
        if SOURCE in self.env:
            self.skipTest("partner_identification is installed in this database")

    def test_the_settings_do_not_offer_it(self) -> None:
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.client_hub_takeover_available)

    def test_the_wizard_finds_nothing(self) -> None:
        wizard = self.env[TAKEOVER].with_user(self.hub_manager).create({})
        self.assertEqual(wizard.count, 0)
        wizard.action_take_over()
        self.assertEqual(wizard.report, "Numbers taken over: 0")


class OcaCommon(ClientHubUsersCommon):
    """Numbers kept by OCA's module, and who may take them over."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env[SOURCE].search([]).unlink()
        cls.hub_manager.group_ids += cls.env.ref("base.group_partner_manager")

    def _keep(self, client: Any, code: str, number: str, **vals: Any) -> Any:
        """Create a number in OCA's module, under the category of that code."""
        categories = self.env["res.partner.id_category"]
        category = categories.search([("code", "=", code)]) or categories.create(
            {"code": code, "name": f"Name of {code}"}
        )
        return self.env[SOURCE].create(
            {
                "partner_id": client.id,
                "category_id": category.id,
                "name": number,
                **vals,
            }
        )

    def _take_over(self) -> list[str]:
        """Run the wizard as the manager; return the lines of its report."""
        self.env.flush_all()
        wizard = self.env[TAKEOVER].with_user(self.hub_manager).create({})
        action = wizard.action_take_over()
        self.assertEqual((action["res_model"], action["res_id"]), (TAKEOVER, wizard.id))
        return wizard.report.split("\n")


@tagged("post_install", "-at_install", "-standard", "client_hub_beside")
class TestTakeover(OcaCommon):
    """What becomes of a number of OCA's module."""

    def test_the_settings_offer_it(self) -> None:
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.client_hub_takeover_available)

    def test_the_wizard_counts_what_it_found(self) -> None:
        self._keep(self.client_fr, "FR_SIREN", SIREN)
        self._keep(self.client_fr, "driver", "B-17")
        form = Form(self.env[TAKEOVER].with_user(self.hub_manager))
        self.assertEqual(form.count, 2)

    def test_a_category_named_like_a_scheme_becomes_that_scheme(self) -> None:
        for code in ("FR_SIREN", " fr_siren "):
            with self.subTest(code):
                self._keep(self.client_fr, code, SIREN_TYPED)
                self._take_over()
                line = self.client_fr.client_identifier_ids
                self.assertEqual(line.display_name, f"SIREN: {SIREN_TYPED}")
                self.assertTrue(line.print_on_documents)

    def test_the_categories_of_other_oca_modules_are_known(self) -> None:
        numbers = {
            "gln_id_number": ("EAN_GLN", "4012345000009"),
            "EORI": ("EORI", "FR30326504500010"),
            "duns": ("DUNS", "150483782"),
        }
        for code, (_scheme, number) in numbers.items():
            self._keep(self.client_fr, code, number)
        self.assertEqual(self._take_over(), ["Numbers taken over: 3"])
        lines = self.client_fr.client_identifier_ids
        taken = {(line.scheme, line.number) for line in lines}
        self.assertEqual(taken, set(numbers.values()))

    def test_an_unknown_category_becomes_a_label_and_does_not_print(self) -> None:
        self._keep(self.client_fr, "driver", "B-17")
        self._take_over()
        line = self.client_fr.client_identifier_ids
        self.assertEqual(line.display_name, "Name of driver: B-17")
        self.assertFalse(line.print_on_documents)

    def test_a_category_named_other_becomes_a_label(self) -> None:
        self._keep(self.client_fr, "other", "B-17")
        self._take_over()
        name = self.client_fr.client_identifier_ids.display_name
        self.assertEqual(name, "Name of other: B-17")

    def test_an_expired_number_does_not_print(self) -> None:
        self._keep(self.client_fr, "FR_SIREN", SIREN, status="close")
        self._take_over()
        self.assertFalse(self.client_fr.client_identifier_ids.print_on_documents)

    def test_an_archived_number_is_left_alone(self) -> None:
        self._keep(self.client_fr, "FR_SIREN", SIREN, active=False)
        self.assertEqual(self._take_over(), ["Numbers taken over: 0"])
        self.assertFalse(self.client_fr.client_identifier_ids)

    def test_the_number_of_a_contact_goes_to_its_company(self) -> None:
        self._keep(self.contact_fr, "FR_SIREN", SIREN)
        self._take_over()
        self.assertEqual(self.client_fr.client_identifier_ids.number, SIREN)

    def test_a_private_number_of_a_contact_stays_where_it_is(self) -> None:
        self._keep(self.contact_fr, "passport", "P-17")
        report = self._take_over()
        self.assertEqual(report[0], "Numbers taken over: 0")
        self.assertIn("Name of passport is a number of a person", report[1])
        self.assertFalse(self.client_fr.client_identifier_ids)

    def test_the_private_number_of_a_client_without_company_is_taken(self) -> None:
        person = self._create_partner(name="Jeanne")
        self._keep(person, "passport", "P-17")
        self._take_over()
        self.assertEqual(person.client_identifier_ids.number, "P-17")

    def test_nothing_of_the_source_is_changed(self) -> None:
        source = self._keep(self.client_fr, "FR_SIREN", SIREN_TYPED)
        before = source.read()
        self._take_over()
        self.env.invalidate_all()
        self.assertEqual(source.read(), before)


@tagged("post_install", "-at_install", "-standard", "client_hub_beside")
class TestTakeoverProblems(OcaCommon):
    """Repeated runs, wrong numbers, missing rights."""

    def test_a_second_run_takes_nothing(self) -> None:
        self._keep(self.client_fr, "FR_SIREN", SIREN)
        self._keep(self.client_fr, "driver", "B-17")
        self.assertEqual(self._take_over(), ["Numbers taken over: 2"])
        self.assertEqual(self._take_over(), ["Numbers taken over: 0"])
        self.assertEqual(len(self.client_fr.client_identifier_ids), 2)

    def test_a_number_the_client_has_is_not_taken_however_it_is_written(self) -> None:
        self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        self._keep(self.client_fr, "FR_SIREN", SIREN_TYPED)
        self.assertEqual(self._take_over(), ["Numbers taken over: 0"])

    def test_a_number_kept_twice_is_taken_once(self) -> None:
        self._keep(self.client_fr, "FR_SIREN", SIREN)
        self._keep(self.client_fr, "FR_SIREN", SIREN_TYPED)
        self._keep(self.contact_fr, "FR_SIREN", SIREN)
        self.assertEqual(self._take_over(), ["Numbers taken over: 1"])
        self.assertEqual(self.client_fr.client_identifier_ids.number, SIREN)

    def test_a_wrong_number_is_reported_and_the_others_are_taken(self) -> None:
        wrong = self._keep(self.client_fr, "FR_SIREN", "303265046")
        self._keep(self.client_fr, "FR_SIREN", SECOND_SIREN)
        report = self._take_over()
        self.assertEqual(report[0], "Numbers taken over: 1")
        self.assertIn("Atelier du Quai: Number: its check digit is wrong.", report[1])
        self.assertEqual(self.client_fr.client_identifier_ids.number, SECOND_SIREN)
        self.assertTrue(wrong.exists())

    def test_a_client_without_country_is_reported(self) -> None:
        self._keep(self.client_nowhere, "FR_SIREN", SIREN)
        report = self._take_over()
        self.assertEqual(report[0], "Numbers taken over: 0")
        self.assertIn("Country: SIREN is a national number.", report[1])

    def test_a_number_without_end_is_reported(self) -> None:
        self._keep(self.client_fr, "driver", "7" * 10_000)
        report = self._take_over()
        self.assertIn("Number: it is longer than 64 characters.", report[1])
        self.assertFalse(self.client_fr.client_identifier_ids)

    def test_who_may_not_change_clients_takes_nothing_over(self) -> None:
        self._keep(self.client_fr, "FR_SIREN", SIREN)
        self.hub_manager.group_ids -= self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            self._take_over()
        self.assertFalse(self.client_fr.client_identifier_ids)
