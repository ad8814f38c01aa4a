from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.http import Response, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.invoice_archive_choice import is_id
from ..tools.online_payment_offer import Offer, Offers
from .statement import URL as STATEMENT

LIST = f"{STATEMENT}/payments"


class ClientHubOnlinePayment(CustomerPortal):
    """Pay several documents of the statement, or the whole balance."""

    @route(f"{STATEMENT}/pay", type="http", auth="user", methods=["POST"], website=True)
    def portal_statement_pay(self, **post: Any) -> Response:
        """Open the page that takes the money, or list the payments if it takes several.

        ``invoice_ids`` are the documents, or ``all`` for the whole balance; ``choice``
        is how much of them; ``offer`` is which of several payments.
        """
        try:
            found, missing = self._get_statement_offers(request.httprequest.form)
            offers = self._pick(found, post.get("offer"))
            if len(offers) != 1 or missing or (found.refused and not post.get("offer")):
                return request.redirect(self._get_list_url(), code=303)
            url = request.env["client.hub.online.payment"]._open_checkout(
                offers[0], self._get_list_url(), choice=post.get("choice") or "all"
            )
        except UserError as error:
            return self._render_list(Offers(), error=error.args[0])
        return request.redirect(url, code=303, local=False)

    @route(LIST, type="http", auth="user", methods=["GET"], website=True)
    def portal_statement_payments(self, **kwargs: Any) -> Response:
        """List the payments that settle what was chosen, and which are done."""
        try:
            found, missing = self._get_statement_offers(request.httprequest.args)
        except UserError as error:
            return self._render_list(Offers(), error=error.args[0])
        return self._render_list(found, missing)

    def _get_statement_offers(self, asked: Any) -> tuple[Offers, int]:
        """Return what can be paid of what a form or an address asks for.

        :return: also how many documents are not the client's
        :raise UserError: if that is too much, or nothing
        """
        payments = request.env["client.hub.online.payment"]
        if asked.get("all"):
            return payments._get_balance(), 0
        ids = _get_ids(asked)
        if not ids:
            raise UserError(
                request.env._("There is no document to pay. Tick at least one.")
            )
        moves, missing = payments._find(ids)
        return payments._get_payables(moves), missing

    def _pick(self, found: Offers, keys: str | None) -> list[Offer]:
        """Return the payments with these keys, all if there are none."""
        wanted = (keys or "").split()
        return [offer for offer in found.offers if not wanted or offer.key in wanted]

    def _get_list_url(self) -> str:
        """Return the address of the list of what this request chose."""
        form = request.httprequest.values
        asked = {name: form[name] for name in ("all", "choice") if form.get(name)}
        if not asked.get("all"):
            asked["invoice_ids"] = ",".join(_get_ids(form))
        return f"{LIST}?{urlencode(asked)}"

    def _render_list(
        self, found: Offers, missing: int = 0, error: str = ""
    ) -> Response:
        payments = request.env["client.hub.online.payment"]
        refused = request.env["account.move"].search([("id", "in", [*found.refused])])
        values = self._prepare_portal_layout_values() | {
            "page_name": "statement_payments",
            "offers": found.offers,
            "refused": [(move, found.refused[move.id]) for move in refused],
            "reasons": payments._get_reasons(),
            "missing": missing,
            "error": error,
            "choice": request.httprequest.values.get("choice") or "all",
            "selected": [*found.refused, *found.get_documents()],
            "whole": bool(request.httprequest.values.get("all")),
        }
        return request.render(
            "client_hub.portal_statement_payments", values, status=422 if error else 200
        )


def _get_ids(asked: Any) -> list[str]:
    """Return the ids of a form, or of an address, where commas keep it short."""
    joined = ",".join(asked.getlist("invoice_ids"))
    return [text for text in joined.split(",") if is_id(text)]
