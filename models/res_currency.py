from __future__ import annotations

import num2words

from odoo import models, tools

from ..tools import amount_in_words_zh

# num2words names some languages by country; Odoo names them by ISO 639 code.
_NUM2WORDS_NAMES = {"be": "by", "cs": "cz", "da": "dk", "kk": "kz", "nb": "no"}
for _iso, _name in _NUM2WORDS_NAMES.items():
    if _name in num2words.CONVERTER_CLASSES:
        num2words.CONVERTER_CLASSES.setdefault(_iso, num2words.CONVERTER_CLASSES[_name])
# Its Amharic fails at 1,234 and never comes to an end at 1,234,567.
num2words.CONVERTER_CLASSES.pop("am", None)


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def amount_to_text(self, amount: float) -> str:
        """EXTENDS base: say amounts in Simplified Chinese, which num2words cannot.

        :param amount: in units of this currency
        """
        self.ensure_one()
        if tools.get_lang(self.env).code == "zh_CN":
            return amount_in_words_zh.amount_in_words(
                amount, self.name, self.decimal_places
            )
        return super().amount_to_text(amount)

    def _can_say_amount(self, amount: float) -> bool:
        """Tell whether the amount can be said in the language of ``env``.

        Core falls back to English where num2words lacks the language, which is
        wrong on a legal document.
        """
        self.ensure_one()
        lang = tools.get_lang(self.env)
        try:
            if lang.code == "zh_CN":
                amount_in_words_zh.amount_in_words(amount, self.name)
            else:
                num2words.num2words(int(amount), lang=lang.iso_code)
        # Languages fail in their own ways, some at certain numbers only.
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            return False
        return True
