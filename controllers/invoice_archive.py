from __future__ import annotations

import os
from typing import Any

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import Response, content_disposition, request, route
from odoo.tools import config

from odoo.addons.account.controllers.portal import PortalAccount

from ..tools.invoice_archive import Download
from ..tools.invoice_archive_sending import Body

_LIST = "/my/invoices/archives"


class ClientHubInvoiceArchive(PortalAccount):
    """Many documents at once, for clients in the portal."""

    def _prepare_my_invoices_values(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """EXTENDS account: what can be downloaded."""
        values = super()._prepare_my_invoices_values(*args, **kwargs)
        archives = request.env["client.hub.invoice.archive"]
        search = self._archive_search({"all_matching": "1", **values})
        return values | {
            "archive_periods": archives._get_periods(),
            "archive_all_label": archives._get_all_label(search),
        }

    @route(
        "/my/invoices/download",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_invoices_download(self, **post: Any) -> Response:
        """Send the chosen documents, or have an archive of them prepared."""
        archives = request.env["client.hub.invoice.archive"]
        ids = request.httprequest.form.getlist("invoice_ids")
        try:
            moves, notes = archives._find_documents(ids, self._archive_search(post))
            found = archives._download(
                moves, notes, bool(post.get("with_xml")), bool(post.get("as_zip"))
            )
        except UserError as error:
            return self._archives_page(error=error.args[0])
        if isinstance(found, models.BaseModel):
            return request.redirect(_LIST, code=303)
        return self._send_download(found)

    def _archive_search(self, post: dict[str, Any]) -> Domain | None:
        """Return the documents that the form asks for, None for the ticked ones."""
        archives = request.env["client.hub.invoice.archive"]
        if post.get("period"):
            return archives._get_period_domain(
                post["period"], post.get("date_from"), post.get("date_to")
            )
        if not post.get("all_matching"):
            return None
        filters = self._get_account_searchbar_filters()
        chosen = filters.get(post.get("filterby") or "all", filters["all"])
        return self._get_invoices_domain("out") & Domain(chosen["domain"])

    @route(_LIST, type="http", auth="user", website=True, readonly=True)
    def portal_invoice_archives(self) -> Response:
        """Show the archives of the user, and how far they are."""
        return self._archives_page()

    @route(f"{_LIST}/progress", type="jsonrpc", auth="user", readonly=True)
    def portal_invoice_archive_progress(self) -> list[dict[str, Any]]:
        """Return how far the archives of the user are."""
        return [
            {
                "id": archive.id,
                "state": archive.state,
                "done": archive.done_count,
                "total": archive.total_count,
                "text": archive._get_status_text(),
            }
            for archive in request.env["client.hub.invoice.archive"]._get_own()
        ]

    @route(f"{_LIST}/<int:archive_id>/download", type="http", auth="user", website=True)
    def portal_invoice_archive_download(self, archive_id: int) -> Response:
        """Send an archive that is ready."""
        archive = self._get_archive(archive_id)
        try:
            return self._send_download(archive._open())
        except UserError as error:
            return self._archives_page(error=error.args[0])

    @route(
        f"{_LIST}/<int:archive_id>/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_invoice_archive_cancel(self, archive_id: int) -> Response:
        """Stop preparing an archive."""
        self._get_archive(archive_id).action_cancel()
        return request.redirect(_LIST, code=303)

    def _get_archive(self, archive_id: int) -> models.BaseModel:
        """Return an archive of the user; another's answers like one that is not."""
        archive = request.env["client.hub.invoice.archive"]._get_own(archive_id)
        if not archive:
            raise NotFound()
        return archive

    def _archives_page(self, error: str = "") -> Response:
        archives = request.env["client.hub.invoice.archive"]._get_own()
        values = self._prepare_portal_layout_values() | {
            "page_name": "invoice_archives",
            "archives": archives,
            "left_out": archives._get_left_out(),
            "error": error,
        }
        return request.render(
            "client_hub.portal_invoice_archives", values, status=422 if error else 200
        )

    def _send_download(self, download: Download) -> Response:
        """Stream a temporary file, which vanishes when it is closed."""
        headers = [
            ("Content-Type", download.mimetype),
            ("Content-Length", str(os.fstat(download.file.fileno()).st_size)),
            ("Content-Disposition", content_disposition(download.name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        # Core filters the socket of the server out of what controllers see.
        environ = request.httprequest._HTTPRequest__environ
        connection = environ.get("werkzeug.socket") if config["workers"] else None
        body = Body(download.file, download.places, connection)
        return Response(body, headers=headers, direct_passthrough=True)
