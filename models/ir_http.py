from __future__ import annotations

from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import abort

from odoo import api, models
from odoo.http import Response, request

from ..tools import access_link_log
from .access_session import SESSION_KEY


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _register_hook(self) -> None:
        """EXTENDS base: no log line of this server shows the secret of a link."""
        super()._register_hook()
        access_link_log.install()

    @classmethod
    def _authenticate(cls, endpoint: Any) -> None:
        """EXTENDS base: sessions made by a link hold as long as their entry does.

        This is the one place that decides what a provisional session reaches: it is
        nobody's, so that every route, call and socket refuses it as it does strangers,
        and becomes the client's for the linked document alone.
        """
        provisional_uid = None
        if SESSION_KEY in request.session:
            entry_sudo = request.env["client.hub.access.session"]._get_current()
            if not entry_sudo:
                cls._end_client_session()
            elif entry_sudo._is_provisional():
                provisional_uid = cls._admit_provisionally(entry_sudo, endpoint)
            else:
                entry_sudo._resume()
        result = super()._authenticate(endpoint)
        if provisional_uid:
            # With a website whoever has no session was made its public user meanwhile.
            request.update_env(user=provisional_uid)
        return result

    @classmethod
    def _end_client_session(cls) -> None:
        request.session.logout(keep_db=True)
        request.env = api.Environment(request.env.cr, None, request.session.context)

    @classmethod
    def _admit_provisionally(cls, entry_sudo: Any, endpoint: Any) -> int | None:
        """Show the linked document, and ask for a click before anything else.

        :return: the user to show it to, None where the visitor stays a stranger
        """
        http_request = request.httprequest
        if entry_sudo._shows(http_request.path, http_request.method):
            request.update_context(client_hub_provisional=True)
            request.update_env(user=entry_sudo.user_id.id)
            return entry_sudo.user_id.id
        routing = endpoint.routing
        is_page = routing["type"] == "http" and http_request.method == "GET"
        if is_page and routing["auth"] == "user":
            target = quote(http_request.path)
            abort(request.redirect(f"/my/access/continue?next={target}"))
        return None

    @classmethod
    def _pre_dispatch(cls, rule: Any, args: dict[str, Any]) -> None:
        """EXTENDS base: a website of another company hides no linked document.

        With a website Odoo shows a client what belongs to the company of that website.
        """
        result = super()._pre_dispatch(rule, args)
        shown = request.env.context.get("allowed_company_ids")
        if shown and SESSION_KEY in request.session:
            entry_sudo = request.env["client.hub.access.session"]._get_current()
            company_id = entry_sudo.link_id.company_id.id
            # A provisional visitor stays a stranger elsewhere than on the document.
            if company_id in set(request.env.user._get_company_ids()) - set(shown):
                request.update_context(allowed_company_ids=[*shown, company_id])
        return result

    @classmethod
    def _serve_fallback(cls) -> Response | None:
        """EXTENDS base: a null byte names no file; the database would not take it."""
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _redirect(cls, location: str, code: int = 303) -> Response:
        """EXTENDS base: lead to the address that was meant where it has line breaks.

        They are legal in an encoded path, which is decoded here, and in no header.
        """
        location = location.replace("\r", "%0D").replace("\n", "%0A")
        return super()._redirect(location, code)

    @classmethod
    def _post_dispatch(cls, response: Response) -> None:
        """EXTENDS base: note which browser session an entry by link became."""
        rotates = request.session.should_rotate
        result = super()._post_dispatch(response)
        if rotates and SESSION_KEY in request.session:
            # sudo: sessions are nobody's to write.
            entries_sudo = request.env["client.hub.access.session"].sudo()
            entry_id = request.session[SESSION_KEY]["id"]
            entries_sudo.browse(entry_id).exists()._note_browser()
        return result
