from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.tools import is_html_empty

from ..exceptions import ClientTemplateError
from .account_move import AccountMove
from .mail_template_rendering import GLOBAL_TEXT

FAILED_TEXT = "client_hub_failed_text"
# Context key: a failed text stops its own document only.
EACH_ALONE = "client_hub_each_alone"

MovesData = dict[AccountMove, dict[str, Any]]


class AccountMoveSend(models.AbstractModel):
    """A text that fails stops the mail of its own invoice, and of no other."""

    _inherit = "account.move.send"

    @api.model
    def _generate_and_send_invoices(
        self,
        moves: AccountMove,
        from_cron: bool = False,
        allow_raising: bool = True,
        allow_fallback_pdf: bool = False,
        **custom_settings: Any,
    ) -> models.BaseModel:
        """EXTENDS account: raise only to staff who send this one invoice."""
        alone = from_cron or not allow_raising or allow_fallback_pdf or len(moves) > 1
        # All clients and their texts in one query each.
        moves.partner_id.commercial_partner_id.sudo().client_template_ids  # noqa: B018
        return super(
            AccountMoveSend, self.with_context(**{EACH_ALONE: alone})
        )._generate_and_send_invoices(
            moves,
            from_cron=from_cron,
            allow_raising=allow_raising,
            allow_fallback_pdf=allow_fallback_pdf,
            **custom_settings,
        )

    @api.model
    def _get_default_sending_settings(
        self, move: AccountMove, from_cron: bool = False, **custom_settings: Any
    ) -> dict[str, Any]:
        """EXTENDS account: settings of an invoice whose text fails hold an error."""
        try:
            return super()._get_default_sending_settings(
                move, from_cron=from_cron, **custom_settings
            )
        except ClientTemplateError as error:
            reason = str(error)
        chosen = custom_settings.get("mail_template")
        template = chosen or self._get_default_mail_template_id(move)
        written = {"mail_subject": False, "mail_body": False, **custom_settings}
        # The global text is rendered, and not used: nothing is, or what staff wrote.
        written["mail_template"] = template.with_context(**{GLOBAL_TEXT: True})
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **written
        )
        settings["mail_template"] = template
        if not written["mail_subject"] or is_html_empty(written["mail_body"]):
            settings |= {FAILED_TEXT: reason, "error": {"error_title": reason}}
        return settings

    @api.model
    def _get_alerts(
        self, moves: AccountMove, moves_data: MovesData
    ) -> dict[str, dict[str, Any]]:
        """EXTENDS account: say before a batch which of it will not go out."""
        alerts = super()._get_alerts(moves, moves_data)
        if len(moves) > 1:
            alerts |= self._get_own_text_alerts(moves_data)
            alerts |= self._get_failed_text_alerts(_split(moves_data)[0])
        return alerts

    @api.model
    def _get_own_text_alerts(self, moves_data: MovesData) -> dict[str, dict[str, Any]]:
        own = [
            move
            for move, data in moves_data.items()
            if data.get("mail_template")
            and data["mail_template"]._get_client_templates(move.ids)[move.id]
        ]
        if not own:
            return {}
        message = self.env._(
            "%(count)s of %(total)s are sent with the own text of their client.",
            count=len(own),
            total=len(moves_data),
        )
        return {"client_hub_own_text": {"level": "info", "message": message}}

    @api.model
    def _get_failed_text_alerts(self, failed: MovesData) -> dict[str, dict[str, Any]]:
        if not failed:
            return {}
        reasons = dict.fromkeys(data[FAILED_TEXT] for data in failed.values())
        alert = {
            "level": "warning",
            "message": "\n".join(reasons),
            "action_text": self.env._("View Documents"),
            "action": self.env["account.move"].union(*failed)._get_records_action(),
        }
        return {FAILED_TEXT: alert}

    @api.model
    def _hook_if_errors(
        self, moves_data: MovesData, allow_raising: bool = True
    ) -> None:
        """EXTENDS account: note failed texts, and raise only for a single invoice."""
        failed, others = _split(moves_data)
        alone = self.env.context.get(EACH_ALONE)
        if failed and alone:
            super()._hook_if_errors(failed, allow_raising=False)
            self._note_failed_texts(failed)
            moves_data = others
        return moves_data and super()._hook_if_errors(moves_data, allow_raising)

    @api.model
    def _note_failed_texts(self, moves_data: MovesData) -> None:
        moves = self.env["account.move"].union(*moves_data)
        for move in moves:
            # Automatic invoicing says so before it sends.
            move.is_move_sent = bool(move.invoice_pdf_report_id)
        reasons = {move.id: data[FAILED_TEXT] for move, data in moves_data.items()}
        self.env["client.hub.unsent.mail"]._note(moves, reasons)

    @api.model
    def _generate_invoice_fallback_documents(self, invoices_data: MovesData) -> None:
        """EXTENDS account: a failed text stops, a pro-forma would go out without it."""
        return super()._generate_invoice_fallback_documents(_split(invoices_data)[1])

    @api.model
    def _send_mails(self, moves_data: MovesData) -> None:
        """EXTENDS account: what is sent now is not unsent any more."""
        moves = self.env["account.move"].union(*moves_data)
        self.env["client.hub.unsent.mail"]._clear(moves)
        return super()._send_mails(moves_data)


def _split(moves_data: MovesData) -> tuple[MovesData, MovesData]:
    """Return the invoices whose text failed, and the others."""
    failed = {move: data for move, data in moves_data.items() if data.get(FAILED_TEXT)}
    others = {move: data for move, data in moves_data.items() if move not in failed}
    return failed, others
