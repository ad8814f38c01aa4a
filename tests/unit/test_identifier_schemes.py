from __future__ import annotations

import unittest

from ...tools import identifier, identifier_schemes
from .identifier_samples import INVALID, VALID

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
OTHERS = "GB CH NO US CA MX BR AR CL IN CN JP KR TW HK SG AU NZ ZA AE SA TR"
WORLD = ["EORI", "EAN_GLN", "LEI", "DUNS", "OTHER"]


class TestSchemeTable(unittest.TestCase):
    def test_samples_cover_the_table(self) -> None:
        self.assertEqual(set(VALID), set(identifier.SCHEMES))
        self.assertEqual(set(INVALID), set(identifier.SCHEMES))

    def test_keys_are_unique_and_start_with_their_country(self) -> None:
        table = identifier_schemes._TABLE
        self.assertEqual(len(table), len(identifier.SCHEMES))
        for entry in table:
            expected = None if entry.key in WORLD else entry.key[:2]
            self.assertEqual(entry.country, expected, entry.key)

    def test_every_country_has_a_usual_number(self) -> None:
        for code in f"{EU} {OTHERS}".split():
            entries = [e for e in identifier.schemes_for(code) if e.country]
            self.assertTrue(any(entry.usual for entry in entries), code)

    def test_every_eu_state_has_a_vat_number_and_a_register(self) -> None:
        for code in EU.split():
            entries = [e for e in identifier.schemes_for(code) if e.country]
            found = {entry.category for entry in entries}
            self.assertLessEqual({"vat", "register"}, found, code)

    def test_no_mask_belongs_to_an_unknown_scheme(self) -> None:
        self.assertLessEqual(set(identifier_schemes._MASKS), set(identifier.SCHEMES))

    def test_every_scheme_is_complete(self) -> None:
        for entry in identifier.SCHEMES.values():
            with self.subTest(entry.key):
                self.assertIn(entry.category, identifier_schemes.CATEGORIES)
                self.assertTrue(entry.label._source)
                ruled = entry.stdnum or entry.pattern or entry.reader
                self.assertTrue(ruled or entry.key == "OTHER")


class TestLookup(unittest.TestCase):
    def test_national_schemes_come_before_international_ones(self) -> None:
        keys = [entry.key for entry in identifier.schemes_for("fr")]
        self.assertEqual(keys, ["FR_VAT", "FR_SIREN", "FR_SIRET", *WORLD])

    def test_no_country_leaves_the_international_schemes(self) -> None:
        for code in (None, "", "ZZ"):
            keys = [entry.key for entry in identifier.schemes_for(code)]
            self.assertEqual(keys, WORLD)

    def test_territories_use_the_numbers_of_their_country(self) -> None:
        for code, key in (("EL", "GR_VAT"), ("XI", "GB_VAT"), ("RE", "FR_SIREN")):
            self.assertIn(key, [e.key for e in identifier.schemes_for(code)])

    def test_scheme_by_key(self) -> None:
        self.assertEqual(identifier.scheme("FR_SIREN").country, "FR")
        with self.assertRaises(KeyError):
            identifier.scheme("FR_NONE")

    def test_schemes_can_be_kept_in_a_set(self) -> None:
        self.assertEqual(len(set(identifier.SCHEMES.values())), len(VALID))


if __name__ == "__main__":
    unittest.main()
