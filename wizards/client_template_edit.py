from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.mail_template_client_languages import MAIN
from ..models.mail_template_client_text import TEXT
from ..tools.client_template import DOCUMENT_TYPES


class ClientTemplateEdit(models.TransientModel):
    """Write the own text of a client, look at it with a real document, try it.

    The main text stands for all languages that have none of their own. It is saved as
    the user, in ``mail.template``, where the rules of what it may hold are.
    """

    _name = "client.hub.template.edit"
    _description = "Own Text of a Client"

    partner_id = fields.Many2one("res.partner", string="Client", required=True)
    document_type = fields.Selection(
        lambda self: list(self.env["res.partner"]._get_client_template_types().items()),
        required=True,
    )
    lang = fields.Selection(
        "_get_languages",
        string="Language",
        help="The main text is sent in every language that has no text of its own.",
    )
    is_multilingual = fields.Boolean(compute="_compute_is_multilingual")
    shown_lang = fields.Char()
    drafts = fields.Json(help="What was typed in other languages and is not saved yet.")
    is_saved = fields.Boolean(compute="_compute_is_saved")
    # Not trimmed: a placeholder may follow the space at its end.
    subject = fields.Char(trim=False)
    body_html = fields.Html(string="Body", sanitize="email_outgoing")
    placeholders = fields.Json(compute="_compute_placeholders")

    model = fields.Char(compute="_compute_document_domain")
    document_domain = fields.Json(compute="_compute_document_domain")
    document_id = fields.Many2oneReference(model_field="model")
    preview_subject = fields.Char(compute="_compute_preview", string="Subject as Sent")
    preview_body = fields.Html(
        compute="_compute_preview", string="Body as Sent", sanitize="email_outgoing"
    )
    preview_problem = fields.Char(compute="_compute_preview")

    @api.model
    def _get_languages(self) -> list[tuple[str, str]]:
        """Return the main text and the languages that may have one of their own."""
        installed = self.env["res.lang"].get_installed()
        others = [(code, name) for code, name in installed if code != MAIN]
        return [(MAIN, self.env._("Main text")), *others]

    # ---------------------------------------------------------------- texts

    @api.model
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """EXTENDS base: start from the own text, else from a safe one."""
        values = super().default_get(fields)
        if values.get("partner_id") and values.get("document_type"):
            edit = self.new(values)
            subject, body = edit._get_stored_text(MAIN) or edit._get_starter()
            document = edit.partner_id._get_client_documents(edit.document_type)
            values |= {
                "lang": MAIN,
                "shown_lang": MAIN,
                "subject": subject,
                "body_html": body,
                "document_id": document.id,
            }
        return values

    def _get_own_template(self) -> models.BaseModel:
        self.ensure_one()
        return self.partner_id._get_own_client_template(self.document_type)

    def _get_stored_text(self, lang: str) -> tuple[str, str] | None:
        """Return subject and body of one language, without a way out; None for none."""
        template = self._get_own_template()
        if not template:
            return None
        stored = template._get_client_translations()
        texts = [stored[name].get(lang) or "" for name in TEXT]
        return (texts[0], texts[1]) if any(texts) else None

    def _get_starter(self, lang: str | None = None) -> tuple[str, str]:
        partner = self.partner_id.with_context(lang=lang or self.partner_id.lang)
        return partner._get_client_text_starter(self.document_type)

    @api.onchange("lang")
    def _onchange_lang(self) -> None:
        if not self.lang or self.lang == self.shown_lang:
            return
        drafts = {**(self.drafts or {}), self.shown_lang: [self[n] or "" for n in TEXT]}
        text = drafts.get(self.lang) or self._get_stored_text(self.lang) or ("", "")
        self.subject, self.body_html = text
        self.drafts, self.shown_lang = drafts, self.lang

    @api.depends("partner_id")
    def _compute_is_multilingual(self) -> None:
        self.is_multilingual = len(self._get_languages()) > 1

    @api.depends("partner_id", "document_type")
    def _compute_is_saved(self) -> None:
        for edit in self:
            edit.is_saved = bool(edit._get_own_template())

    @api.depends("document_type")
    def _compute_placeholders(self) -> None:
        for edit in self:
            records = self.env[DOCUMENT_TYPES[edit.document_type].model]
            edit.placeholders = [
                {"name": name, "label": label}
                for name, label in records._get_client_placeholder_labels().items()
            ]

    # ---------------------------------------------------------------- preview

    @api.depends("partner_id", "document_type")
    def _compute_document_domain(self) -> None:
        for edit in self:
            kind = edit.document_type
            edit.model = DOCUMENT_TYPES[kind].model
            edit.document_domain = edit.partner_id._get_client_document_domain(kind)

    def _get_document(self) -> models.BaseModel:
        """Return the chosen document: one of this client, that the user may read."""
        return self.partner_id._get_client_documents(
            self.document_type, Domain("id", "=", self.document_id)
        )

    @api.depends("subject", "body_html", "document_id", "lang")
    def _compute_preview(self) -> None:
        for edit in self:
            edit.preview_problem = edit.preview_subject = edit.preview_body = False
            try:
                subject, body = edit._render()
                edit.preview_subject, edit.preview_body = subject, body
            except UserError as error:
                edit.preview_problem = str(error)

    def _render(self) -> tuple[str, str]:
        """Return subject and body as the client would get them.

        :raise UserError: if the text may not be used, or there is no document
        """
        self.ensure_one()
        document = self._get_document()
        if not document:
            raise UserError(
                self.env._(
                    "Document: there is none of this type for %(client)s to show the"
                    " text with.",
                    client=self.partner_id.display_name,
                )
            )
        template = self.env["mail.template"].new(
            {
                "client_partner_id": self.partner_id.id,
                "client_document_type": self.document_type,
            }
        )
        subject, body = self.subject or "", self.body_html or ""
        template._check_client_text(subject, body)
        return self._render_text(document, subject, body)

    def _render_text(
        self, document: models.BaseModel, subject: str, body: str
    ) -> tuple[str, str]:
        # Not in sudo, and not a template: core runs no code of who may write none.
        renderer = self.env["mail.render.mixin"].with_context(
            lang=self._get_sent_lang()
        )
        call = (document._name, document.ids)
        return (
            renderer._render_template(subject, *call)[document.id],
            renderer._render_template(
                body, *call, engine="qweb", options={"post_process": True}
            )[document.id],
        )

    def _get_sent_lang(self) -> str | None:
        """Return the language in which amounts and dates are shown."""
        own = self.lang if self.lang != MAIN else None
        return own or self.partner_id.lang or self.env.lang

    # ---------------------------------------------------------------- buttons

    def action_save(self) -> None:
        """Save the text in each language that was changed."""
        self.ensure_one()
        texts = {**(self.drafts or {}), self.shown_lang: [self[n] or "" for n in TEXT]}
        # The main text first: it makes the template.
        self._save_main(texts.pop(MAIN, None))
        template = self._get_own_template()
        for lang, text in texts.items():
            template._set_client_translation(lang, dict(zip(TEXT, text, strict=True)))

    def _save_main(self, text: list[str] | None) -> None:
        template = self._get_own_template().with_context(lang=MAIN)
        if text is None:
            return
        vals = dict(zip(TEXT, text, strict=True))
        if template:
            template.write(vals)
        else:
            template.create(
                {
                    "client_partner_id": self.partner_id.id,
                    "client_document_type": self.document_type,
                    **vals,
                }
            )

    def action_reset(self) -> None:
        """Delete the own text: the client gets the global one again."""
        self.partner_id.action_client_template_reset(self.document_type)

    def action_send_test(self) -> dict[str, Any]:
        """Mail the text to the user; neither document nor client hear of it."""
        self.ensure_one()
        user = self.env.user
        if not user.email:
            raise UserError(
                self.env._("Email: your user has none. Add it in your preferences.")
            )
        subject, body = self._render()
        content = self.env["mail.render.mixin"]._render_encapsulate(
            "mail.mail_notification_light",
            body,
            add_context={"company": self.env.company},
        )
        # sudo: users create no mails by themselves; this one is to the user alone.
        mail_sudo = self.env["mail.mail"].sudo()
        mail_sudo = mail_sudo.create(
            {
                "subject": self.env._("[Test] %(subject)s", subject=subject),
                "body_html": content,
                "email_from": user.email_formatted,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )
        mail_sudo.send(raise_exception=True)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sent to %(email)s.", email=user.email),
            },
        }
