"""What Stripe is sent: whole minor units, its own names of languages."""

from __future__ import annotations

import random
import unittest

from ...tools.online_payment import (
    AmountError,
    PayLine,
    digest,
    is_local_path,
    line_item,
    minor_units,
    stripe_locale,
    with_query,
)

ZERO_DECIMALS = (
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905
)


class TestMinorUnits(unittest.TestCase):
    def test_every_cent_survives_the_float(self) -> None:
        """S15: not one of the amounts that floats cannot write is a cent off."""
        for cents in [*range(1, 20_000), *range(9_990_000, 10_000_000, 7)]:
            self.assertEqual(minor_units(cents / 100, "EUR", 2), cents)

    def test_sums_of_floats_are_rounded(self) -> None:
        self.assertEqual(minor_units(0.1 + 0.2, "EUR", 2), 30)
        self.assertEqual(minor_units(19.99 * 3, "EUR", 2), 5997)

    def test_currencies_without_decimals(self) -> None:
        """S15: a yen is a yen, not a hundredth of one."""
        for currency in ZERO_DECIMALS:
            self.assertEqual(minor_units(500, currency, 0), 500)

    def test_currencies_of_three_decimals(self) -> None:
        """S15: Stripe takes two of the three."""
        self.assertEqual(minor_units(1.25, "KWD", 3), 1250)
        for currency in ("BHD", "JOD", "KWD", "OMR", "TND"):
            self._refuses("too_precise", 1.234, currency, 3)

    def test_whole_units_of_isk_and_ugx(self) -> None:
        """S15."""
        for currency in ("ISK", "UGX"):
            self.assertEqual(minor_units(500, currency, 2), 50_000)
            self._refuses("too_precise", 500.5, currency, 2)

    def test_what_stripe_refuses(self) -> None:
        """S16."""
        self._refuses("not_positive", 0.0, "EUR", 2)
        self._refuses("not_positive", -1.0, "EUR", 2)
        self._refuses("too_large", 1_000_000.0, "EUR", 2)
        self._refuses("too_precise", 200.769, "EUR", 2)
        self.assertEqual(minor_units(999_999.99, "EUR", 2), 99_999_999)

    def test_random_amounts_add_up(self) -> None:
        rounds = random.Random(15)
        for _round in range(500):
            cents = [rounds.randrange(1, 100_000) for _one in range(9)]
            sent = sum(minor_units(one / 100, "EUR", 2) for one in cents)
            self.assertEqual(sent, sum(cents))

    def _refuses(self, reason: str, *values: object) -> None:
        with self.assertRaises(AmountError) as caught:
            minor_units(*values)
        self.assertEqual(caught.exception.reason, reason)


class TestPage(unittest.TestCase):
    def test_a_line(self) -> None:
        item = line_item(PayLine(7, "INV/2026/0001 " * 40, 12.5), "EUR", 2)
        self.assertEqual(item["quantity"], 1)
        self.assertEqual(item["price_data"]["unit_amount"], 1250)
        self.assertEqual(item["price_data"]["currency"], "eur")
        self.assertEqual(len(item["price_data"]["product_data"]["name"]), 250)

    def test_languages(self) -> None:
        expected = {
            "en_US": "en",
            "en_GB": "en-GB",
            "zh_CN": "zh",
            "zh_TW": "zh-TW",
            "pt_BR": "pt-BR",
            "pt_PT": "pt",
            "es_ES": "es",
            "es_MX": "es-419",
            "fr_CA": "fr-CA",
            "fr_FR": "fr",
            "de": "de",
            "ar_001": "auto",
            "sr@latin": "auto",
            "": "auto",
            None: "auto",
        }
        for language, locale in expected.items():
            self.assertEqual(stripe_locale(language), locale)


class TestAddresses(unittest.TestCase):
    def test_local_paths(self) -> None:
        for path in ("/", "/my", "/my/pay/3?access_token=a%2Fb", "/my/invoices?page=1"):
            self.assertTrue(is_local_path(path), path)

    def test_what_leads_away(self) -> None:
        away = ("", "my", "//evil.example", "/\\evil.example", "https://evil.example")
        for path in (*away, "/\n/evil.example", "/\t/evil.example", "javascript:1"):
            self.assertFalse(is_local_path(path), path)

    def test_the_query_keeps_what_is_there(self) -> None:
        url = with_query("/my/pay/3?access_token=a%2Fb&payment=old", payment="paid")
        self.assertEqual(url, "/my/pay/3?access_token=a%2Fb&payment=paid")
        self.assertEqual(with_query("/my", payment="paid"), "/my?payment=paid")

    def test_a_digest_tells_requests_apart(self) -> None:
        """S13, S14."""
        first = {"amount": 1, "metadata": {"b": 1, "a": 2}}
        same = {"metadata": {"a": 2, "b": 1}, "amount": 1}
        self.assertEqual(digest(first), digest(same))
        self.assertNotEqual(digest(first), digest(first | {"amount": 2}))
