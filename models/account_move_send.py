from __future__ import annotations

from typing import Any

from odoo import api, models

from .account_move import AccountMove

VAT_QUESTION = "client_hub_vat_question"


class AccountMoveSend(models.AbstractModel):
    """Stop before a PDF and an electronic invoice name different VAT numbers."""

    _inherit = "account.move.send"

    @api.model
    def _get_alerts(
        self, moves: AccountMove, moves_data: dict[AccountMove, dict[str, Any]]
    ) -> dict[str, dict[str, Any]]:
        """EXTENDS account: ask before sending, with the way to answer."""
        alerts = super()._get_alerts(moves, moves_data)
        asking = moves.filtered(
            lambda move: move._needs_client_vat_decision(
                moves_data[move].get("invoice_edi_format")
            )
        )
        if len(moves) > 1 and asking:
            alerts[VAT_QUESTION] = self._get_vat_batch_alert(asking)
        elif asking:
            alerts[VAT_QUESTION] = self._get_vat_alert(asking)
        return alerts

    @api.model
    def _get_vat_alert(self, move: AccountMove) -> dict[str, Any]:
        return {
            "level": "danger",
            "message": self._get_vat_question(move),
            "action_text": self.env._("Decide"),
            "action": self.env["client.hub.vat.change"]._get_action(move),
        }

    @api.model
    def _get_vat_batch_alert(self, moves: AccountMove) -> dict[str, Any]:
        return {
            "level": "warning",
            "message": self.env._(
                "The VAT number of some clients changed after posting. These "
                "documents are not sent before you decide which number is right."
            ),
            "action_text": self.env._("View Documents"),
            "action": moves._get_records_action(name=self.env._("VAT number changed")),
        }

    @api.model
    def _get_vat_question(self, move: AccountMove) -> str:
        snapshot = move._get_client_identifier_snapshot() or {}
        return self.env._(
            "%(document)s was posted with the VAT number %(printed)s of %(client)s, "
            "which is %(current)s today. Keep the number of the document, or reset it "
            "to draft to use the new one.",
            document=move.display_name,
            printed=snapshot.get("vat") or "/",
            client=move.commercial_partner_id.display_name,
            current=move._get_client_vat_seen(),
        )

    @api.model
    def _hook_invoice_document_before_pdf_report_render(
        self, invoice: AccountMove, invoice_data: dict[str, Any]
    ) -> None:
        """EXTENDS account: no electronic file before the question is answered."""
        if invoice._needs_client_vat_decision(invoice_data.get("invoice_edi_format")):
            invoice_data[VAT_QUESTION] = True
            invoice_data["error"] = {"error_title": self._get_vat_question(invoice)}
            return None
        with invoice._with_frozen_client_vat():
            return super()._hook_invoice_document_before_pdf_report_render(
                invoice, invoice_data
            )

    @api.model
    def _hook_invoice_document_after_pdf_report_render(
        self, invoice: AccountMove, invoice_data: dict[str, Any]
    ) -> None:
        """EXTENDS account: the file embedded in the PDF names the printed number."""
        with invoice._with_frozen_client_vat():
            return super()._hook_invoice_document_after_pdf_report_render(
                invoice, invoice_data
            )

    @api.model
    def _generate_invoice_fallback_documents(
        self, invoices_data: dict[AccountMove, dict[str, Any]]
    ) -> None:
        """EXTENDS account: an open question stops, a pro-forma would go out."""
        answered = {
            invoice: data
            for invoice, data in invoices_data.items()
            if not data.get(VAT_QUESTION)
        }
        return super()._generate_invoice_fallback_documents(answered)
