"""``make i18n``: bring the translation template and the translations up to date."""

from __future__ import annotations

import re
from pathlib import Path

from . import database, odoo_server, progress, provision, shell, templates
from .odoo_server import Server
from .settings import LOGS, MODULE, ROOT

_I18N = ROOT / "i18n"
# Complete ones; the others hold the labels that documents print, by hand.
_LANGUAGES = ("zh_CN",)
# They change with each export and say nothing.
_NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|'
    r"Report-Msgid-Bugs-To|Content-Transfer-Encoding|Plural-Forms): .*\n",
    re.MULTILINE,
)


def main() -> int:
    """Export the terms of the add-on; translations that exist are kept."""
    provision.ensure()
    with database.server():
        # The template has the add-on as it is now, its translations loaded.
        server = Server(templates.addon())
        _export(server, "pot", _I18N / f"{MODULE}.pot")
        for language in _LANGUAGES:
            _export(server, language, _I18N / f"{language}.po")
    return 0


def _export(server: Server, language: str, target: Path) -> None:
    progress.step(f"Exporting {target.name}")
    _I18N.mkdir(exist_ok=True)
    config = ["-c", str(server.write_config()), "-d", server.database]
    command = [*odoo_server.launcher(), "i18n", "export", *config]
    # Not into the file itself: Odoo reads the terms of the code from it meanwhile.
    exported = LOGS / target.name
    options = ["-l", language, "-o", str(exported), MODULE]
    shell.run(
        [*command, *options], env=odoo_server.environment(), log=LOGS / "i18n.log"
    )
    text = without_noise(exported.read_text())
    target.write_text(text if language == "pot" else with_language(text, language))


def without_noise(text: str) -> str:
    """Return a translation file without the header lines that change each time."""
    return _NOISE.sub("", text)


def with_language(text: str, language: str) -> str:
    """Return a translation file that says which language it is in."""
    if '"Language: ' in text:
        return text
    first = text.index('"MIME-Version: ')
    return f'{text[:first]}"Language: {language}\\n"\n{text[first:]}'
