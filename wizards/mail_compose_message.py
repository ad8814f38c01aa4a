from __future__ import annotations

from typing import Any

from odoo import models

from ..exceptions import ClientTemplateError


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(
        self, auto_commit: bool = False
    ) -> tuple[models.BaseModel, models.BaseModel]:
        """EXTENDS mail: what is sent now is not unsent any more."""
        documents = self._get_client_documents()
        for sent in documents:
            self.env["client.hub.unsent.mail"]._clear(sent)
        result = super()._action_send_mail(auto_commit=auto_commit)
        for sent in documents:
            if sent._name == "account.payment":
                sent._note_receipts_sent_by_hand()
        return result

    def _get_client_documents(self) -> list[models.BaseModel]:
        """Return what each composer sends, where clients may have texts of their own."""
        return [
            self.env[composer.model].browse(composer._evaluate_res_ids())
            for composer in self.filtered("template_id")
            if composer.template_id._get_client_kinds()
        ]

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
