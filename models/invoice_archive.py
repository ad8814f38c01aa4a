from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, BinaryIO

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_datetime

from ..tools.invoice_archive import ZIP, Download, safe_name

#: documents that one archive may hold
MAX_DOCUMENTS = 5000
#: archives that one user, and all users together, may wait for
MAX_WAITING_OF_USER = 3
MAX_WAITING = 100
#: days until an archive is deleted
DAYS = 7


class ClientHubInvoiceArchive(models.Model):
    """Documents that a client or a member of staff downloads in one ZIP.

    It holds no ZIP: that is built of the stored PDFs at each download. PDFs that are
    missing are rendered in the background, run by run, each committed: what is
    rendered once stays so, whatever happens to the worker.
    """

    _name = "client.hub.invoice.archive"
    _description = "Archive of Invoices"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Requested by",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    state = fields.Selection(
        [("waiting", "Being Prepared"), ("ready", "Ready"), ("cancel", "Cancelled")],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    with_xml = fields.Boolean(string="With Electronic Invoices", readonly=True)
    notes = fields.Text(readonly=True)
    expires_at = fields.Datetime(string="Available until", readonly=True, index=True)
    line_ids = fields.One2many(
        "client.hub.invoice.archive.line",
        "archive_id",
        readonly=True,
        groups="account.group_account_invoice",
    )
    total_count = fields.Integer(string="Documents", compute="_compute_counts")
    done_count = fields.Integer(string="Prepared", compute="_compute_counts")
    failed_count = fields.Integer(string="Left out", compute="_compute_counts")

    @api.depends("line_ids.state")
    def _compute_counts(self) -> None:
        # sudo: the client sees how far its archive is, and none of the lines.
        lines_sudo = self.env["client.hub.invoice.archive.line"].sudo()
        counts = {
            (archive.id, state): count
            for archive, state, count in lines_sudo._read_group(
                [("archive_id", "in", self.ids)], ["archive_id", "state"], ["__count"]
            )
        }
        for archive in self:
            waiting, done, failed = (
                counts.get((archive.id, state), 0)
                for state in ("waiting", "done", "failed")
            )
            archive.done_count = done + failed
            archive.failed_count = failed
            archive.total_count = waiting + done + failed

    def _get_status_text(self) -> str:
        """Tell the user in a sentence how far the archive is."""
        self.ensure_one()
        match self.state:
            case "waiting":
                return self.env._(
                    "Prepared %(done)s of %(total)s. You may leave: a mail tells when"
                    " it is ready.",
                    done=self.done_count,
                    total=self.total_count,
                )
            case "cancel":
                return self.env._("Cancelled")
        text = self.env._(
            "%(total)s documents, available until %(moment)s.",
            total=self.total_count,
            moment=format_datetime(self.env, self.expires_at, dt_format="short"),
        )
        if not self.failed_count:
            return text
        left_out = self.env._("Left out: %s, named in _notes.txt.", self.failed_count)
        return f"{text} {left_out}"

    def _get_left_out(self) -> dict[int, list[str]]:
        """Return a line for all that an archive does not hold, by id of the archive."""
        # sudo: the lines are the archives' own matter; documents are found as user.
        failed_sudo = (
            self.env["client.hub.invoice.archive.line"]
            .sudo()
            .search([("archive_id", "in", self.ids), ("state", "=", "failed")])
        )
        moves = self.env["account.move"]._search_archive(
            Domain("id", "in", failed_sudo.move_id.ids)
        )
        failed = {
            archive.id: set(lines_sudo.move_id.ids)
            for archive, lines_sudo in failed_sudo.grouped("archive_id").items()
        }
        return {
            archive.id: (archive.notes or "").splitlines()
            + moves._get_error_notes(failed.get(archive.id, ()))
            for archive in self
        }

    # ---------------------------------------------------------------- requesting

    @api.model
    def _request(
        self,
        moves: models.BaseModel,
        name: str,
        notes: Sequence[str] = (),
        with_xml: bool = False,
    ) -> ClientHubInvoiceArchive:
        """Create an archive of documents, and have rendered what is missing.

        :param moves: as found by the user who asks: only these are put in
        :param name: of the ZIP, without extension
        :param notes: lines for ``_notes.txt``
        :raise UserError: for too many documents, or archives being prepared
        """
        self._check_size(len(moves))
        self._check_waiting()
        # sudo: who asks for an archive writes none of its values.
        archive_sudo = self.sudo().create(
            {
                "name": safe_name(name, "zip"),
                "user_id": self.env.user.id,
                "with_xml": with_xml,
                "notes": "\n".join(notes),
                "line_ids": self._get_line_commands(moves),
            }
        )
        archive_sudo._finish_if_done()
        if archive_sudo.state == "waiting":
            # sudo: a client starts the job that prepares its archive.
            self.env.ref("client_hub.cron_invoice_archive").sudo()._trigger()
        return self.browse(archive_sudo.id)

    @api.model
    def _get_line_commands(self, moves: models.BaseModel) -> list[Command]:
        waiting = set(moves._without_stored_pdf().ids)
        return [
            Command.create(
                {
                    "move_id": move_id,
                    "state": "waiting" if move_id in waiting else "done",
                }
            )
            for move_id in moves.ids
        ]

    @api.model
    def _check_size(self, count: int) -> None:
        if count > MAX_DOCUMENTS:
            raise UserError(
                self.env._(
                    "One archive holds at most %s documents. Choose a shorter period.",
                    MAX_DOCUMENTS,
                )
            )

    @api.model
    def _check_waiting(self) -> None:
        # sudo: the archives of others are counted, and not shown.
        waiting_sudo = self.sudo().search([("state", "=", "waiting")])
        own = waiting_sudo.filtered(lambda archive: archive.user_id == self.env.user)
        if len(own) >= MAX_WAITING_OF_USER or len(waiting_sudo) >= MAX_WAITING:
            raise UserError(
                self.env._(
                    "Other archives are still being prepared. Try again when they are"
                    " ready, or cancel one of them."
                )
            )

    def action_cancel(self) -> None:
        """Stop preparing the archive, and delete what was prepared for it.

        :raise AccessError: for another user's archive
        """
        self.check_access("read")
        # sudo: clients may cancel their archives, yet write none of the values.
        self.sudo().filtered(lambda archive: archive.state == "waiting").write(
            {"state": "cancel", "line_ids": [Command.clear()]}
        )

    # ----------------------------------------------------------------- preparing

    def _finish_if_done(self, tell: bool = False) -> None:
        """Open the archives for download of which nothing waits any more.

        :param tell: whether to mail the users that they are ready
        """
        for archive in self.exists():
            if archive.state == "waiting" and archive.done_count == archive.total_count:
                archive.state = "ready"
                archive.expires_at = fields.Datetime.now() + timedelta(days=DAYS)
                if tell:
                    template = self.env.ref("client_hub.mail_template_invoice_archive")
                    whom = {"recipient_ids": archive.user_id.partner_id.ids}
                    template.send_mail(archive.id, email_values=whom)

    @api.autovacuum
    def _gc_expired(self) -> None:
        """Delete archives that are no longer available, with their pro-formas."""
        now = fields.Datetime.now()
        cancelled = Domain("state", "=", "cancel")
        cancelled &= Domain("write_date", "<", now - timedelta(days=DAYS))
        self.search(cancelled | Domain("expires_at", "<", now)).unlink()

    def unlink(self) -> bool:
        """EXTENDS base: delete the lines one by one, or their files would stay."""
        self.line_ids.unlink()
        return super().unlink()

    # --------------------------------------------------------------- downloading

    def action_open(self) -> dict[str, Any]:
        """Download the archive, or show how far it is."""
        self.ensure_one()
        if self.state != "ready":
            return self._get_records_action()
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/invoices/archives/{self.id}/download",
            "target": "download",
        }

    def _open(self) -> Download:
        """Return the ZIP, of those documents that the user may read today.

        :raise UserError: if the archive is not ready
        """
        self.ensure_one()
        if self.state != "ready" or self.expires_at < fields.Datetime.now():
            raise UserError(
                self.env._("This archive is not available. Ask for it anew.")
            )
        with self._take_places() as places:
            return Download(self._build(), self.name, ZIP, places)

    def _build(self) -> BinaryIO:
        """Return a temporary file with the ZIP, at its beginning."""
        # sudo: the lines are the archive's own matter; documents are found as user.
        lines_sudo = self.sudo().line_ids
        moves = self.env["account.move"]._search_archive(
            Domain("id", "in", lines_sudo.move_id.ids)
        )
        gone = len(lines_sudo) - len(moves)
        notes = self._get_left_out()[self.id]
        if gone:
            notes.append(self.env._("No longer available: %s documents", gone))
        return moves._open_archive(lines_sudo._get_rendered(), notes, self.with_xml)
