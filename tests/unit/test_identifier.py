from __future__ import annotations

import time
import unittest
from unittest import mock

import odoo.init  # noqa: F401 - first: its import hooks are what breaks the tables

from ...tools import identifier, stdnum_tables
from ...tools.identifier import IdentifierError, validate
from .identifier_samples import INVALID, VALID

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


class IdentifierCase(unittest.TestCase):
    def assert_refused(
        self, key: str, number: object, reason: str, country: str | None = None
    ) -> None:
        with self.assertRaises(IdentifierError) as caught:
            validate(key, number, country)
        self.assertEqual(caught.exception.reason, reason)
        self.assertEqual(caught.exception.scheme_key, key)


class TestValidate(IdentifierCase):
    def test_right_numbers(self) -> None:
        for key, (typed, stored) in VALID.items():
            with self.subTest(key):
                self.assertEqual(validate(key, typed), stored)
                self.assertEqual(validate(key, stored), stored)

    def test_wrong_numbers(self) -> None:
        for key, (typed, reason) in INVALID.items():
            with self.subTest(key):
                self.assert_refused(key, typed, reason)

    def test_lower_case_and_spaces(self) -> None:
        for key, (_typed, stored) in VALID.items():
            if identifier.scheme(key).free:
                continue
            with self.subTest(key):
                spaced = " \u00a0".join(stored.lower())
                self.assertEqual(validate(key, f" {spaced}\t"), stored)

    def test_dots_dashes_and_slashes(self) -> None:
        self.assertEqual(validate("FR_SIREN", "303.265-045"), "303265045")
        self.assertEqual(validate("ZA_TIN", "0843/089/848"), "0843089848")
        self.assertEqual(validate("CN_USCC", "9111–0000 6000—37341L")[-1], "L")

    def test_full_width_digits(self) -> None:
        self.assertEqual(validate("FR_SIREN", "３０３ ２６５ ０４５"), "303265045")
        stored = validate("CN_USCC", "９１１１００００６０００３７３４１Ｌ")
        self.assertEqual(stored, "91110000600037341L")

    def test_other_digits_are_refused(self) -> None:
        for number in ("٣٠٣٢٦٥٠٤٥", "३०३२६५०४५", "30326504५"):
            self.assert_refused("FR_SIREN", number, "format")
        for key, (_typed, stored) in VALID.items():
            if not identifier.scheme(key).free:
                self.assert_refused(key, f"{stored[:-1]}٥", "format")

    def test_letters_and_signs_are_refused(self) -> None:
        for number in ("30326504O", "303265045#", "303265045!", "303\x0026504", "ß"):
            self.assert_refused("FR_SIREN", number, "format")

    def test_empty_numbers(self) -> None:
        for key in VALID:
            for number in ("", " ", "\u3000", "--", "\u200b", None, False):
                self.assert_refused(key, number, "empty")

    def test_other_types_are_refused(self) -> None:
        for number in (303265045, b"303265045", ["303265045"], object()):
            self.assert_refused("FR_SIREN", number, "format")

    def test_long_numbers_are_refused_at_once(self) -> None:
        started = time.perf_counter()
        for key in VALID:
            for number in ("1" * 10_000, "\ufdfa" * 10_000, " " * 10_000, "1" * 65):
                self.assert_refused(key, number, "too_long")
            self.assert_refused(key, "\ufdfa" * 64, "too_long")
        self.assertLess(time.perf_counter() - started, 1)

    def test_unknown_schemes(self) -> None:
        for key in ("", "FR_NONE", "fr_siren", None, ["FR_SIREN"]):
            self.assert_refused(key, "303265045", "unknown_scheme")

    def test_country_of_the_line(self) -> None:
        for country in ("FR", "fr", "RE", None, ""):
            self.assertTrue(validate("FR_SIREN", "303265045", country))
        self.assert_refused("FR_SIREN", "303265045", "country", "DE")
        self.assertTrue(validate("LEI", "213800KUD8LAJWSQ9D15", "DE"))

    def test_the_error_keeps_the_number_to_itself(self) -> None:
        with self.assertRaises(ValueError) as caught:
            validate("FR_SIREN", "303265049")
        self.assertEqual(
            str(caught.exception), "Invalid number for the scheme FR_SIREN: checksum"
        )


class TestCountryRules(IdentifierCase):
    def test_eu_vat_numbers_with_and_without_prefix(self) -> None:
        for code in EU.split():
            key = f"{code}_VAT"
            stored = VALID[key][1]
            with self.subTest(key):
                self.assertEqual(stored[:2], {"GR": "EL"}.get(code, code))
                self.assertEqual(validate(key, stored[2:]), stored)

    def test_greek_prefix_and_country(self) -> None:
        for number in ("EL094259216", "GR 094259216", "094259216", "94259216"):
            self.assertEqual(validate("GR_VAT", number, "GR"), "EL094259216")
        self.assertEqual(validate("GR_VAT", "EL094259216", "EL"), "EL094259216")

    def test_northern_irish_numbers_belong_to_gb(self) -> None:
        self.assertEqual(validate("GB_VAT", "XI 980 7806 84", "GB"), "XI980780684")
        self.assertEqual(validate("GB_VAT", "980 7806 84", "XI"), "GB980780684")

    def test_prefix_of_another_country_is_refused(self) -> None:
        self.assert_refused("DE_VAT", "FR40303265045", "format")
        # DE might be the two check letters of a French number.
        self.assert_refused("FR_VAT", "DE136695976", "checksum")
        self.assert_refused("SK_ICO", "CZ25123891", "format")

    def test_swiss_and_norwegian_letters(self) -> None:
        self.assertEqual(validate("CH_UID", "CHE-100.155.212"), "CHE100155212")
        self.assertEqual(validate("NO_VAT", "995 525 828"), "NO995525828MVA")

    def test_brazilian_numbers_with_letters_and_all_zeros(self) -> None:
        self.assertEqual(validate("BR_CNPJ", "12.ABC.345/01DE-35"), "12ABC34501DE35")
        self.assert_refused("BR_CNPJ", "0" * 14, "checksum")
        self.assert_refused("BR_CPF", "1" * 11, "format")

    def test_newer_indian_and_taiwanese_numbers(self) -> None:
        self.assertEqual(validate("IN_GSTIN", "38AAPFU0939F1ZS")[:2], "38")
        self.assertEqual(validate("TW_UBN", "00501508"), "00501508")
        self.assertEqual(validate("TW_UBN", "12345670"), "12345670")

    def test_mexican_letters(self) -> None:
        self.assertEqual(validate("MX_RFC", "ñ&b010101aa1"), "Ñ&B010101AA1")

    def test_german_registers(self) -> None:
        for typed, stored in (
            ("hrb49263", "HRB 49263"),
            ("HRB 12345 B", "HRB 12345 B"),
            ("HRB 11223 B, Berlin", "Berlin (Charlottenburg) HRB 11223 B"),
            ("AG München, HRB 42", "München HRB 42"),
        ):
            self.assertEqual(validate("DE_HR", typed), stored)
        self.assert_refused("DE_HR", "Berlin 9 HRB 11", "format")
        self.assert_refused("DE_HR", "11223", "format")

    def test_both_forms_of_romanian_registers(self) -> None:
        self.assertEqual(validate("RO_ONRC", "j 40 / 8302 / 2007"), "J40/8302/2007")
        self.assertEqual(validate("RO_ONRC", "J2012000750528"), "J2012000750528")
        self.assert_refused("RO_ONRC", "J2012000750529", "checksum")
        self.assert_refused("RO_ONRC", "J2012000750998", "component")

    def test_exact_lengths_where_python_stdnum_is_lenient(self) -> None:
        self.assert_refused("EAN_GLN", "73513537", "format")
        self.assert_refused("LEI", "213800KUD8LAJWSQ9", "checksum")
        self.assert_refused("CA_BN", "123026635RC0001", "format")


class TestNumberTables(IdentifierCase):
    def test_numbers_that_need_a_table(self) -> None:
        self.assertEqual(validate("US_EIN", "04-2103594"), "042103594")
        self.assert_refused("US_EIN", "07-1144442", "component")
        self.assertEqual(validate("AT_TIN", "59-119/9013"), "591199013")

    def test_number_tables_are_not_read_as_package_resources(self) -> None:
        """Inside Odoo ``numdb`` fails to open them: "Can't open orphan path"."""
        failure = FileNotFoundError("Can't open orphan path")
        with (
            mock.patch.object(stdnum_tables.numdb, "_open_databases", {}),
            mock.patch.object(
                stdnum_tables.numdb, "_get_resource_stream", side_effect=failure
            ),
        ):
            identifier._module.cache_clear()
            self.assertEqual(validate("US_EIN", "91-1144442"), "911144442")
            self.assertEqual(validate("AT_TIN", "591199013"), "591199013")

    def test_a_missing_table_is_an_error(self) -> None:
        with self.assertRaises(FileNotFoundError):
            stdnum_tables.prime("us/none")


class TestComparable(IdentifierCase):
    def test_formatting_is_ignored(self) -> None:
        for spelling in (
            "FR 40-303.265/045",
            "ｆｒ４０３０３２６５０４５",
            "(fr)40 303265045",
        ):
            self.assertEqual(identifier.comparable(spelling), "FR40303265045")

    def test_differences_that_matter(self) -> None:
        spellings = ("A&B010101AA1", "AB010101AA1", "AB010101AA2", "ÄB010101AA1")
        found = {identifier.comparable(text) for text in spellings}
        self.assertEqual(len(found), len(spellings))

    def test_any_script(self) -> None:
        comparable = identifier.comparable
        self.assertEqual(comparable("京-１２３ 号"), comparable("京123号"))
        self.assertEqual(comparable("Straße 5"), comparable("STRASSE5"))
        self.assertEqual(comparable("№ 7"), comparable("No7"))

    def test_nothing_to_compare(self) -> None:
        for text in ("", " ", "-/.", "\u200b", "\ud800", None, False):
            self.assertEqual(identifier.comparable(text), "")

    def test_long_texts(self) -> None:
        self.assertEqual(identifier.comparable("1 " * 5_000), "1" * 5_000)


class TestDisplay(IdentifierCase):
    def test_customary_forms(self) -> None:
        for key, number, printed in (
            ("FR_SIREN", "303265045", "303 265 045"),
            ("FR_SIRET", "73282932000074", "732 829 320 00074"),
            ("BE_VAT", "BE0428759497", "BE 0428.759.497"),
            ("GB_VAT", "XI980780684", "XI 980 7806 84"),
            ("CH_UID", "CHE100155212", "CHE-100.155.212"),
            ("NO_VAT", "NO995525828MVA", "NO 995 525 828 MVA"),
            ("US_EIN", "911144442", "91-1144442"),
            ("BR_CNPJ", "16727230000197", "16.727.230/0001-97"),
            ("DUNS", "150483782", "15-048-3782"),
            ("PL_VAT", "8567346215", "PL8567346215"),
            ("DE_STNR", "18181508155", "18181508155"),
        ):
            self.assertEqual(identifier.display(key, number), printed)

    def test_what_is_printed_reads_as_the_same_number(self) -> None:
        for key, (_typed, stored) in VALID.items():
            with self.subTest(key):
                printed = identifier.display(key, stored)
                self.assertEqual(validate(key, printed), stored)

    def test_a_wrong_number_is_printed_as_it_stands(self) -> None:
        self.assertEqual(identifier.display("FR_SIREN", " 123  X "), "123 X")
        self.assertEqual(identifier.display("FR_SIREN", None), "")

    def test_unknown_schemes(self) -> None:
        with self.assertRaises(IdentifierError):
            identifier.display("FR_NONE", "1")


class TestNormalise(IdentifierCase):
    def test_check_digits_are_left_alone(self) -> None:
        self.assertEqual(identifier.normalise("FR_SIREN", "303 265 049"), "303265049")
        self.assertEqual(identifier.normalise("DE_VAT", "136695978"), "DE136695978")

    def test_free_text_keeps_its_signs(self) -> None:
        self.assertEqual(identifier.normalise("OTHER", " a/1\n –  Ü２ "), "a/1 – Ü2")

    def test_text_that_no_database_stores(self) -> None:
        for text in ("a\x00b", "a\ud800b"):
            self.assert_refused("OTHER", text, "format")


if __name__ == "__main__":
    unittest.main()
