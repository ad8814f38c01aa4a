from __future__ import annotations

import base64
from functools import partial

from odoo import api, fields, models

from .account_move_invoice_archive import Reader, read_attachment

# More documents in one run and wkhtmltopdf begins to lose logos and headers.
RUN = 10


class ClientHubInvoiceArchiveLine(models.Model):
    """A document of an archive, with its pro-forma if it has no legal PDF."""

    _name = "client.hub.invoice.archive.line"
    _description = "Document of an Archive"

    archive_id = fields.Many2one(
        "client.hub.invoice.archive", required=True, ondelete="cascade", index=True
    )
    move_id = fields.Many2one(
        "account.move", string="Document", required=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")], required=True
    )
    error = fields.Char()
    pdf = fields.Binary(string="PDF", attachment=True)

    def _get_rendered(self) -> dict[int, Reader]:
        """Return how to read the pro-formas, by id of the document."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "pdf"),
            ]
        )
        move_by_line = {line.id: line.move_id.id for line in self}
        return {
            move_by_line[file.res_id]: partial(read_attachment, file) for file in files
        }

    # ----------------------------------------------------------------- preparing

    @api.model
    def _cron_render(self) -> None:
        """Render what archives wait for, committing after each run."""
        jobs = self.env["ir.cron"]
        waiting = [("state", "=", "waiting")]
        jobs._commit_progress(remaining=self.search_count(waiting))
        while lines := self.search(waiting, limit=RUN, order="archive_id, id"):
            # One archive and one company at a time: they decide on rights and layout.
            first = lines[0]
            lines = lines.filtered(
                lambda line, first=first: (
                    line.archive_id == first.archive_id
                    and line.move_id.company_id == first.move_id.company_id
                )
            )
            lines._render()
            if not jobs._commit_progress(len(lines)):
                break

    def _render(self) -> None:
        """Make the PDFs of these lines, and tell the user when all are there."""
        archive = self.archive_id
        moves = self.move_id.with_company(self.move_id.company_id)
        made, errors = moves._make_archive_pdfs()
        # The user may have cancelled meanwhile.
        for line in self.try_lock_for_update():
            move_id = line.move_id.id
            content = made.get(move_id)
            line.write(
                {
                    "state": "failed" if move_id in errors else "done",
                    "error": errors.get(move_id),
                    "pdf": base64.b64encode(content) if content else False,
                }
            )
        archive.exists()._finish_if_done(tell=True)
