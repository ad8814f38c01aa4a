from __future__ import annotations

import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    """Documents whose PDF is made for an archive."""

    _inherit = "account.move"

    def _make_archive_pdfs(self) -> tuple[dict[int, bytes], dict[int, str]]:
        """Make the PDFs that are missing, all in one run.

        If that fails, each document gets a run of its own, so that a broken one costs
        nobody else the PDF. By switch of the company, documents get their legal PDF,
        stored as if they were sent; else a pro-forma.

        :return: the pro-formas, and errors, by id of the document
        """
        missing = self._without_stored_pdf()
        if not missing:
            return {}, {}
        try:
            with self.env.cr.savepoint():
                return missing._run_archive_pdfs(), {}
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody else has just changed the document: all is tried again.
            raise
        except Exception as error:  # noqa: BLE001 - whatever a report raises
            if len(missing) == 1:
                _logger.warning("No PDF of document %s: %s", missing.id, error)
                return {}, {missing.id: str(error)}
        found, errors = {}, {}
        for move in missing:
            one, error = move._make_archive_pdfs()
            found |= one
            errors |= error
        return found, errors

    def _run_archive_pdfs(self) -> dict[int, bytes]:
        # What waits for being sent gets its PDF then.
        legal = self.filtered(
            lambda move: (
                move.sudo().company_id.client_hub_archive_legal_pdf
                and not move.sending_data
            )
        )
        legal._make_legal_pdfs()
        return (self - legal)._render_proformas()

    def _make_legal_pdfs(self) -> None:
        """Make and store the legal PDF, and the electronic invoice if there is one.

        :raise UserError: if a document has none afterwards
        """
        if not self:
            return
        # sudo: the company has decided that its clients may trigger it.
        moves_sudo = self.sudo()
        moves_sudo.env["account.move.send"]._generate_and_send_invoices(
            moves_sudo, allow_raising=False, sending_methods={"manual"}
        )
        if self._without_stored_pdf():
            raise UserError(self.env._("The PDF of an invoice could not be made."))

    def _render_proformas(self) -> dict[int, bytes]:
        if not self:
            return {}
        # sudo: core refuses the report's own reading of files to portal users.
        reports_sudo = self.env["ir.actions.report"].sudo()
        report = "account.account_invoices"
        streams, kind = reports_sudo._pre_render_qweb_pdf(
            report, self.ids, data={"proforma": True}
        )
        return reports_sudo._get_splitted_report(report, streams, kind)
