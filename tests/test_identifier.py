from __future__ import annotations

from typing import Any

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.identifier_remedies import REMEDIES
from ..tools.identifier_schemes import SCHEMES
from .common import EIN, EIN_TYPED, SECOND_SIREN, SIREN, SIREN_TYPED, ClientHubCommon
from .unit.identifier_samples import INVALID, VALID

PAPERS = "Compare it with the client's papers."


@tagged("post_install", "-at_install")
class TestIdentifierLine(ClientHubCommon):
    """What becomes of a line that is right."""

    def test_the_number_is_stored_as_the_scheme_writes_it(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN_TYPED)
        self.assertEqual(line.number, SIREN)

    def test_a_changed_number_is_stored_as_the_scheme_writes_it(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        line.number = "552-100.554"
        self.assertEqual(line.number, SECOND_SIREN)

    def test_the_name_is_the_label_and_the_printed_number(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        self.assertEqual(line.display_name, f"SIREN: {SIREN_TYPED}")

    def test_the_name_of_another_number_has_its_own_label(self) -> None:
        line = self._create_identifier(
            self.client_fr, "OTHER", "K-17", label="  Supplier   Code "
        )
        self.assertEqual(line.display_name, "Supplier Code: K-17")

    def test_a_line_not_filled_in_yet_has_a_name(self) -> None:
        self.assertEqual(self.identifiers.new({}).display_name, "New identifier")

    def test_only_the_scheme_other_keeps_a_label(self) -> None:
        line = self._create_identifier(self.client_fr, "DUNS", "150483782", label="X")
        self.assertFalse(line.label)

    def test_a_line_prints_unless_told_otherwise(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        self.assertTrue(line.print_on_documents)

    def test_the_line_of_a_contact_goes_to_its_company(self) -> None:
        line = self._create_identifier(self.contact_fr, "FR_SIREN", SIREN)
        self.assertEqual(line.partner_id, self.client_fr)
        self.assertFalse(self.contact_fr.client_identifier_ids)
        self.assertEqual(self.client_fr.client_identifier_ids, line)

    def test_a_line_moved_to_a_contact_goes_to_its_company(self) -> None:
        line = self._create_identifier(self.client_de, "DUNS", "150483782")
        line.partner_id = self.contact_fr
        self.assertEqual(line.partner_id, self.client_fr)

    def test_the_lines_of_a_client_go_with_it(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        self.contact_fr.unlink()
        self.client_fr.unlink()
        self.assertFalse(line.exists())

    def test_the_company_made_of_a_contact_takes_the_lines_along(self) -> None:
        person = self._create_partner(name="Jeanne", company_name="Jeanne SARL")
        line = self._create_identifier(person, "DUNS", "150483782")
        person.create_company()
        self.assertEqual(person.parent_id.name, "Jeanne SARL")
        self.assertEqual(line.partner_id, person.parent_id)

    def test_a_contact_without_company_name_keeps_its_lines(self) -> None:
        person = self._create_partner(name="Jeanne")
        line = self._create_identifier(person, "DUNS", "150483782")
        person.create_company()
        self.assertEqual(line.partner_id, person)

    def test_lines_keep_the_order_they_are_given(self) -> None:
        last = self._create_identifier(self.client_fr, "DUNS", "150483782", sequence=9)
        first = self._create_identifier(self.client_fr, "FR_SIREN", SIREN, sequence=1)
        self.client_fr.invalidate_recordset()
        self.assertEqual(self.client_fr.client_identifier_ids, first + last)


@tagged("post_install", "-at_install")
class TestIdentifierCountry(ClientHubCommon):
    """Which country a number is of."""

    def test_the_country_of_the_client_counts_where_the_line_has_none(self) -> None:
        line = self._create_identifier(self.client_us, "US_EIN", EIN_TYPED)
        self.assertEqual(line.country_id, self.env.ref("base.us"))

    def test_the_country_of_the_line_decides(self) -> None:
        line = self._create_identifier(
            self.client_de, "FR_SIREN", SIREN, country_id=self.env.ref("base.fr").id
        )
        self.assertEqual(line.partner_id.country_id, self.env.ref("base.de"))
        self.assertEqual(line.country_id, self.env.ref("base.fr"))

    def test_a_national_number_of_another_country_is_refused(self) -> None:
        with self._assert_refused("^Scheme: it does not belong"):
            self._create_identifier(self.client_de, "FR_SIREN", SIREN)

    def test_the_country_cannot_become_one_of_other_numbers(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        with self._assert_refused("^Scheme: it does not belong"):
            line.country_id = self.env.ref("base.de")

    def test_an_international_number_needs_no_country(self) -> None:
        line = self._create_identifier(self.client_nowhere, "DUNS", "15-048-3782")
        self.assertFalse(line.country_id)

    def test_an_international_number_does_not_take_the_country_of_the_client(
        self,
    ) -> None:
        line = self._create_identifier(self.client_fr, "DUNS", "15-048-3782")
        self.assertFalse(line.country_id)

    def test_a_national_number_without_any_country_is_refused(self) -> None:
        message = "^Country: SIREN is a national number. Set the country .*Nowhere"
        with self._assert_refused(message):
            self._create_identifier(self.client_nowhere, "FR_SIREN", SIREN)

    def test_a_client_without_country_can_hold_a_number_with_one(self) -> None:
        line = self._create_identifier(
            self.client_nowhere, "US_EIN", EIN, country_id=self.env.ref("base.us").id
        )
        self.assertEqual(line.number, EIN)

    def test_the_country_is_remembered_when_the_client_moves(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        self.client_fr.country_id = self.env.ref("base.de")
        line.number = SECOND_SIREN
        self.assertEqual(line.country_id, self.env.ref("base.fr"))

    def test_a_territory_holds_the_numbers_of_its_state(self) -> None:
        client = self._create_client("Case Rhum", "re")
        line = self._create_identifier(client, "FR_SIREN", SIREN)
        self.assertEqual(line.number, SIREN)

    def test_the_schemes_on_offer_are_those_of_the_country_of_the_line(self) -> None:
        line = self.identifiers.new(
            {"partner_id": self.client_de.id, "country_id": self.env.ref("base.fr").id}
        )
        offered = line.available_schemes.split(",")
        self.assertIn("FR_SIREN", offered)
        self.assertIn("OTHER", offered)
        self.assertNotIn("DE_HR", offered)

    def test_the_schemes_on_offer_are_else_those_of_the_client(self) -> None:
        line = self.identifiers.new({"partner_id": self.client_de.id})
        self.assertIn("DE_HR", line.available_schemes.split(","))

    def test_without_any_country_international_schemes_are_on_offer(self) -> None:
        line = self.identifiers.new({"partner_id": self.client_nowhere.id})
        self.assertEqual(line.available_schemes, "EORI,EAN_GLN,LEI,DUNS,OTHER")


@tagged("post_install", "-at_install")
class TestIdentifierRefused(ClientHubCommon):
    """What is refused, and whether the message says what to do."""

    def _assert_number_refused(self, scheme: str, number: str, message: str) -> None:
        with self.assertRaises(ValidationError) as caught:
            self._create_identifier(self.client_fr, scheme, number)
        self.assertEqual(caught.exception.args[0], message)
        self.assertFalse(self.client_fr.client_identifier_ids)

    def test_a_wrong_check_digit(self) -> None:
        self._assert_number_refused(
            "FR_SIREN",
            "303265046",
            f"Number: its check digit is wrong. {PAPERS} (SIREN “303265046”)",
        )

    def test_letters_in_a_number_of_digits(self) -> None:
        problem = "it has characters or an order that the scheme does not allow."
        self._assert_number_refused(
            "FR_SIREN", "30326504X", f"Number: {problem} {PAPERS} (SIREN “30326504X”)"
        )

    def test_too_few_digits(self) -> None:
        self._assert_number_refused(
            "FR_SIREN",
            "30326",
            f"Number: it has too many or too few characters. {PAPERS} (SIREN “30326”)",
        )

    def test_ten_thousand_characters(self) -> None:
        for scheme in ("FR_SIREN", "DUNS"):
            with self.subTest(scheme), self.assertRaises(ValidationError) as caught:
                self._create_identifier(self.client_fr, scheme, "3" * 10_000)
            text = caught.exception.args[0]
            self.assertTrue(text.startswith("Number: it is longer than 64 characters."))
            self.assertLess(len(text), 200)

    def test_a_number_of_spaces(self) -> None:
        with self._assert_refused("^Number: it is empty. Enter it"):
            self._create_identifier(self.client_fr, "DUNS", "   ")

    def test_an_unknown_scheme(self) -> None:
        self._assert_number_refused(
            "FR_NONE",
            SIREN,
            f"Scheme: it is unknown. Choose one from the list. (FR_NONE “{SIREN}”)",
        )

    def test_another_number_without_label(self) -> None:
        for label in (False, "", "  "):
            with (
                self.subTest(label),
                self._assert_refused("^Label: .* needs a label"),
            ):
                self._create_identifier(self.client_fr, "OTHER", "K-17", label=label)

    def test_a_label_of_ten_thousand_characters(self) -> None:
        message = "^Label: it is longer than 64 characters. Shorten it.$"
        with self._assert_refused(message):
            self._create_identifier(
                self.client_fr, "OTHER", "K-17", label="Code " * 2000
            )

    def test_the_label_cannot_be_taken_away(self) -> None:
        line = self._create_identifier(self.client_fr, "OTHER", "K-17", label="Code")
        with self._assert_refused("^Label:"):
            line.label = False
        self.assertEqual(line.label, "Code")

    def test_a_wrong_number_cannot_be_written_over_a_right_one(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        with self._assert_refused("^Number: its check digit"):
            line.number = "303265046"
        self.assertEqual(line.number, SIREN)

    def test_a_wrong_number_among_right_ones_refuses_them_all(self) -> None:
        vals = {"partner_id": self.client_fr.id, "scheme": "FR_SIREN"}
        numbers = (SIREN, "303265046", SECOND_SIREN)
        with self._assert_refused("^Number: its check digit"):
            self.identifiers.create([{**vals, "number": number} for number in numbers])
        self.assertFalse(self.client_fr.client_identifier_ids)


@tagged("post_install", "-at_install")
class TestIdentifierSchemesInOdoo(ClientHubCommon):
    """Every scheme inside Odoo, which imports python-stdnum in a way of its own."""

    def _create_client_of(self, scheme: str) -> Any:
        country = self.env["res.country"].search([("code", "=", scheme[:2])])
        return self._create_partner(is_company=True, country_id=country.id)

    def test_every_scheme_is_tried_here(self) -> None:
        schemes = self.identifiers._fields["scheme"].get_values(self.env)
        self.assertEqual(set(schemes), VALID.keys())
        self.assertEqual(set(schemes), INVALID.keys())

    def test_a_right_number_of_every_scheme_is_taken(self) -> None:
        for scheme, (typed, stored) in VALID.items():
            client = self._create_client_of(scheme)
            with self.subTest(scheme):
                line = self._create_identifier(client, scheme, typed, label="Code")
                self.assertEqual(line.number, stored)

    def test_a_wrong_number_of_every_scheme_is_refused(self) -> None:
        for scheme, (typed, reason) in INVALID.items():
            client = self._create_client_of(scheme)
            message = f"^Number: {self.env._(REMEDIES[reason])}"
            with self.subTest(scheme), self._assert_refused(message):
                self._create_identifier(client, scheme, typed, label="Code")

    def test_schemes_that_read_number_tables_are_among_them(self) -> None:
        tables = {key for key, scheme in SCHEMES.items() if scheme.tables}
        self.assertEqual(tables, {"US_EIN", "AT_TIN"})
        self.assertLessEqual(tables, VALID.keys())

    def test_every_scheme_leads_with_its_country_in_the_list(self) -> None:
        labels = dict(self.identifiers._selection_scheme())
        self.assertEqual(labels["US_EIN"], "US · EIN")
        self.assertEqual(labels["LEI"], "LEI")
