from __future__ import annotations

from typing import Any

from odoo import models
from odoo.http import Response, request

PREVIEW_KEY = "client_hub_preview"


class IrHttp(models.AbstractModel):
    """Staff see the portal as a client does, and leave no mark.

    The browser session stays that of the staff. Only pages of the portal are rendered
    with the rights of the client's user, and all they did is undone afterwards.
    """

    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint: Any) -> None:
        """EXTENDS base: render the pages of the portal as the client's user."""
        result = super()._authenticate(endpoint)
        if PREVIEW_KEY in request.session and cls._is_client_preview(endpoint):
            contact_sudo = cls._get_client_preview_contact()
            if contact_sudo:
                user_sudo = contact_sudo._get_client_user(request.env.company)
                request.session.can_save = False
                request.update_context(client_hub_preview=contact_sudo.id)
                request.update_env(user=user_sudo.id)
        return result

    @classmethod
    def _is_client_preview(cls, endpoint: Any) -> bool:
        path = request.httprequest.path
        return (
            request.httprequest.method in ("GET", "HEAD")
            and endpoint.routing["type"] == "http"
            and (path == "/my" or path.startswith("/my/"))
            and not path.startswith("/my/access/")
        )

    @classmethod
    def _get_client_preview_contact(cls) -> Any:
        """Return the contact in sudo, none if the user may not see as it sees."""
        contact_id = request.session[PREVIEW_KEY]
        contact = request.env["res.partner"].browse(contact_id)
        return contact._get_client_preview()

    @classmethod
    def _post_dispatch(cls, response: Response) -> None:
        """EXTENDS base: undo what the pages shown to staff have written."""
        result = super()._post_dispatch(response)
        if request.env.context.get("client_hub_preview"):
            response.headers["Cache-Control"] = "no-store"
            request.env.cr.rollback()
        return result
