from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils

from ..tools.invoice_archive import PDF, ZIP, Download, safe_name
from .invoice_archive import MAX_DOCUMENTS, ClientHubInvoiceArchive
from .invoice_archive_line import RUN

# The largest id that PostgreSQL takes.
_MAX_ID = 2**31 - 1


class ClientHubInvoiceArchiveChoice(models.Model):
    """Which documents a client asks for, and how it gets them."""

    _inherit = "client.hub.invoice.archive"

    @api.model
    def _get_own(self, archive_id: int | None = None) -> ClientHubInvoiceArchive:
        """Return the archives that the user asked for, or the one of them."""
        domain = Domain("user_id", "=", self.env.user.id)
        if archive_id is not None:
            domain &= Domain("id", "=", min(archive_id, _MAX_ID))
        return self.search(domain)

    # ------------------------------------------------------------------- periods

    @api.model
    def _get_periods(self) -> list[tuple[str, str]]:
        """Return the periods that can be asked for, with their names."""
        names = {}
        names["this_month"] = self.env._("This month")
        names["last_month"] = self.env._("Last month")
        names["this_quarter"] = self.env._("This quarter")
        names["last_quarter"] = self.env._("Last quarter")
        names["this_year"] = self.env._("This year")
        names["last_year"] = self.env._("Last year")
        names["free"] = self.env._("From ... to ...")
        return [*names.items()]

    @api.model
    def _get_period_domain(
        self, period: str, date_from: str | None, date_to: str | None
    ) -> Domain:
        """Return the domain of the documents of a period.

        :param date_from: first day as ISO date, of the period "free"
        :param date_to: last day
        :raise UserError: for an unknown period, or what is no date
        """
        if period == "free":
            first, last = self._parse_day(date_from), self._parse_day(date_to)
            if first > last:
                raise UserError(
                    self.env._("The first day of the period is after its last day.")
                )
        else:
            first, last = self._get_days(period)
        return Domain("invoice_date", ">=", first) & Domain("invoice_date", "<=", last)

    def _get_days(self, period: str) -> tuple[date, date]:
        which, _underscore, unit = period.partition("_")
        if which not in ("this", "last") or unit not in ("month", "quarter", "year"):
            raise UserError(self.env._("Choose one of the periods offered."))
        today = self.env["client.hub.figure"]._get_today()
        first = date_utils.start_of(today, unit)
        months = {"month": 1, "quarter": 3, "year": 12}[unit]
        if which == "last":
            first -= relativedelta(months=months)
        return first, first + relativedelta(months=months, days=-1)

    def _parse_day(self, text: str | None) -> date:
        try:
            return date.fromisoformat(text or "")
        except ValueError:
            raise UserError(
                self.env._("Enter the first and the last day of the period as a date.")
            ) from None

    # ------------------------------------------------------------------ choosing

    @api.model
    def _find_documents(
        self, ids: Sequence[str], domain: Domain | None
    ) -> tuple[models.BaseModel, list[str]]:
        """Return the documents of the user's company that were asked for.

        :param ids: of documents, as they come from the browser
        :param domain: what to take instead of ``ids``; None for ``ids``
        :return: the documents, and a note if some of ``ids`` are not among them
        :raise UserError: if there is none, or too many
        """
        ticked = domain is None
        if ticked:
            wanted = {text for text in ids if text}
            domain = Domain("id", "in", [*map(int, filter(is_id, wanted))])
        else:
            wanted = set()
        found = self.env["account.move"]._search_archive(
            self._get_own_documents() & domain, limit=MAX_DOCUMENTS + 1
        )
        if not found:
            raise UserError(self._get_none_found_text(ticked))
        missing = len(wanted) - len(found)
        note = self.env._("Left out, because they are not available: %s", missing)
        return found, [note] if missing > 0 else []

    @api.model
    def _get_none_found_text(self, ticked: bool) -> str:
        if ticked:
            return self.env._("There is no document to download. Tick at least one.")
        return self.env._("There is no document to download. Choose another period.")

    @api.model
    def _get_own_documents(self) -> Domain:
        """Return the domain of the documents of the user's own company."""
        client = self.env.user.partner_id.commercial_partner_id
        return self.env["account.move"]._get_archive_domain() & Domain(
            "commercial_partner_id", "=", client.id
        )

    @api.model
    def _get_all_label(self, domain: Domain) -> str:
        """Tell how many documents :meth:`_find_documents` would find."""
        count = self.env["account.move"].search_count(
            self._get_own_documents() & domain
        )
        return self.env._("All %s that match", count)

    @api.model
    def _download(
        self,
        moves: models.BaseModel,
        notes: Sequence[str],
        with_xml: bool = False,
        as_zip: bool = False,
    ) -> Download | ClientHubInvoiceArchive:
        """Return the file to send now, or the archive that is being prepared.

        :param as_zip: send a ZIP even if one PDF is all there is
        :raise UserError: for too many documents
        """
        name = moves._get_archive_name()
        missing = moves._without_stored_pdf()
        if len(missing) > RUN or len(moves) > self._get_direct_limit():
            return self._request(moves, name, notes, with_xml)
        self._check_size(len(moves))
        with self._take_places() as places:
            made, errors = missing._make_archive_pdfs()
            rendered = {move: partial(bytes, content) for move, content in made.items()}
            if len(moves) == 1 and not (errors or notes or with_xml or as_zip):
                file, name = moves._open_single_pdf(rendered)
                return Download(file, name, PDF, places)
            notes = [*notes, *moves._get_error_notes(errors)]
            file = moves._open_archive(rendered, notes, with_xml)
            return Download(file, safe_name(name, "zip"), ZIP, places)

    @api.model
    def _get_direct_limit(self) -> int:
        """Return up to how many documents are sent at once."""
        # sudo: whoever downloads, the setting holds.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return int(parameters_sudo.get_param("client_hub.archive_direct_limit", 1000))


def is_id(text: str) -> bool:
    """Tell whether this is the id of a record, as browsers send it."""
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(_MAX_ID))
    return digits and int(text) <= _MAX_ID
