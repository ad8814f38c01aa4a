from __future__ import annotations

from typing import Any

from odoo import models

from .mail_template_client_text import TEXT

MAIN = "en_US"


class MailTemplate(models.Model):
    """The languages of a client's text.

    The main text is the one that the database keeps as English: it is sent in every
    language that has no text of its own.
    """

    _inherit = "mail.template"

    def _get_client_translations(self) -> dict[str, dict[str, str]]:
        """Map subject and body to what is stored of them, by language."""
        self.ensure_one()
        self.check_access("read")
        return {
            name: self._fields[name]._get_stored_translations(self) or {}
            for name in TEXT
        }

    def _set_client_translation(self, lang: str, vals: dict[str, Any]) -> None:
        """Write the text of one language; an empty one leaves it to the main text."""
        self.ensure_one()
        if any(vals.values()):
            self.with_context(lang=lang).write(vals)
        else:
            for name in TEXT:
                self._update_field_translations(name, {lang: False})

    def _copy_client_text(
        self, copies: models.BaseModel, clients: models.BaseModel
    ) -> None:
        """Copy this text, in all its languages.

        :param copies: texts to overwrite
        :param clients: partners that get a new one
        """
        stored = self._get_client_translations()
        main = {name: stored[name].get(MAIN) for name in TEXT}
        copies = copies.with_context(lang=MAIN)
        copies.write(main)
        copies += copies.create(
            [
                {
                    "client_partner_id": client.id,
                    "client_document_type": self.client_document_type,
                    **main,
                }
                for client in clients
            ]
        )
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        for name in TEXT:
            own = {
                lang: stored[name].get(lang, False) for lang in langs if lang != MAIN
            }
            for copied in copies if own else ():
                copied._update_field_translations(name, own)
