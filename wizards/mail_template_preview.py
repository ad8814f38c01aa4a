from __future__ import annotations

from odoo import api, models

from ..models.mail_template_rendering import GLOBAL_TEXT


class MailTemplatePreview(models.TransientModel):
    _inherit = "mail.template.preview"

    @api.depends("lang", "resource_ref")
    def _compute_mail_template_fields(self) -> None:
        """EXTENDS mail: show the template that was opened, not the text of a client."""
        own = self.with_context(**{GLOBAL_TEXT: True})
        return super(MailTemplatePreview, own)._compute_mail_template_fields()
