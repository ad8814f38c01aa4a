from __future__ import annotations

import secrets
from typing import Any

from markupsafe import Markup

from odoo.http import Controller, Response, request, route

from ..tools import access_link as link_tools

# A page's token is good for that long, and for one entry.
TOKEN_SECONDS = 3600
NO_SELECTOR = "0" * 22
STATUSES = {
    "unknown": 403,
    "expired": 403,
    "revoked": 403,
    "refused": 403,
    "limited": 429,
}
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
}


def render_page(template: str, status: int = 200, **values: Any) -> Response:
    """Render a page of the entry: it names nobody, and loads nothing from elsewhere."""
    # Some seconds at random, so that no two pages hold the same token.
    token = request.csrf_token(TOKEN_SECONDS + secrets.randbelow(TOKEN_SECONDS))
    values = {
        "token": token,
        "doctype": Markup("<!DOCTYPE html>"),
        "html_lang": (request.env.lang or "en_US").replace("_", "-"),
        "company": request.env.company.sudo(),
        **values,
    }
    response = request.render(f"client_hub.{template}", values, status=status)
    response.headers.update(HEADERS)
    return response


class ClientHubAccessLink(Controller):
    """The entry by a magic link."""

    @route(
        "/my/access/<string:selector>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def access_link(self, selector: str, **kwargs: Any) -> Response:
        """Show the page that enters: by itself, or after a click. Changes nothing."""
        selector = self._get_selector(selector)
        link_sudo = request.env["client.hub.access.link"]._find(selector)
        if request.env.user._is_internal():
            return self._render_staff(link_sudo)
        # sudo: visitors may not read companies; unknown links look like any other.
        company_sudo = link_sudo.company_id or request.env.company.sudo()
        mode = company_sudo.client_hub_link_mode
        return render_page("access_link_page", mode=mode, selector=selector)

    @route(
        "/my/access/<string:selector>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def access_link_enter(self, selector: str, **kwargs: Any) -> Response:
        """Let the client in who sends the secret of the link, or a code."""
        # Not from the query of the address, which servers write into logs.
        form = request.httprequest.form
        verifier, code = form.get("verifier", ""), form.get("code", "")
        links = request.env["client.hub.access.link"]
        link_sudo, state = links._check_entry(selector, verifier, code)
        if request.env.user._is_internal():
            return self._render_staff(link_sudo)
        if state:
            return self._render_refusal(state, self._get_selector(selector))
        nonce = form.get("csrf_token", "")
        path = link_sudo._enter(request.env.user, nonce, is_code=bool(code))
        if not path:
            return self._render_refusal("unknown", self._get_selector(selector))
        return self._redirect(path)

    @route(
        "/my/access/<string:selector>/renew",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def access_link_renew(self, selector: str, **kwargs: Any) -> Response:
        """Mail a code, or a fresh link for a dead one, to the address on file."""
        selector = self._get_selector(selector)
        request.env["client.hub.access.request"]._ask("entry", selector=selector)
        return render_page("access_link_code_page", selector=selector)

    @route(
        "/my/access/request",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def access_link_request(self, **kwargs: Any) -> Response:
        """Ask for an address."""
        return render_page("access_link_request_page", sent=False)

    @route(
        "/my/access/request",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def access_link_request_mail(self, email: Any = "", **kwargs: Any) -> Response:
        """Mail a link to an address if it is known; answer the same if not."""
        email = email if isinstance(email, str) else ""
        request.env["client.hub.access.request"]._ask("link", email=email)
        return render_page("access_link_request_page", sent=True)

    @route(
        "/my/access/document/<string:model>/<int:res_id>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def access_link_document(self, model: str, res_id: int, **kwargs: Any) -> Response:
        """Lead to a document whoever may see it, and tell nobody else about it."""
        user = request.env.user
        if user._is_public():
            return self._redirect("/my/access/request")
        links = request.env["client.hub.access.link"]
        record = links._find_document(model, res_id)
        if user._is_internal():
            return self._redirect(links._get_staff_path(record))
        return self._redirect(links._get_portal_path(record))

    def _get_selector(self, raw: str) -> str:
        return link_tools.split(raw).selector or NO_SELECTOR

    def _render_staff(self, link_sudo: Any) -> Response:
        path = ""
        if link_sudo.res_id:
            path = link_tools.document_path(link_sudo.res_model, link_sudo.res_id)
        return render_page("access_link_staff_page", path=path)

    def _render_refusal(self, state: str, selector: str) -> Response:
        return render_page(
            "access_link_refusal_page",
            status=STATUSES[state],
            state=state,
            selector=selector,
        )

    def _redirect(self, path: str) -> Response:
        response = request.redirect(path, code=303)
        response.headers.update(
            {key: HEADERS[key] for key in ("Referrer-Policy", "Cache-Control")}
        )
        return response
