from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.tests import Form, tagged

from .common import (
    ADDRESS,
    EIN,
    FR_VAT,
    SIREN,
    ClientHubUsersCommon,
    ClientProfileCommon,
)


@tagged("post_install", "-at_install")
class TestClientProfile(ClientProfileCommon):
    """What is named as missing before a client can be invoiced."""

    def test_a_complete_client_lacks_nothing(self) -> None:
        self.assertIs(self.client_fr.client_profile_missing, False)

    def test_an_empty_client_lacks_everything(self) -> None:
        self.assertEqual(
            self._get_missing(self.missing),
            [
                "Email",
                "Street",
                "City",
                "Zip",
                "Customer Payment Terms",
                "VAT Number",
                "SIREN",
            ],
        )

    def test_each_thing_taken_away_is_named(self) -> None:
        for name in ("email", "street", "city", "zip", "property_payment_term_id"):
            value = self.client_fr[name]
            with self.subTest(name):
                self.client_fr[name] = False
                label = self.client_fr._fields[name]._description_string(self.env)
                self.assertEqual(self._get_missing(), [label])
            self.client_fr[name] = value

    def test_the_payment_terms_are_those_of_the_company(self) -> None:
        company = self.env["res.company"].create({"name": "Other Company"})
        client = self.client_fr.with_company(company)
        self.assertEqual(self._get_missing(client), ["Customer Payment Terms"])
        self.assertEqual(self._get_missing(), [])

    def test_without_country_the_country_is_missing_and_no_identifier(self) -> None:
        vals = {**self.complete_vals, "vat": False}
        self.client_nowhere.write(vals)
        self.assertEqual(self._get_missing(self.client_nowhere), ["Country"])

    def test_a_client_of_the_united_states_needs_a_state_and_an_ein(self) -> None:
        self.client_us.write({**self.complete_vals, "vat": False})
        self.assertEqual(self._get_missing(self.client_us), ["State", "EIN"])
        self.client_us.state_id = self.env.ref("base.state_us_5")
        self._create_identifier(self.client_us, "US_EIN", EIN)
        self.assertEqual(self._get_missing(self.client_us), [])

    def test_a_client_of_hong_kong_needs_no_postal_code(self) -> None:
        client = self._create_client("Harbour Ltd", "hk", **self.complete_vals)
        client.write({"zip": False, "vat": False})
        missing = self._get_missing(client)
        self.assertEqual(missing, ["Business Registration Number"])

    def test_a_country_without_schemes_needs_no_identifier(self) -> None:
        client = self._create_client("Reykjavik Ehf", "is", **self.complete_vals)
        client.vat = False
        self.assertEqual(self._get_missing(client), [])

    def test_one_number_of_each_category_is_enough(self) -> None:
        self.client_fr.client_identifier_ids = [
            Command.clear(),
            Command.create({"scheme": "FR_SIRET", "number": "73282932000074"}),
        ]
        self.assertEqual(self._get_missing(), [])

    def test_the_numbers_that_core_keeps_count(self) -> None:
        self.client_fr.client_identifier_ids = [Command.clear()]
        self.assertEqual(self._get_missing(), ["SIREN"])
        self.client_fr.company_registry = SIREN
        self.assertEqual(self._get_missing(), [])

    def test_a_line_counts_for_the_number_that_core_keeps(self) -> None:
        self.client_fr.vat = False
        self.assertEqual(self._get_missing(), ["VAT Number"])
        self._create_identifier(self.client_fr, "FR_VAT", FR_VAT)
        self.assertEqual(self._get_missing(), [])

    def test_a_number_of_another_country_does_not_count(self) -> None:
        self.client_fr.client_identifier_ids = [Command.clear()]
        german = self.env.ref("base.de").id
        self._create_identifier(
            self.client_fr, "DE_HR", "Aachen HRB 11223", country_id=german
        )
        self.assertEqual(self._get_missing(), ["SIREN"])

    def test_an_international_number_does_not_count(self) -> None:
        self.client_fr.client_identifier_ids = [
            Command.clear(),
            Command.create({"scheme": "LEI", "number": "213800KUD8LAJWSQ9D15"}),
        ]
        self.assertEqual(self._get_missing(), ["SIREN"])

    def test_a_private_person_needs_no_identifier(self) -> None:
        vals = {**self.complete_vals, "vat": False}
        person = self._create_partner(
            name="Jeanne", country_id=self.env.ref("base.fr").id, **vals
        )
        self.assertEqual(self._get_missing(person), [])

    def test_a_contact_shows_what_its_company_lacks(self) -> None:
        self.contact_fr.write({"email": False, "street": "Elsewhere"})
        self.assertEqual(self._get_missing(self.contact_fr), [])
        self.client_fr.property_payment_term_id = False
        self.assertEqual(self._get_missing(self.contact_fr), ["Customer Payment Terms"])


@tagged("post_install", "-at_install")
class TestClientProfileBilling(ClientProfileCommon):
    """The contact that invoices are addressed to counts instead of its company."""

    def _create_billing_contact(self, **vals: Any) -> Any:
        country = self.client_fr.country_id
        return super()._create_billing_contact(country_id=country.id, **vals)

    def test_the_email_of_the_billing_contact_is_enough(self) -> None:
        self.client_fr.email = False
        self.assertEqual(self._get_missing(), ["Email"])
        self._create_billing_contact()
        self.assertEqual(self._get_missing(), [])

    def test_the_email_of_the_company_does_not_reach_the_billing_contact(self) -> None:
        self._create_billing_contact(email=False)
        self.assertTrue(self.client_fr.email)
        self.assertEqual(self._get_missing(), ["Email"])

    def test_the_address_of_the_billing_contact_must_be_complete(self) -> None:
        contact = self._create_billing_contact(street=False)
        self.assertEqual(self._get_missing(), ["Street"])
        contact.street = "2 rue de la Paix"
        self.assertEqual(self._get_missing(), [])

    def test_the_address_of_another_contact_does_not_count(self) -> None:
        self.client_fr.street = False
        self._create_partner(
            name="Entrepôt", type="delivery", parent_id=self.client_fr.id, **ADDRESS
        )
        self.assertEqual(self._get_missing(), ["Street"])

    def test_an_archived_billing_contact_does_not_count(self) -> None:
        contact = self._create_billing_contact(street=False)
        self.assertIn("Street", self._get_missing())
        contact.active = False
        self.client_fr.invalidate_recordset()
        self.assertEqual(self._get_missing(), [])


@tagged("post_install", "-at_install")
class TestClientProfileForm(ClientProfileCommon, ClientHubUsersCommon):
    """The mark in forms, in other languages and in lists."""

    def _open(self, client: Any) -> Form:
        return Form(self._as(self.partner_manager, client), "base.view_partner_form")

    def test_a_new_client_is_told_what_is_missing_while_it_is_filled_in(self) -> None:
        form = self._open(self.env["res.partner"])
        form.company_type = "company"
        form.name = "Atelier Neuf"
        self.assertIn("Country", form.client_profile_missing)
        form.country_id = self.env.ref("base.fr")
        self.assertNotIn("Country", form.client_profile_missing)
        self.assertIn("SIREN", form.client_profile_missing)
        form.vat = FR_VAT
        self.assertNotIn("VAT Number", form.client_profile_missing)
        form.save()

    def test_a_new_contact_of_a_company_shows_the_mark_of_the_company(self) -> None:
        form = self._open(self.env["res.partner"])
        form.name = "Neuve"
        self.assertTrue(form.client_profile_missing)
        form.parent_id = self.client_fr
        self.assertFalse(form.client_profile_missing)

    def test_a_line_that_is_being_added_counts_at_once(self) -> None:
        self.client_fr.client_identifier_ids = [Command.clear()]
        form = self._open(self.client_fr)
        self.assertEqual(form.client_profile_missing, "SIREN")
        with form.client_identifier_ids.new() as line:
            line.scheme, line.number = "FR_SIREN", SIREN
        self.assertFalse(form.client_profile_missing)

    def test_the_mark_is_in_the_language_of_the_user(self) -> None:
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self.missing.with_context(lang="zh_CN").client_profile_missing
        self.assertEqual(len(chinese.split(", ")), 7)
        self.assertIn("SIREN", chinese)

    def test_a_line_whose_scheme_is_not_chosen_yet_does_not_disturb(self) -> None:
        vals = {"client_identifier_ids": [Command.create({"number": "1"})]}
        draft = self.missing.new(vals, origin=self.missing)
        self.assertIn("SIREN", draft.client_profile_missing)

    def test_what_is_typed_counts_before_it_is_saved(self) -> None:
        self.client_fr.street = False
        form = self._open(self.client_fr)
        self.assertEqual(form.client_profile_missing, "Street")
        form.street = "2 rue de la Paix"
        self.assertFalse(form.client_profile_missing)

    def test_a_list_costs_the_same_however_long_it_is(self) -> None:
        vals = {**self.complete_vals, "country_id": self.env.ref("base.fr").id}
        clients = self.env["res.partner"].create(
            [{**vals, "name": f"Client {n}", "is_company": True} for n in range(40)]
        )
        for client in clients:
            self._create_identifier(client, "FR_SIREN", SIREN)
        self._count_queries(clients[:1])  # fills the caches
        few = self._count_queries(clients[:3])
        self.assertEqual(self._count_queries(clients), few)
        self.assertLessEqual(few, 10)

    def _count_queries(self, clients: Any) -> int:
        mine = self._as(self.hub_user, clients)
        before = self.env.cr.sql_log_count
        self.assertEqual(set(mine.mapped("client_profile_missing")), {False})
        return self.env.cr.sql_log_count - before
