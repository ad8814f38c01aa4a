from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo import api, fields, models

from ..tools.identifier import comparable


class AccountMove(models.Model):
    _inherit = "account.move"

    client_identifiers_printed = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The client's numbers as printed when the document was posted: the VAT "
        "number and the identifier lines. Empty on documents posted before the "
        "add-on was installed.",
    )
    client_vat_kept = fields.Char(
        string="Client VAT Change Seen",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The client's newer VAT number that was seen when it was decided to "
        "keep the one this document was posted with.",
    )
    # What a client was invoiced, by date, and which documents are open.
    _client_hub_invoiced_idx = models.Index(
        "(commercial_partner_id, invoice_date, id)"
        " INCLUDE (company_id, state, amount_total_signed, currency_id,"
        " amount_total_in_currency_signed)"
        " WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )
    _client_hub_open_idx = models.Index(
        "(commercial_partner_id, company_id) INCLUDE (id, invoice_date, currency_id)"
        " WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND amount_residual_signed != 0"
    )

    # ---------------------------------------------------------------- freezing

    def _post(self, soft: bool = True) -> AccountMove:
        """EXTENDS account: freeze what is printed of the client.

        Before, so that it is stored along with what core stores.
        """
        drafts = self.filtered(lambda move: move.state == "draft")
        drafts._freeze_client_identifiers()
        posted = super()._post(soft)
        # Those of a later date wait for their day.
        drafts.filtered(lambda move: move.state == "draft")._thaw_client_identifiers()
        return posted

    def button_draft(self) -> Any:
        """EXTENDS account: a draft prints the client as it is today."""
        result = super().button_draft()
        self._thaw_client_identifiers()
        return result

    def _thaw_client_identifiers(self) -> None:
        # sudo: the fields are for internal users, but a reset can also be run for
        # a customer, for instance when an online payment is undone.
        frozen_sudo = self.sudo().filtered("client_identifiers_printed")
        if frozen_sudo:  # core does a lot, even to write nothing
            frozen_sudo.write(
                {"client_identifiers_printed": False, "client_vat_kept": False}
            )

    def _freeze_client_identifiers(self) -> None:
        # sudo: posting can be run for a customer, for instance by a payment.
        for move_sudo in self.sudo():
            if move_sudo._prints_client_identifiers():
                snapshot = move_sudo.partner_id._get_client_identifier_snapshot()
                # Not move.write(): no entry changes, and core would look at each
                # whether its lines are in step and in balance.
                models.Model.write(move_sudo, {"client_identifiers_printed": snapshot})

    def _prints_client_identifiers(self) -> bool:
        self.ensure_one()
        return bool(self.partner_id and self.is_sale_document(include_receipts=True))

    # ---------------------------------------------------------------- printing

    def _get_client_identifier_snapshot(self) -> dict[str, Any] | None:
        """Return what this document prints of its client.

        :return: the frozen snapshot of a posted document, today's of a draft, and
            None where core's print must stay as it is: no sale document, or posted
            before the add-on was installed
        """
        self.ensure_one()
        if not self._prints_client_identifiers():
            return None
        if self.state == "posted":
            # sudo: the client prints the own invoice in the portal.
            return self.sudo().client_identifiers_printed or None
        return self.partner_id._get_client_identifier_snapshot()

    def _client_vat_has_changed(self) -> bool:
        """Tell whether the VAT number differs from the one this document prints."""
        self.ensure_one()
        snapshot = self._get_client_identifier_snapshot()
        return snapshot is not None and comparable(snapshot["vat"]) != comparable(
            self.partner_id.vat or ""
        )

    def _get_client_identifier_lines(self) -> list[dict[str, str]]:
        """Return the ``{"label", "number"}`` rows printed below the client's address.

        The VAT number is among them only where core's own row is hidden, because
        the number has changed since the document was posted.
        """
        self.ensure_one()
        snapshot = self._get_client_identifier_snapshot()
        if snapshot is None:
            return []
        identifiers = self.env["client.hub.identifier"]
        rows = identifiers._from_snapshot(snapshot["lines"])
        if snapshot["vat"] and self._client_vat_has_changed():
            rows.insert(0, identifiers._get_vat_row(snapshot["vat"], self.company_id))
        return rows

    @api.depends_context("lang")
    def _compute_amount_total_words(self) -> None:
        """EXTENDS account: say the amount in the language of each document.

        Core caches the first language it is read in, and says amounts in English
        where the language is unknown; here they are not said at all then.
        """
        sayable = self.filtered(
            lambda move: move.currency_id._can_say_amount(move.amount_total)
        )
        (self - sayable).amount_total_words = False
        return super(AccountMove, sayable)._compute_amount_total_words()

    # ---------------------------------------------------------------- sending

    def _needs_client_vat_decision(self, edi_format: str | None) -> bool:
        """Tell whether sending must first ask which VAT number is right.

        :param edi_format: key of the electronic format about to be generated
        """
        self.ensure_one()
        return (
            self._client_vat_has_changed()
            and self._generates_client_xml(edi_format)
            # sudo: the field is for internal users, but documents are also sent
            # for a customer, for instance after an online payment.
            and self.sudo().client_vat_kept != self._get_client_vat_seen()
        )

    def _get_client_vat_seen(self) -> str:
        """Return the client's VAT number of today; "/", as in core, for none."""
        self.ensure_one()
        return self.partner_id.vat or "/"

    def _generates_client_xml(self, edi_format: str | None) -> bool:
        """Tell whether sending makes a new UBL/CII file.

        With ``account_edi_ubl_cii`` each new PDF embeds a Factur-X file, whatever
        the format of the client.
        """
        self.ensure_one()
        if not hasattr(self, "_need_ubl_cii_xml"):
            return False
        return not self.invoice_pdf_report_id or self._need_ubl_cii_xml(edi_format)

    @contextmanager
    def _with_frozen_client_vat(self) -> Iterator[None]:
        """Let the client's VAT number read as this document printed it.

        Builders of electronic invoices read the number from the client in many
        places, in modules of many countries. Only the cache is changed, for the
        time of the block: nothing is written, locked or recomputed.
        """
        self.ensure_one()
        if not self._client_vat_has_changed():
            yield
            return
        vat = self._get_client_identifier_snapshot()["vat"]
        partners = self.partner_id | self.commercial_partner_id
        # What core still has to compute must come from the number of today.
        partners.flush_recordset()
        for partner in partners:
            partner._update_cache(partner._get_client_vat_values(vat), validate=False)
        try:
            yield
        finally:
            partners._forget_client_vat_values()

    def _get_invoice_legal_documents(
        self, filetype: str, allow_fallback: bool = False
    ) -> dict[str, Any] | None:
        """EXTENDS account: a file made on the fly names the number of the PDF."""
        self.ensure_one()
        with self._with_frozen_client_vat():
            return super()._get_invoice_legal_documents(filetype, allow_fallback)
