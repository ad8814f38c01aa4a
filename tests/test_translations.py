from __future__ import annotations

import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from ..tools.identifier_schemes import SCHEMES

I18N = Path(__file__).parent.parent / "i18n"
# The same in every language: SIREN, KvK, DIČ ...
ACRONYM = re.compile(r"\w{2,6}")

# Proper names, used as they are.
NAMES = {"Codice Fiscale", "D-U-N-S"}


def _terms(file: polib.POFile) -> dict[str, set[str]]:
    """Map each term to the places it stands in, without line numbers."""
    return {
        entry.msgid: {where for where, _line in entry.occurrences} for entry in file
    }


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_the_template_has_each_term_and_no_other(self) -> None:
        buffer = io.BytesIO()
        trans_export(False, ["client_hub"], buffer, "po", self.env)
        current = polib.pofile(buffer.getvalue().decode())
        template = polib.pofile(str(I18N / "client_hub.pot"))
        self.assertGreater(len(template), 100)
        self.assertEqual(
            _terms(template), _terms(current), "run make i18n, then translate"
        )

    def test_chinese_is_complete(self) -> None:
        template = polib.pofile(str(I18N / "client_hub.pot"))
        chinese = polib.pofile(str(I18N / "zh_CN.po"))
        self.assertEqual(_terms(template), _terms(chinese))
        missing = [
            entry.msgid
            for entry in chinese
            if not entry.translated() and not ACRONYM.fullmatch(entry.msgid)
        ]
        self.assertFalse(missing)

    def test_labels_are_translated_in_every_language(self) -> None:
        labels = {scheme.label._source for scheme in SCHEMES.values()}
        words = {label for label in labels if not ACRONYM.fullmatch(label)}
        for path in sorted(I18N.glob("*.po")):
            done = {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr}
            self.assertFalse(words - done - NAMES, path.name)

    def test_a_chinese_document_names_the_credit_code_in_chinese(self) -> None:
        identifiers = self.env["client.hub.identifier"].with_context(lang="zh_CN")
        label = identifiers._translate_label("CN_USCC", None)
        self.assertEqual(label, "统一社会信用代码")
