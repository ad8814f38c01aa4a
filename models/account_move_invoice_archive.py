from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools.invoice_archive import (
    Member,
    UniqueNames,
    safe_name,
    write_archive,
)
from .client_figure import SALE_TYPES

# Documents in memory at a time, however many an archive holds.
_AT_A_TIME = 500
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
        """Return documents in the order of their files.

        Nothing of them is read yet: there may be thousands.
        """
        return self.search(domain, order="invoice_date, name, id", limit=limit)

    def _get_stored_pdfs(self) -> dict[int, Reader]:
        """Return how to read the legal PDF of each document that has one, by its id.

        Call it for documents that the user may read.
        """
        return {file.res_id: get_reader(file) for file in self._search_stored_pdfs()}

    def _without_stored_pdf(self) -> models.BaseModel:
        """Return those of the documents that have no legal PDF."""
        stored = set(self._search_stored_pdfs().mapped("res_id"))
        return self.filtered(lambda move: move.id not in stored)

    def _search_stored_pdfs(self) -> models.BaseModel:
        # sudo: core refuses a field's file to portal users who may read the document.
        files_sudo = self.env["ir.attachment"].sudo()
        return files_sudo.search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", "invoice_pdf_report_file"),
            ],
            ["res_id", "store_fname"],
            order="id",
        )

    def _open_archive(
        self,
        rendered: Mapping[int, Reader],
        notes: Sequence[str] = (),
        with_xml: bool = False,
    ) -> BinaryIO:
        """Return a temporary file with the ZIP of these documents, at its beginning.

        A document without any PDF is named in ``_notes.txt``.

        :param rendered: how to read the pro-forma PDFs, by id of the document
        :param notes: further lines for ``_notes.txt``
        :param with_xml: whether to add the electronic invoices
        """
        lines = list(notes)
        target = TemporaryFile(prefix="client_hub_")  # noqa: SIM115 - the caller's
        members = self._get_archive_members(rendered, lines, with_xml)
        # It asks for the notes at the end, when all lines are there.
        write_archive(target, members, partial(self._format_archive_notes, lines))
        target.seek(0)
        return target

    def _get_archive_members(
        self, rendered: Mapping[int, Reader], lines: list[str], with_xml: bool
    ) -> Iterator[Member]:
        """Yield the files of the ZIP, with no more than some documents in memory.

        :param lines: the notes, which get what is to be said about the files
        """
        names = UniqueNames()
        for ids in split_every(_AT_A_TIME, self.ids):
            moves = self.browse(ids)
            moves.fetch(["name", "date", "invoice_date"])
            stored = moves._get_stored_pdfs()
            for move in moves:
                for name, read in move._get_archive_files(
                    stored, rendered, lines, with_xml
                ):
                    day = move.invoice_date or move.date
                    yield Member(
                        names.add(name),
                        read,
                        datetime.combine(day, time()),
                        deflated=not name.endswith(".pdf"),
                    )
            self.env.invalidate_all()

    def _get_archive_files(
        self,
        stored: Mapping[int, Reader],
        rendered: Mapping[int, Reader],
        lines: list[str],
        with_xml: bool,
    ) -> Iterator[tuple[str, Reader]]:
        """Yield the names of this document's files, and how to read them."""
        self.ensure_one()
        stem = self._get_archive_stem()
        if self.id in stored:
            yield f"{stem}.pdf", stored[self.id]
        elif self.id in rendered:
            name = safe_name(f"{stem}_proforma", "pdf")
            lines.append(
                self.env._(
                    "%s: a pro-forma, because the document was never sent.", name
                )
            )
            yield name, rendered[self.id]
        if with_xml:
            yield from self._get_archive_xml()

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
        groups = self._read_group(
            [("id", "in", self.ids)],
            ["company_id", "commercial_partner_id"],
            ["invoice_date:min", "invoice_date:max"],
        )
        companies, clients, *days = map(set, zip(*groups, strict=True))
        known = {str(day) for day in set().union(*days) if day}
        company = min(companies, key=lambda company: company.id).name
        client = clients.pop().name if len(clients) == 1 else ""
        period = [*dict.fromkeys((min(known), max(known)))] if known else []
        return " ".join(filter(None, [company, client, *period]))

    def _get_archive_xml(self) -> Iterator[tuple[str, Reader]]:
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
            yield name, get_reader(file_sudo)

    def _get_error_notes(self, failed: Collection[int]) -> list[str]:
        """Return a line for each document whose PDF cannot be made.

        :param failed: ids of these documents
        """
        # A set of its own: else the names of all would be read.
        moves = self.browse(move_id for move_id in self.ids if move_id in failed)
        return [
            self.env._("%s: left out, its PDF cannot be made.", name)
            for name in moves.mapped("name")
        ]

    @api.model
    def _format_archive_notes(self, notes: Sequence[str], unread: list[str]) -> str:
        gone = [
            self.env._("%s: left out, its file cannot be read.", name)
            for name in unread
        ]
        return "\n".join([*notes, *gone])


def get_reader(file_sudo: models.BaseModel) -> Reader:
    """Return how to read an attachment, later and without keeping it in memory.

    The reader raises ``OSError`` if there is nothing to read.
    """
    if file_sudo.store_fname:
        return partial(_read_file, file_sudo._full_path(file_sudo.store_fname))
    # Else those of all other files would be read with it.
    return partial(_read_from_database, file_sudo.with_prefetch())


def _read_file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _read_from_database(file_sudo: models.BaseModel) -> bytes:
    if not file_sudo.db_datas:
        raise OSError(f"attachment {file_sudo.id} has no content")
    content = file_sudo.raw
    file_sudo.invalidate_recordset(["raw", "db_datas"])
    return content
