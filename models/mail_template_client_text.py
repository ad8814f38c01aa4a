from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import clean_context, is_html_empty

from ..exceptions import ClientTemplateError
from ..tools.client_template import DOCUMENT_TYPES
from ..tools.client_template_text import (
    body_expressions,
    body_findings,
    is_path,
    subject_expressions,
    subject_findings,
    syntax_findings,
)
from .client_placeholder import PREFIX

TEXT = ("subject", "body_html")
IDENTITY = ("client_partner_id", "client_document_type")
EDITORS = "mail.group_mail_template_editor"


class MailTemplate(models.Model):
    """Who may write the text of a client, and what it may hold.

    Its authors write a subject and a body; the server sets all other fields. Unless
    they may write code in any template, they may use placeholders of a list and nothing
    else, also where the text is written in sudo.
    """

    _inherit = "mail.template"

    client_partner_id = fields.Many2one(copy=False)
    client_document_type = fields.Selection(copy=False)

    # ---------------------------------------------------------------- fields

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> models.BaseModel:
        """EXTENDS mail: no default makes, or fills, the text of a client.

        :raise AccessError: if more is given than client, type, subject and body
        """
        # Context: defaults are for the fields that a user is asked for.
        templates = self.with_context(clean_context(self.env.context))
        of_client = [any(vals.get(name) for name in IDENTITY) for vals in vals_list]
        if not any(of_client):
            not_of_client = dict.fromkeys(IDENTITY, False)
            return super().create([{**vals, **not_of_client} for vals in vals_list])
        for vals in vals_list:
            templates._check_client_fields(set(vals) - {*IDENTITY, *TEXT})
        prepared = [templates._prepare_client_vals(vals) for vals in vals_list]
        return super(MailTemplate, templates).create(prepared)

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS mail: of a client's text, only subject and body change.

        :raise AccessError: if anything else would change
        """
        if self._get_client_texts() or any(vals.get(name) for name in IDENTITY):
            self._check_client_fields(set(vals) - {*TEXT})
        return super().write(vals)

    def _update_field_translations(
        self, field_name: str, translations: dict[str, Any], *args: Any, **kwargs: Any
    ) -> bool:
        """EXTENDS base: what holds for a text holds for its translations.

        Core stores those of HTML fields as they are; here they are sanitized.

        :raise AccessError: if another field than subject or body is translated
        """
        field = self._fields[field_name]
        if self._get_client_texts():
            self._check_client_fields({field_name} - {*TEXT})
            translations = {
                lang: field.convert_to_column(text, self) if text else text
                for lang, text in translations.items()
            }
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    def _get_client_texts(self) -> models.BaseModel:
        # sudo: they are guarded whatever the user may read of them.
        return (
            self.sudo()
            .filtered(lambda text: text.client_partner_id and text.client_document_type)
            .with_env(self.env)
        )

    def _check_client_fields(self, names: set[str]) -> None:
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s: only subject and body of a client's own text can be"
                    " written. All else is that of the global template.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(names & self._fields.keys())
                    ),
                )
            )

    @api.model
    def _prepare_client_vals(self, vals: dict[str, Any]) -> dict[str, Any]:
        """Return the values of all fields of a client's text."""
        document_type = vals.get("client_document_type")
        model = document_type and DOCUMENT_TYPES[document_type].model
        if not vals.get("client_partner_id") or model not in self.env:
            raise ValidationError(
                self.env._(
                    "Client, Document Type: a client's own text needs a client, and a"
                    " type of documents that can be sent."
                )
            )
        client = self.env["res.partner"].browse(vals["client_partner_id"])
        empty = {
            name: False
            for name, field in self._fields.items()
            if field.store and not field.compute and name not in models.MAGIC_COLUMNS
        }
        return {
            **empty,
            "name": f"{client.display_name}: {self._get_type_labels()[document_type]}",
            "model_id": self.env["ir.model"]._get_id(model),
            "use_default_to": True,
            "auto_delete": True,
            **vals,
        }

    @api.model
    def _get_type_labels(self) -> dict[str, str]:
        """Map the types of documents to their names in the user's language."""
        field = self._fields["client_document_type"]
        return dict(field._description_selection(self.env))

    # ---------------------------------------------------------------- texts

    def _check_access_right_dynamic_template(self) -> None:
        """EXTENDS mail: called whenever a text was written, in any language."""
        for template in self._get_client_texts():
            for subject, body in template._read_client_texts():
                template._check_client_text(subject, body)
        return super()._check_access_right_dynamic_template()

    def _read_client_texts(self) -> Iterator[tuple[str, str]]:
        """Yield subject and body in each language in which one of them is stored."""
        self.ensure_one()
        # sudo: a text is checked whole, whatever the user may read of it.
        template_sudo = self.sudo()
        stored = [
            template_sudo._fields[name]._get_stored_translations(template_sudo) or {}
            for name in TEXT
        ]
        for lang in {"en_US"}.union(*stored):
            subject, body = (texts.get(lang, texts.get("en_US")) for texts in stored)
            yield subject or "", body or ""

    def _check_client_text(self, subject: str, body: str) -> None:
        """Check a subject and a body for the client and type of this template.

        The template may be new. Also used in sudo: what counts is who the user is.

        :raise ValidationError: if something is missing, or may not stand there; it
            names client, type and what was found
        """
        # The environment's language is that of the text, not of who writes it.
        author = self.with_context(lang=self.env.user.lang)
        if not subject.strip() or is_html_empty(body):
            raise ValidationError(
                author.env._(
                    "Subject, Body: fill in both, or go back to the global text."
                )
            )
        for finding in self._find_in_client_text(subject, body):
            raise ValidationError(author._get_client_text_error(finding))

    def _find_in_client_text(self, subject: str, body: str) -> Iterator[str]:
        if not self._can_author_code():
            yield from subject_findings(subject, self._is_allowed_in_subject)
            yield from body_findings(body, self._is_allowed_in_body)
            return
        yield from syntax_findings(subject, body)
        for expression in (*subject_expressions(subject), *body_expressions(body)):
            if is_path(expression) and not self._is_client_field_path(expression):
                yield expression

    def _can_author_code(self) -> bool:
        """Tell whether the user, even in sudo, may write code in templates."""
        return self.env.uid == SUPERUSER_ID or self.env.user.has_group(EDITORS)

    def _get_client_model(self) -> models.BaseModel:
        # sudo: it is known to whoever writes. The list of placeholders is the user's.
        document_type = self.sudo().client_document_type
        return self.env[DOCUMENT_TYPES[document_type].model].sudo(False)

    def _is_allowed_in_subject(self, expression: str) -> bool:
        # A link in a subject would be HTML shown as it is.
        return expression != f"object.{PREFIX}link" and self._is_allowed_in_body(
            expression
        )

    def _is_allowed_in_body(self, expression: str) -> bool:
        allowed = self._get_client_model().mail_allowed_qweb_expressions()
        return expression in allowed and self._is_client_field_path(expression)

    def _is_client_field_path(self, expression: str) -> bool:
        model = self._get_client_model()._name
        for name in expression.split(".")[1:]:
            if not model or name not in self.env[model]._fields:
                return False
            model = self.env[model]._fields[name].comodel_name
        return True

    def _get_client_text_error(self, finding: str) -> str:
        labels = self._get_client_model()._get_client_placeholder_labels()
        # sudo: the error names the client to whoever writes.
        template_sudo = self.sudo()
        return self.env._(
            "%(client)s, %(type)s: “%(placeholder)s” cannot be used. Choose a"
            " placeholder from the list: %(list)s.",
            client=template_sudo.client_partner_id.display_name,
            type=template_sudo._get_client_type_label(),
            placeholder=finding,
            list=", ".join(labels.values()),
        )

    # ---------------------------------------------------------------- rendering

    def _check_can_be_rendered(
        self, fnames: Any = None, render_options: dict[str, Any] | None = None
    ) -> None:
        """EXTENDS mail: try a client's text on a document of that client.

        :raise ValidationError: if it fails; it names client and type
        """
        texts = self._get_client_texts()
        for template in texts.filtered(lambda text: text._can_author_code()):
            template._check_client_rendering()
        return super(MailTemplate, self - texts)._check_can_be_rendered(
            fnames, render_options
        )

    def _check_client_rendering(self) -> None:
        # sudo: as when it is sent.
        template_sudo = self.sudo()
        document = template_sudo.client_partner_id._get_client_documents(
            template_sudo.client_document_type
        )
        for name in TEXT:
            try:
                template_sudo._render_field(name, document.ids)
            except ClientTemplateError as error:
                raise ValidationError(str(error)) from error
