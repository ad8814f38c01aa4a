from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg2 import Error as DatabaseError

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..exceptions import ClientTemplateError
from ..tools.client_template import (
    DOCUMENT_TYPES,
    DocumentType,
    causes,
    failing_placeholder,
)

# Context key: render a global template as it is, for checks and previews of it.
GLOBAL_TEXT = "client_hub_global_text"
CLIENT_FIELDS = ("subject", "body_html")

Rendered = dict[int, Any]
Renderer = Callable[[list[int], "MailTemplate"], Rendered]


class MailTemplate(models.Model):
    """Subject and body of a global template become those of each document's client.

    Every way of sending renders through ``_render_field``; here the client's own text
    takes the place of the global one. It never falls back to the global text.
    """

    _inherit = "mail.template"

    def _render_field(
        self,
        field: str,
        res_ids: list[int],
        engine: str = "inline_template",
        compute_lang: bool = False,
        res_ids_lang: dict[int, str] | bool = False,
        set_lang: str | bool = False,
        add_context: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
    ) -> Rendered:
        """EXTENDS mail: replace subject and body by the client's own.

        The global template decides the language.

        :raise ClientTemplateError: naming each document whose client's text fails
        """
        langs = {"res_ids_lang": res_ids_lang, "set_lang": set_lang}
        values = {"engine": engine, "add_context": add_context, "options": options}
        by_template = self._group_by_client_template(field, res_ids)
        if set(by_template) <= {self} and not self._is_client_template():
            return super()._render_field(
                field, res_ids, compute_lang=compute_lang, **langs, **values
            )
        if compute_lang:
            langs["res_ids_lang"] = self._get_langs(res_ids)

        def render(ids: list[int], template: MailTemplate) -> Rendered:
            known = langs["res_ids_lang"]
            own = known and {res_id: known[res_id] for res_id in ids}
            return super(MailTemplate, template)._render_field(
                field, ids, **{**langs, "res_ids_lang": own}, **values
            )

        return self._render_by_client(by_template, render)

    @api.model
    def _render_by_client(
        self,
        by_template: dict[MailTemplate, list[int]],
        render: Renderer,
    ) -> Rendered:
        rendered: Rendered = {}
        reasons: dict[int, str] = {}
        for template, ids in by_template.items():
            if not template._is_client_template():
                rendered |= render(ids, template)
                continue
            found, failed = template._render_or_explain(ids, render)
            rendered |= found
            reasons |= failed
        if reasons:
            raise ClientTemplateError(reasons)
        return rendered

    def _render_or_explain(
        self,
        ids: list[int],
        render: Renderer,
    ) -> tuple[Rendered, dict[int, str]]:
        """Return what could be rendered, and by document why the others could not.

        :raise DatabaseError: if the transaction has to be run again
        """
        try:
            return render(ids, self), {}
        except Exception as error:
            database_errors = [
                cause for cause in causes(error) if isinstance(cause, DatabaseError)
            ]
            for cause in database_errors:
                if isinstance(cause, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    raise cause from error
            if len(ids) == 1 or database_errors:
                return {}, {res_id: self._explain(res_id, error) for res_id in ids}
        found, failed = {}, {}
        for res_id in ids:
            one, reason = self._render_or_explain([res_id], render)
            found |= one
            failed |= reason
        return found, failed

    def _explain(self, res_id: int, error: Exception) -> str:
        """Return what staff are told of a failure: client, type and placeholder."""
        # In the language of staff, not in that of the document.
        user, company = self.env.user, self.env.company
        staff = user if user._is_internal() else company.partner_id
        # sudo: names what failed to whoever sends.
        template_sudo = self.with_context(lang=staff.sudo().lang).sudo()
        document_sudo = template_sudo.env[template_sudo.model].browse(res_id)
        placeholder, reason = failing_placeholder(error)
        return template_sudo.env._(
            "The own text of %(client)s for the type %(type)s cannot be filled in for"
            " %(document)s. Placeholder: %(placeholder)s. Cause: %(reason)s. Correct"
            " the text in the tab Email Templates of the client, then send again.",
            client=template_sudo.client_partner_id.display_name,
            type=template_sudo._get_client_type_label(),
            document=document_sudo.exists().display_name or res_id,
            placeholder=placeholder or "?",
            reason=reason or error,
        )

    # ------------------------------------------------------------ which text

    def _group_by_client_template(
        self, field: str, res_ids: list[int]
    ) -> dict[MailTemplate, list[int]]:
        """Return the documents by the template that has the text for them."""
        if (
            field not in CLIENT_FIELDS
            or self.env.context.get(GLOBAL_TEXT)
            or self._is_client_template()
        ):
            return {self: list(res_ids)}
        groups: dict[MailTemplate, list[int]] = {}
        for res_id, template in self._get_client_templates(res_ids).items():
            groups.setdefault(template or self, []).append(res_id)
        return groups

    def _get_client_templates(self, res_ids: list[int]) -> dict[int, MailTemplate]:
        """Return by document the client's own template that replaces this global one.

        Empty where the client has none, or where this one is not the global template of
        a document type but somebody's choice by hand.
        """
        found = dict.fromkeys(res_ids, self.browse())
        kinds = self._get_client_kinds()
        if not kinds:
            return found
        serving = [key for key, kind in kinds.items() if self._is_global_of(kind)]
        # sudo: whoever may send a document sends it with its client's text.
        documents_sudo = self.env[self.render_model].sudo()
        for document_sudo in documents_sudo.browse(filter(None, res_ids)):
            client_sudo = self._get_client_of(document_sudo)
            own = client_sudo and client_sudo._get_client_templates()
            if own:
                key = self._get_client_type(document_sudo, kinds, serving)
                template = own.get(key, self.browse())
                found[document_sudo.id] = template.with_env(self.env)
        return found

    def _get_client_text_use(
        self, documents: models.BaseModel
    ) -> tuple[models.BaseModel, models.BaseModel]:
        """Return the documents sent with an own text, and those which pass one over.

        One is passed over where somebody picked this template by hand.
        """
        found = self._get_client_templates(documents.ids)
        own = documents.filtered(lambda document: found[document.id])
        kinds = self._get_client_kinds()
        if own or any(self._is_global_of(kind) for kind in kinds.values()):
            return own, documents.browse()

        def is_passed_over(document_sudo: models.BaseModel) -> bool:
            texts = self._get_client_of(document_sudo)._get_client_templates()
            key = self._get_client_type(document_sudo, kinds, list(kinds))
            return key in texts

        # sudo: as whoever sends would have found them.
        passed_sudo = documents.sudo().filtered(is_passed_over) if kinds else own
        return own, documents.browse(passed_sudo.ids)

    def _is_client_template(self) -> bool:
        # sudo: a question about the template, not about the client.
        return bool(self.sudo().client_partner_id)

    def _get_client_kinds(self) -> dict[str, DocumentType]:
        """Return the document types of the documents that this template is for."""
        return {
            key: kind
            for key, kind in DOCUMENT_TYPES.items()
            if kind.model == self.render_model
        }

    def _is_global_of(self, kind: DocumentType) -> bool:
        """Tell whether settings or data make this the global template of a type."""
        xmlids = self.env["ir.model.data"]
        # sudo: which template the settings name is no secret of those who send.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return any(
            xmlids._xmlid_to_res_id(name) == self.id for name in kind.templates
        ) or any(
            parameters_sudo.get_param(name) == str(self.id) for name in kind.parameters
        )

    def _get_client_type(
        self,
        document_sudo: models.BaseModel,
        kinds: dict[str, DocumentType],
        serving: list[str],
    ) -> str | None:
        """Return the type that a document sent with this template is of.

        :param serving: types of which this is the global template for all documents
        """
        keys = serving or [
            key
            for key, kind in kinds.items()
            if kind.chosen_by and getattr(document_sudo, kind.chosen_by)() == self
        ]
        if len(keys) > 1:
            keys = [
                key
                for key in keys
                if document_sudo[kinds[key].state_field] in kinds[key].states
            ]
        return keys[0] if keys else None

    @api.model
    def _get_client_of(self, document: models.BaseModel) -> models.BaseModel:
        """Return the contact to whom a document belongs."""
        return document if document._name == "res.partner" else document.partner_id

    def _get_langs(self, res_ids: list[int]) -> dict[int, str]:
        """Return the language of each document, as the global template decides it."""
        return {
            res_id: template.env.lang
            for template, ids in self._classify_per_lang(res_ids).values()
            for res_id in ids
        }

    def _check_can_be_rendered(
        self,
        fnames: set[str] | None = None,
        render_options: dict[str, Any] | None = None,
    ) -> None:
        """EXTENDS mail: check the text that was written, not a client's."""
        own = self.with_context(**{GLOBAL_TEXT: True})
        return super(MailTemplate, own)._check_can_be_rendered(fnames, render_options)
