from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable
from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL, groupby

from ..tools.parallel import in_parallel
from .account_move_invoice_archive import Reader, get_reader

# More documents in one run and wkhtmltopdf begins to lose logos and headers.
RUN = 10
# Planned at a time; what waits longer is planned anew.
_PLANNED = 1000
# Each takes a connection to the database and much of a processor.
_MAX_PROCESSES = 4


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

    _waiting_idx = models.Index("(archive_id, id) WHERE state = 'waiting'")

    def _get_rendered(self) -> dict[int, Reader]:
        """Return how to read the pro-formas, by id of the document."""
        files = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "pdf"),
            ],
            ["res_id", "store_fname"],
        )
        move_by_line = {line.id: line.move_id.id for line in self}
        return {move_by_line[file.res_id]: get_reader(file) for file in files}

    # ----------------------------------------------------------------- preparing

    @api.model
    def _cron_render(self) -> None:
        """Render what archives wait for, several runs at once, each committed."""
        jobs = self.env["ir.cron"]
        archives = self.env["client.hub.invoice.archive"]
        # Those whose last run was committed just before the server stopped.
        self._apart(archives.search([("state", "=", "waiting")]), method=_finish)
        jobs._commit_progress(remaining=self.search_count([("state", "=", "waiting")]))
        work = partial(self._apart, method=lambda lines: lines._render())
        for lines in in_parallel(work, self._plan_runs(), self._get_process_count()):
            left = jobs._commit_progress(len(lines))
            self._apart(lines.exists().archive_id, method=_finish)
            if not left:
                break

    @api.model
    def _plan_runs(self) -> list[models.BaseModel]:
        """Return waiting lines run by run; archives take turns.

        One archive and one company at a time: they decide on rights and layout.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.turn, line.archive_id, move.company_id
                  FROM (SELECT id, archive_id, move_id, (row_number() OVER (
                               PARTITION BY archive_id ORDER BY id) - 1) / %s AS turn
                          FROM %s WHERE state = 'waiting') line
                  JOIN account_move move ON move.id = line.move_id
                 ORDER BY line.turn, line.archive_id, line.id
                 LIMIT %s
                """,
                RUN,
                SQL.identifier(self._table),
                _PLANNED,
            )
        )
        return [
            self.browse(row[0] for row in run)
            for _turn, run in groupby(rows, key=lambda row: row[1:])
        ]

    @api.model
    def _get_process_count(self) -> int:
        """Return how many runs are printed at once: one per processor, unless set."""
        # sudo: the setting holds for every user.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        count = parameters_sudo.get_param("client_hub.archive_processes")
        return max(1, int(count)) if count else min(_count_processors(), _MAX_PROCESSES)

    @api.model
    def _apart(
        self,
        records: models.BaseModel,
        method: Callable[[models.BaseModel], None],
    ) -> models.BaseModel:
        """Call ``method`` in a transaction of its own, from whichever thread.

        :return: the records, as given
        """
        threading.current_thread().dbname = self.env.cr.dbname  # for the log
        with self.env.registry.cursor() as cursor:
            own = records.with_env(self.env(cr=cursor))
            retrying(partial(method, own), own.env)
        return records

    def _render(self) -> None:
        """Make the PDFs of these lines, which belong to one archive and company."""
        lines = self.search([("id", "in", self.ids), ("state", "=", "waiting")])
        moves = lines.move_id.with_company(lines.move_id.company_id)
        made, errors = moves._make_archive_pdfs()
        # The user may have cancelled meanwhile.
        for line in lines.try_lock_for_update():
            move_id = line.move_id.id
            content = made.get(move_id)
            line.write(
                {
                    "state": "failed" if move_id in errors else "done",
                    "error": errors.get(move_id),
                    "pdf": base64.b64encode(content) if content else False,
                }
            )


def _finish(archives: models.BaseModel) -> None:
    archives._finish_if_done(tell=True)


def _count_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
