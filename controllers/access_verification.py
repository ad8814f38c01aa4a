from __future__ import annotations

from typing import Any

from odoo.http import Controller, Response, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .access_link import render_page


class ClientHubAccessVerification(Controller):
    """The code that a client who entered by a link types before some changes."""

    @route(
        "/my/access/code",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def access_code(self, **kwargs: Any) -> Response:
        """Offer to mail a code."""
        return render_page("access_verification_page", state="ask")

    @route(
        "/my/access/code/send",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def access_code_send(self, **kwargs: Any) -> Response:
        """Mail a code to the address on file."""
        entry_sudo = request.env["client.hub.access.session"]._get_current()
        if entry_sudo:
            selector = entry_sudo.link_id.selector
            request.env["client.hub.access.request"]._ask("change", selector=selector)
        return render_page("access_verification_page", state="sent")

    @route("/my/access/code", type="http", auth="user", methods=["POST"], sitemap=False)
    def access_code_check(self, code: Any = "", **kwargs: Any) -> Response:
        """Check the code that was typed."""
        entry_sudo = request.env["client.hub.access.session"]._get_current()
        right = entry_sudo._verify(code)
        state = "verified" if right else "wrong"
        return render_page(
            "access_verification_page", status=200 if right else 403, state=state
        )


class ClientHubAddress(CustomerPortal):
    def _validate_address_values(
        self,
        address_values: dict[str, Any],
        partner_sudo: Any,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[set[str], set[str], list[str]]:
        """EXTENDS portal: say in the form that a code is needed."""
        invalid, missing, messages = super()._validate_address_values(
            address_values, partner_sudo, *args, **kwargs
        )
        sessions = request.env["client.hub.access.session"]
        if (
            partner_sudo
            and partner_sudo._changes_identity(address_values)
            and sessions._needs_code()
        ):
            messages.append(sessions._get_code_message())
        return invalid, missing, messages
