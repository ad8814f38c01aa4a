from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessDenied
from odoo.http import Controller, Response, request, route

from ..tools import access_link as link_tools
from .access_link import render_page


class ClientHubAccessSession(Controller):
    """From a provisional session to the client's own."""

    @route(
        "/my/access/continue",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def access_continue(self, next: Any = "", **kwargs: Any) -> Response:  # noqa: A002
        """Ask for a click before anything but the linked document is shown."""
        path = link_tools.safe_page(next)
        if not request.env["client.hub.access.session"]._get_current():
            return request.redirect(path)
        return render_page("access_continue_page", path=path)

    @route(
        "/my/access/confirm",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def access_confirm(self, next: Any = "", **kwargs: Any) -> Response:  # noqa: A002
        """Sign the client in: somebody has touched the page."""
        entry_sudo = request.env["client.hub.access.session"]._get_current()
        try:
            if entry_sudo._is_provisional():
                entry_sudo._confirm_in_place()
        except AccessDenied:
            entry_sudo = entry_sudo.browse()
        if next:
            return request.redirect(link_tools.safe_page(next), code=303)
        return Response(status=204 if entry_sudo else 403)
