from __future__ import annotations

from typing import Any

from odoo import models


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _run_action_mail_post_multi(
        self, eval_context: dict[str, Any] | None = None
    ) -> bool:
        """EXTENDS mail: a text that fails stops neither a rule's trigger nor others."""
        if not self.template_id._get_client_kinds():
            return super()._run_action_mail_post_multi(eval_context)
        context = self.env.context
        for res_id in context.get("active_ids", [context.get("active_id")]):
            document = self.env[self.model_name].browse(res_id)
            alone = self.with_context(active_id=res_id, active_ids=document.ids)
            with self.env["client.hub.unsent.mail"]._contained(document):
                super(IrActionsServer, alone)._run_action_mail_post_multi(eval_context)
        return False
