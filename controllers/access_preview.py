from __future__ import annotations

from odoo.http import Controller, Response, request, route

from ..models.ir_http_access_preview import PREVIEW_KEY
from .access_link import render_page


class ClientHubAccessPreview(Controller):
    """Staff see the portal as a client does."""

    @route(
        "/my/access/preview/<int:partner_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def access_preview(self, partner_id: int) -> Response:
        """Say what will be shown."""
        contact_sudo = self._get_contact(partner_id)
        if not contact_sudo:
            return request.not_found()
        return render_page("access_preview_page", contact=contact_sudo)

    @route(
        "/my/access/preview/<int:partner_id>",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def access_preview_start(self, partner_id: int, **kwargs: str) -> Response:
        """Show the portal to this browser as the contact sees it."""
        contact_sudo = self._get_contact(partner_id)
        if not contact_sudo:
            return request.not_found()
        request.session[PREVIEW_KEY] = contact_sudo.id
        return request.redirect("/my", code=303)

    @route(
        "/my/access/preview/stop",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def access_preview_stop(self, **kwargs: str) -> Response:
        """Show this browser its own portal again."""
        request.session.pop(PREVIEW_KEY, None)
        return request.redirect("/odoo", code=303)

    def _get_contact(self, partner_id: int) -> object:
        known = 0 < partner_id < 2**31
        return (
            request.env["res.partner"]
            .browse(partner_id if known else [])
            ._get_client_preview()
        )
