from __future__ import annotations

from typing import Any

from odoo import api, models

from ..exceptions import ClientTemplateError


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "client.hub.template.notice"]

    @api.depends("template_id", "model", "res_ids")
    def _compute_client_template_notice(self) -> None:
        return super()._compute_client_template_notice()

    def _action_send_mail(
        self, auto_commit: bool = False
    ) -> tuple[models.BaseModel, models.BaseModel]:
        """EXTENDS mail: what is sent now is not unsent any more."""
        batches = [composer._get_client_documents() for composer in self]
        for documents in filter(None, batches):
            self.env["client.hub.unsent.mail"]._clear(documents)
        result = super()._action_send_mail(auto_commit=auto_commit)
        for documents in filter(None, batches):
            if documents._name == "account.payment":
                documents._note_receipts_sent_by_hand()
        return result

    def _get_client_documents(self) -> models.BaseModel:
        """EXTENDS client_hub: nothing but what clients may have own texts for."""
        if not self.template_id._get_client_kinds() or self.res_domain:
            return super()._get_client_documents()
        return self.env[self.model].browse(self._evaluate_res_ids())

    def _prepare_mail_values(self, res_ids: list[int]) -> dict[int, dict[str, Any]]:
        """EXTENDS mail: in a batch, a text that fails stops its own document only."""
        if self.composition_mode != "mass_mail" and not self.composition_batch:
            return super()._prepare_mail_values(res_ids)
        try:
            with self.env.cr.savepoint():
                return super()._prepare_mail_values(res_ids)
        except ClientTemplateError as error:
            reasons = error.reasons
        documents = self.env[self.model].browse(res_ids)
        self.env["client.hub.unsent.mail"]._note(documents, reasons)
        others = [res_id for res_id in res_ids if res_id not in reasons]
        return self._prepare_mail_values(others) if others else {}
