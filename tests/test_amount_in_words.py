from __future__ import annotations

from typing import Any

import num2words

from odoo.tests import tagged

from odoo.addons.base.models.res_currency import ResCurrency as CoreCurrency

from .document_common import DocumentCommon, text_of

HEADING = "Total amount in words"
ENGLISH = "One Thousand Two Hundred And Thirty-Four Dollars and Fifty-Six Cents"
FRENCH = "Mille Deux Cent Trente-Quatre Dollars et Cinquante-Six Cents"
CHINESE = "美元壹仟贰佰叁拾肆元伍角陆分"


@tagged("post_install", "-at_install")
class TestAmountInWords(DocumentCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.company.display_invoice_amount_total_words = True
        cls.usd = cls.env.ref("base.USD")
        cls.invoice = cls.make_invoice(amount=1234.56, currency_id=cls.usd.id)

    @classmethod
    def active_currency(cls, name: str) -> Any:
        currency = cls.env.ref(f"base.{name}")
        currency.sudo().active = True
        return currency

    def activate(self, code: str) -> None:
        """Activate a language whose translations are not loaded."""
        self.env["res.lang"].sudo()._activate_lang(code)

    def text_in(self, code: str, **vals: Any) -> str:
        """Return what an invoice prints for a client of that language."""
        self.client.lang = code
        vals = {"amount": 1234.56, "currency_id": self.usd.id, **vals}
        return self.printed_text(self.make_invoice(**vals))

    # --------------------------------------------------------------- the switch

    def test_company_that_wants_words(self) -> None:
        self.assertIn(f"{HEADING}: {ENGLISH}", self.printed_text(self.invoice))

    def test_company_that_wants_none(self) -> None:
        self.company.display_invoice_amount_total_words = False
        text = self.printed_text(self.invoice)
        self.assertNotIn(HEADING, text)
        self.assertNotIn("Thousand", text)

    def test_credit_note(self) -> None:
        text = self.text_in("zh_CN", move_type="out_refund")
        self.assertIn(CHINESE, text)
        self.assertNotIn("负", text)

    # ---------------------------------------------------------------- languages

    def test_each_language(self) -> None:
        for code, words in (("fr_FR", FRENCH), ("zh_CN", CHINESE)):
            with self.subTest(code=code):
                self.assertIn(words, self.text_in(code))

    def test_one_batch_says_each_amount_in_its_language(self) -> None:
        expected = {"fr_FR": FRENCH, "zh_CN": CHINESE, "en_US": ENGLISH}
        for codes in (list(expected), list(reversed(expected))):
            invoices = self.env["account.move"]
            for code in codes:
                client = self.client.copy({"lang": code, "name": code})
                invoices += self.make_invoice(
                    client, amount=1234.56, currency_id=self.usd.id
                )
            self.assertEqual(self.words_by_article(invoices), expected)

    def words_by_article(self, invoices: Any) -> dict[str, str]:
        """Print all in one batch; return the words of each by its language."""
        page = self.render(invoices)
        articles = page.xpath("//div[contains(@class, 'article')]")
        self.assertEqual(len(articles), len(invoices))
        return {
            article.get("data-oe-lang"): text_of(
                article.xpath(".//div[@id='right-elements']//small")[0]
            )
            for article in articles
        }

    def test_one_record_read_in_turn_in_each_language(self) -> None:
        said = [
            self.invoice.with_context(lang=code).amount_total_words
            for code in ("en_US", "fr_FR", "zh_CN", "en_US")
        ]
        self.assertEqual(said, [ENGLISH, FRENCH, CHINESE, ENGLISH])

    def test_unknown_language_omits_the_line_and_its_heading(self) -> None:
        for code in ("sq_AL", "zh_TW", "ca_ES", "hi_IN", "am_ET"):
            self.activate(code)
            text = self.text_in(code, amount=1234567.0)
            with self.subTest(code=code):
                self.assertRegex(text, "1.?234.?567")
                self.assertNotIn(HEADING, text)
                self.assertNotIn("Million", text)

    def test_languages_that_are_known_by_the_name_of_a_country(self) -> None:
        for code, name in (("cs_CZ", "cz"), ("da_DK", "dk"), ("nb_NO", "no")):
            self.activate(code)
            words = num2words.num2words(1234, lang=name).title()
            with self.subTest(code=code):
                self.assertIn(f"{HEADING}: {words} Dollars", self.text_in(code))

    def test_amount_that_a_language_cannot_say(self) -> None:
        for code, sayable, amount in (
            ("en_IN", 10**9, 10**10),
            ("pl_PL", 5, -5),
            ("zh_CN", 10**15, 10**16),
        ):
            self.activate(code)
            currency = self.usd.with_context(lang=code)
            with self.subTest(code=code):
                self.assertTrue(currency._can_say_amount(sayable))
                self.assertFalse(currency._can_say_amount(amount))

    def test_amount_that_cannot_be_said_does_not_hinder_printing(self) -> None:
        self.activate("pl_PL")
        self.client.lang = "pl_PL"
        draft = self.make_invoice(amount=-5.0, post=False)
        self.assertNotIn(HEADING, self.printed_text(draft))

    # ------------------------------------------------------------------ Chinese

    def test_chinese_capitals_of_each_currency(self) -> None:
        for name, amount, words in (
            ("CNY", 1234.56, "壹仟贰佰叁拾肆元伍角陆分"),
            ("USD", 1000.05, "美元壹仟元零伍分"),
            ("JPY", 1000.0, "日元壹仟元整"),
            ("KWD", 10.005, "KWD壹拾元零伍厘"),
        ):
            currency = self.active_currency(name)
            with self.subTest(currency=name):
                text = self.text_in("zh_CN", amount=amount, currency_id=currency.id)
                self.assertRegex(text, f"[：:] ?{words} ")

    def test_chinese_capitals_of_troublesome_amounts(self) -> None:
        yuan = self.active_currency("CNY")
        for amount, words in (
            (0.0, "零元整"),
            (0.05, "伍分"),
            (10.0, "壹拾元整"),
            (1000.05, "壹仟元零伍分"),
            (100000000.10, "壹亿元壹角"),
        ):
            with self.subTest(amount=amount):
                text = self.text_in("zh_CN", amount=amount, currency_id=yuan.id)
                self.assertRegex(text, f"[：:] ?{words} ")

    # ------------------------------------------------------- amounts on checks

    def test_other_languages_say_amounts_as_core_does(self) -> None:
        for code in ("en_US", "fr_FR", "de_DE", "es_ES", "bg_BG", "sq_AL"):
            self.activate(code)
            currency = self.usd.with_context(lang=code)
            for amount in (0.0, 1.0, 1234.56, 1000000.0):
                with self.subTest(code=code, amount=amount):
                    self.assertEqual(
                        currency.amount_to_text(amount),
                        CoreCurrency.amount_to_text(currency, amount),
                    )

    def test_amount_on_a_chinese_check(self) -> None:
        currency = self.usd.with_context(lang="zh_CN")
        self.assertEqual(currency.amount_to_text(1234.56), CHINESE)
