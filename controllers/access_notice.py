from __future__ import annotations

from typing import Any

from odoo.http import Controller, Response, request, route

from .access_link import render_page

URL = "/my/access/stranger/<int:event_id>/<string:key>"


class ClientHubAccessNotice(Controller):
    """A client was told of a visit, and says that it was somebody else."""

    @route(
        URL, type="http", auth="public", methods=["GET"], readonly=True, sitemap=False
    )
    def access_notice(self, event_id: int, key: str, **kwargs: Any) -> Response:
        """Ask for a click. Changes nothing, and looks alike for every address."""
        return render_page("access_notice_page", action=request.httprequest.path)

    @route(URL, type="http", auth="public", methods=["POST"], sitemap=False)
    def access_notice_disown(self, event_id: int, key: str, **kwargs: Any) -> Response:
        """End what the visit of somebody else came by; answer all alike."""
        events = request.env["client.hub.access.event"]
        event_sudo = events._find_by_answer(event_id, key)
        if event_sudo:
            event_sudo._disown()
        return render_page("access_notice_done_page")
