from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Response, request, route

from odoo.addons.account_payment.controllers.portal import PortalAccount

from .access_link import render_page

_MAX_ID = 2**31 - 1


class ClientHubOnlinePaymentDocument(PortalAccount):
    """Pay one document: from its page, or by the code that is printed on it."""

    # ---------------------------------------------------------------------- lists

    def _prepare_my_invoices_values(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """EXTENDS account: whether ticked invoices can be paid."""
        values = super()._prepare_my_invoices_values(*args, **kwargs)
        return values | {"client_hub_pay_offered": self._is_pay_offered()}

    def _prepare_home_portal_values(self, counters: list[str]) -> dict[str, Any]:
        """EXTENDS portal: whether what is owed can be paid."""
        values = super()._prepare_home_portal_values(counters)
        if not counters:
            values["client_hub_pay_offered"] = self._is_pay_offered()
        return values

    def _is_pay_offered(self) -> bool:
        user = request.env.user
        # sudo: portal users know who bills them.
        companies_sudo = user.sudo().company_ids
        payments = request.env["client.hub.online.payment"]
        return not user._is_public() and payments._is_offered(companies_sudo)

    @route()
    def portal_my_overdue_invoices(self, *args: Any, **kwargs: Any) -> Response:
        """EXTENDS account_payment: what is due, less what was paid and credited.

        Odoo's own page stays for what Stripe takes nothing of.
        """
        if self._is_pay_offered() and self._is_balance_payable():
            return request.redirect("/my/statement/payments?all=1&choice=due")
        return super().portal_my_overdue_invoices(*args, **kwargs)

    def _is_balance_payable(self) -> bool:
        try:
            return bool(request.env["client.hub.online.payment"]._get_balance().offers)
        except UserError:
            return True  # too much at once, which the list says

    # ------------------------------------------------------------ page of invoice

    def _invoice_get_page_view_values(
        self, invoice: models.BaseModel, access_token: str | None, **kwargs: Any
    ) -> dict[str, Any]:
        """EXTENDS account_payment: how the invoice can be paid through Stripe."""
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        payments = request.env["client.hub.online.payment"]
        offer, _reason = payments._get_offer(invoice)
        providers = values.get("providers_sudo")
        others = providers and providers.filtered(lambda one: one.code != "stripe")
        return values | {
            "client_hub_offer": offer,
            "client_hub_other_ways": bool(others or values.get("tokens_sudo")),
        }

    @route(
        "/my/invoices/<int:invoice_id>/pay",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_invoice_pay(
        self, invoice_id: int, access_token: str | None = None, **post: Any
    ) -> Response:
        """Open the page that takes the money for one invoice."""
        try:
            move_sudo = self._document_check_access(
                "account.move", min(invoice_id, _MAX_ID), access_token
            )
        except (AccessError, MissingError):
            raise NotFound() from None
        back = move_sudo.get_portal_url() if access_token else move_sudo.access_url
        return self._pay_document(move_sudo, back, access_token)

    # ---------------------------------------------------------- code on the paper

    @route(
        "/my/pay/<int:invoice_id>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def portal_pay(
        self, invoice_id: int, access_token: str = "", **kwargs: Any
    ) -> Response:
        """Show number, due date and what is left to pay; nothing else."""
        move_sudo = self._find_by_link(invoice_id, access_token)
        if not move_sudo:
            return self._refuse_link()
        return self._render_pay_page(move_sudo, access_token)

    @route(
        "/my/pay/<int:invoice_id>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def portal_pay_open(
        self, invoice_id: int, access_token: str = "", **post: Any
    ) -> Response:
        """Open the page that takes the money, for whoever has the link."""
        move_sudo = self._find_by_link(invoice_id, access_token)
        if not move_sudo:
            return self._refuse_link()
        if request.env["client.hub.online.payment"]._is_flooding(move_sudo):
            return _render_unknown(limited=True)
        return self._pay_document(
            move_sudo, move_sudo._get_client_pay_path(), access_token
        )

    def _find_by_link(self, invoice_id: int, token: str) -> models.BaseModel:
        """Return the invoice of a link in sudo, or none."""
        payments = request.env["client.hub.online.payment"]
        return payments._find_by_link(min(invoice_id, _MAX_ID), token)

    def _refuse_link(self) -> Response:
        """Count a wrong link; nobody learns whether there is such an invoice."""
        limited = request.env["client.hub.online.payment"]._is_guessing()
        return _render_unknown(limited)

    # ------------------------------------------------------------------- landing

    @route(
        "/my/pay/done/<int:transaction_id>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def portal_pay_done(
        self,
        transaction_id: int,
        access_token: str = "",
        back: str = "",
        **kwargs: Any,
    ) -> Response:
        """Tell how a payment ended, and lead on."""
        _speak_as_portal()
        payments = request.env["client.hub.online.payment"]
        transaction_sudo = payments._find_landing(
            min(transaction_id, _MAX_ID), access_token, back
        )
        if not transaction_sudo:
            return self._refuse_link()
        return render_page(
            "online_payment_done_page",
            transaction=transaction_sudo,
            company=transaction_sudo.company_id,
            back=back,
            signed_in=not request.env.user._is_public(),
        )

    # ------------------------------------------------------------------- helpers

    def _pay_document(
        self, move_sudo: models.BaseModel, back: str, token: str | None
    ) -> Response:
        """Go to the page that takes the money, or say why there is none.

        :param move_sudo: the document; the caller has checked the rights to it
        :param back: path of the page of the document
        """
        form = request.httprequest.form
        payments = request.env["client.hub.online.payment"]
        offer, _reason = payments._get_offer(move_sudo)
        if not offer:
            return self._render_pay_page(move_sudo, token, back)
        choice, amount = form.get("choice", ""), form.get("amount", "")
        try:
            url = payments._open_checkout(offer, back, choice, amount)
        except UserError as error:
            return self._render_pay_page(move_sudo, token, back, error.args[0], form)
        return request.redirect(url, code=303, local=False)

    def _render_pay_page(
        self,
        move_sudo: models.BaseModel,
        token: str | None,
        back: str = "",
        error: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """Show what can be paid of a document, to whoever may see that.

        :param typed: what was chosen before, so that it is not lost
        """
        _speak_as_portal()
        payments = request.env["client.hub.online.payment"]
        move_sudo = move_sudo.with_context(lang=request.env.lang)
        offer, reason = payments._get_offer(move_sudo)
        if reason == "disputed" and not payments._knows_client(move_sudo.partner_id):
            reason = "blocked"  # which of both concerns the client alone
        response = render_page(
            "online_payment_page",
            status=422 if error else 200,
            move=move_sudo,
            company=move_sudo.company_id,
            offer=offer,
            reason=reason,
            reasons=payments._get_reasons(),
            access_token=token,
            back=back,
            error=error,
            typed=typed or {},
        )
        return _allow_stripe(response)


def _allow_stripe(response: Response) -> Response:
    """Let the form of the page lead to Stripe: browsers ask that of redirects, too.

    To any address that is encrypted, as companies can give Stripe's page one of theirs.
    """
    name, places = "Content-Security-Policy", "'self' https:"
    if request.httprequest.scheme == "http":
        places += " http:"  # a server for tests has its payment page beside it
    policy = response.headers[name]
    response.headers[name] = policy.replace(
        "form-action 'self'", f"form-action {places}"
    )
    return response


def _render_unknown(limited: bool = False) -> Response:
    return render_page(
        "online_payment_unknown_page", status=429 if limited else 404, limited=limited
    )


def _speak_as_portal() -> None:
    """Use the language that was chosen at the foot of the portal, if one was."""
    code = request.httprequest.cookies.get("frontend_lang", "")
    if request.env["res.lang"]._get_data(code=code):
        request.update_context(lang=code)
