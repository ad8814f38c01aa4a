from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.invoice_archive import (
    Member,
    safe_name,
    unique_names,
    write_archive,
)
from .client_figure import SALE_TYPES

_logger = logging.getLogger(__name__)
# "xml", "json", "xhtml"; longer ones come of names without any.
_MAX_EXTENSION = 8

#: content of a file, or OSError
Reader = Callable[[], bytes]


class AccountMove(models.Model):
    """Documents that are downloaded together, as one ZIP of their PDFs."""

    _inherit = "account.move"

    @api.model
    def _get_archive_domain(self) -> Domain:
        """Return the domain of the documents that may go into an archive.

        The access rules of the one who downloads come on top.
        """
        return Domain("state", "=", "posted") & Domain("move_type", "in", SALE_TYPES)

    @api.model
    def _search_archive(
        self, domain: Domain, limit: int | None = None
    ) -> models.BaseModel:
        """Return documents in the order of their files, with all that names them.

        Nothing else of them is read: there may be thousands.
        """
        return self.search_fetch(
            domain,
            ["name", "date", "invoice_date", "commercial_partner_id", "company_id"],
            order="invoice_date, name, id",
            limit=limit,
        )

    def _get_stored_pdfs(self) -> dict[int, Reader]:
        """Return how to read the legal PDF of each document that has one, by its id.

        Call it for documents that the user may read.
        """
        # sudo: core refuses a field's file to portal users who may read the document.
        files_sudo = self.env["ir.attachment"].sudo()
        found_sudo = files_sudo.search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "invoice_pdf_report_file"),
            ],
            ["res_id", "store_fname"],
            order="id",
        )
        return {file.res_id: partial(read_attachment, file) for file in found_sudo}

    def _open_archive(
        self,
        rendered: Mapping[int, Reader],
        notes: Sequence[str] = (),
        with_xml: bool = False,
        stored: Mapping[int, Reader] | None = None,
    ) -> BinaryIO:
        """Return a temporary file with the ZIP of these documents, at its beginning.

        A document without any PDF is named in ``_notes.txt``.

        :param rendered: how to read the pro-forma PDFs, by id of the document
        :param notes: further lines for ``_notes.txt``
        :param with_xml: whether to add the electronic invoices
        :param stored: how to read the legal PDFs, if that is known already
        """
        files, lines = [], list(notes)
        if stored is None:
            stored = self._get_stored_pdfs()
        for move in self:
            stem = move._get_archive_stem()
            if move.id in stored:
                files.append((move, f"{stem}.pdf", stored[move.id]))
            elif move.id in rendered:
                name = safe_name(f"{stem}_proforma", "pdf")
                files.append((move, name, rendered[move.id]))
                lines.append(
                    self.env._(
                        "%s: a pro-forma, because the document was never sent.", name
                    )
                )
            if with_xml:
                files += move._get_archive_xml()
        return self._write_archive(files, lines)

    @api.model
    def _write_archive(
        self,
        files: Sequence[tuple[models.BaseModel, str, Reader]],
        notes: Sequence[str],
    ) -> BinaryIO:
        names = unique_names([name for _move, name, _read in files])
        members = (
            Member(
                name,
                read,
                datetime.combine(move.invoice_date or move.date, time()),
                deflated=not name.endswith(".pdf"),
            )
            for name, (move, _name, read) in zip(names, files, strict=True)
        )
        target = TemporaryFile(prefix="client_hub_")  # noqa: SIM115 - the caller's
        write_archive(target, members, partial(self._format_archive_notes, notes))
        target.seek(0)
        return target

    def _open_single_pdf(self, rendered: Mapping[int, Reader]) -> tuple[BinaryIO, str]:
        """Return the PDF of this document as a temporary file, and its name.

        :param rendered: how to read its pro-forma, if it has no legal PDF
        :raise UserError: if its file is gone
        """
        self.ensure_one()
        stored = self._get_stored_pdfs().get(self.id)
        stem = self._get_archive_stem() + ("" if stored else "_proforma")
        target = TemporaryFile(prefix="client_hub_")  # noqa: SIM115 - the caller's
        try:
            target.write((stored or rendered[self.id])())
        except OSError:
            raise UserError(
                self.env._("The PDF of %s cannot be read.", self.name)
            ) from None
        target.seek(0)
        return target, safe_name(stem, "pdf")

    def _get_archive_stem(self) -> str:
        """Return the name of the document's files: sorted by date, then by number."""
        self.ensure_one()
        name = f"{self.invoice_date or self.date}_{self.name or self.id}"
        return safe_name(name, "pdf").removesuffix(".pdf")

    def _get_archive_name(self) -> str:
        """Return what a ZIP of these documents is called: whose, whom for, and when."""
        days = [move.invoice_date for move in self if move.invoice_date]
        period = sorted({str(day) for day in (min(days), max(days))}) if days else []
        company = self.company_id[:1].name
        client = self.commercial_partner_id
        names = [company, client.name if len(client) == 1 else "", *period]
        return " ".join(filter(None, names))

    def _get_archive_xml(self) -> Iterator[tuple[models.BaseModel, str, Reader]]:
        """Yield the electronic invoices that belong to the stored PDF."""
        self.ensure_one()
        # sudo: as for the PDFs.
        move_sudo = self.sudo()
        files_sudo = self.env["account.move.send"]._get_invoice_extra_attachments(
            move_sudo
        )
        for file_sudo in files_sudo - move_sudo.invoice_pdf_report_id:
            extension = file_sudo.name.rpartition(".")[2]
            if not extension.isalnum() or len(extension) > _MAX_EXTENSION:
                extension = "xml"
            name = safe_name(self._get_archive_stem(), extension)
            yield self, name, partial(read_attachment, file_sudo)

    def _get_error_notes(self, failed: Collection[int]) -> list[str]:
        """Return a line for each document whose PDF cannot be made.

        :param failed: ids of these documents
        """
        return [
            self.env._("%s: left out, its PDF cannot be made.", move.name)
            for move in self
            if move.id in failed
        ]

    @api.model
    def _format_archive_notes(self, notes: Sequence[str], unread: list[str]) -> str:
        gone = [
            self.env._("%s: left out, its file cannot be read.", name)
            for name in unread
        ]
        return "\n".join([*notes, *gone])

    def _make_archive_pdfs(self) -> tuple[dict[int, bytes], dict[int, str]]:
        """Make the PDFs that are missing, all in one run.

        If that fails, each document gets a run of its own, so that a broken one costs
        nobody else the PDF. By switch of the company, documents get their legal PDF,
        stored as if they were sent; else a pro-forma.

        :return: the pro-formas, and errors, by id of the document
        """
        missing = self.browse(set(self.ids) - self._get_stored_pdfs().keys())
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
        if len(self._get_stored_pdfs()) < len(self):
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


def read_attachment(file_sudo: models.BaseModel) -> bytes:
    """Return the content of an attachment, without keeping it in memory.

    :raise OSError: if it is not there
    """
    if file_sudo.store_fname:
        with open(file_sudo._full_path(file_sudo.store_fname), "rb") as file:
            return file.read()
    # Else those of all other files would be read with it.
    file_sudo = file_sudo.with_prefetch()
    if not file_sudo.db_datas:
        raise OSError(f"attachment {file_sudo.id} has no content")
    content = file_sudo.raw
    file_sudo.invalidate_recordset(["raw", "db_datas"])
    return content
