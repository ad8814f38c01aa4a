from __future__ import annotations

import os
import random
import re
import unittest

import cn2an

from ...tools.amount_in_words_zh import amount_in_words

ROUNDS = int(os.environ.get("CLIENT_HUB_FUZZ") or 500)

# Amounts and how banks write them; the first six are the examples of the central
# bank's rules for filling in cheques.
YUAN = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万零柒仟元伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "1234.56": "壹仟贰佰叁拾肆元伍角陆分",
    "10.00": "壹拾元整",
    "1000.05": "壹仟元零伍分",
    "100000000.10": "壹亿元壹角",
    "0.00": "零元整",
    "0.05": "伍分",
    "0.50": "伍角",
    "0.55": "伍角伍分",
    "1.00": "壹元整",
    "10000.00": "壹万元整",
    "10010.00": "壹万零壹拾元整",
    "20000500.00": "贰仟万零伍佰元整",
    "200005000000.00": "贰仟亿零伍佰万元整",
    "1000000000000.00": "壹万亿元整",
    "1234500000000.00": "壹万贰仟叁佰肆拾伍亿元整",
    "1000100000000.00": "壹万零壹亿元整",
    "9999999999999.99": "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}


class TestAmountInWordsZh(unittest.TestCase):
    def test_yuan(self) -> None:
        for amount, words in YUAN.items():
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_words(float(amount), "CNY"), words)

    def test_other_currencies_are_named(self) -> None:
        for currency, places, words in (
            ("USD", 2, "美元壹拾元零伍分"),
            ("JPY", 0, "日元壹拾元整"),
            ("KWD", 3, "KWD壹拾元零伍分"),
            ("EUR", 2, "欧元壹拾元零伍分"),
        ):
            with self.subTest(currency=currency):
                self.assertEqual(amount_in_words(10.05, currency, places), words)

    def test_each_decimal_has_its_unit(self) -> None:
        for amount, places, words in (
            (1.234, 3, "壹元贰角叁分肆厘"),
            (1.2345, 4, "壹元贰角叁分肆厘伍毫"),
            (100.005, 3, "壹佰元零伍厘"),
            (100.105, 3, "壹佰元壹角零伍厘"),
            (0.005, 3, "伍厘"),
            (1.23456, 5, "壹元贰角叁分肆厘陆毫"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_words(amount, "CNY", places), words)

    def test_amounts_are_rounded_to_the_currency(self) -> None:
        for amount, places, words in (
            (1.005, 2, "壹元零壹分"),
            (0.994, 2, "玖角玖分"),
            (0.995, 2, "壹元整"),
            (1234.5, 0, "壹仟贰佰叁拾伍元整"),
            (0.1 + 0.2, 2, "叁角"),
            (-0.001, 2, "零元整"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_words(amount, "CNY", places), words)

    def test_negative_amounts(self) -> None:
        self.assertEqual(amount_in_words(-5.5, "CNY"), "负伍元伍角")
        self.assertEqual(amount_in_words(-5.5, "USD"), "美元负伍元伍角")

    def test_too_large_amounts_are_refused(self) -> None:
        self.assertTrue(amount_in_words(9e15, "CNY"))
        for amount in (1e16, -1e16, 1e20, 1e300, float("inf")):
            with self.subTest(amount=amount), self.assertRaises(OverflowError):
                amount_in_words(amount, "CNY")


class TestAmountInWordsZhFuzz(unittest.TestCase):
    """Random amounts, compared with what another program says."""

    def setUp(self) -> None:
        super().setUp()
        self.seed = random.randrange(2**32)
        self.random = random.Random(self.seed)

    def amount(self) -> str:
        """An amount in which zeros are as frequent as they are troublesome."""
        zeros = "0" * self.random.choice((0, 5, 20))
        # More digits than these do not fit a float together with two decimals.
        size = self.random.randrange(1, 14)
        digits = self.random.choices("123456789" + zeros, k=size + 2)
        return f"{int(''.join(digits[:-2]))}.{''.join(digits[-2:])}"

    def agreed(self, words: str) -> str:
        """The words without what the rules leave to the writer."""
        words = words.removesuffix("整").removesuffix("正")
        words = re.sub("(?<=[万亿])零(?=.仟)", "", words)
        return re.sub("(?<=元)零(?=.角)", "", words)

    def test_another_program_says_the_same(self) -> None:
        for _i in range(ROUNDS):
            amount = self.amount()
            expected = cn2an.an2cn(amount, "rmb")
            with self.subTest(seed=self.seed, amount=amount):
                said = amount_in_words(float(amount), "CNY")
                self.assertEqual(self.agreed(said), self.agreed(expected))


if __name__ == "__main__":
    unittest.main()
