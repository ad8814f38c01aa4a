from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.tools import is_html_empty

from ..exceptions import ClientTemplateError


class AccountMoveSendWizard(models.TransientModel):
    """The wizard opens with a text that fails, since it also prints and uploads."""

    _name = "account.move.send.wizard"
    _inherit = ["account.move.send.wizard", "client.hub.template.notice"]

    @api.depends("template_id", "lang", "move_id")
    def _compute_client_template_notice(self) -> None:
        """EXTENDS client_hub: say why the own text fails, since the wizard opens."""
        result = super()._compute_client_template_notice()
        for wizard in self.filtered(lambda one: one.client_template_use == "own"):
            values = (wizard.move_id._origin, wizard.template_id, wizard.lang)
            try:
                wizard._get_default_mail_subject(*values)
                wizard._get_default_mail_body(*values)
            except ClientTemplateError as error:
                wizard.client_template_use = "failed"
                wizard.client_template_notice = str(error)
        return result

    def _get_client_documents(self) -> models.BaseModel:
        return self.move_id._origin

    @api.depends("template_id", "lang")
    def _compute_subject(self) -> None:
        """EXTENDS account: leave it empty if the client's own text fails."""
        try:
            return super()._compute_subject()
        except ClientTemplateError:
            self.subject = False

    @api.depends("template_id", "lang")
    def _compute_body(self) -> None:
        """EXTENDS account: leave it empty if the client's own text fails."""
        try:
            return super()._compute_body()
        except ClientTemplateError:
            self.body = False

    def _get_sending_settings(self) -> dict[str, Any]:
        """EXTENDS account: what is empty is rendered again, and says why it fails."""
        settings = super()._get_sending_settings()
        if not self.subject or is_html_empty(self.body):
            for name in ("mail_subject", "mail_body"):
                settings.pop(name, None)
        return settings
