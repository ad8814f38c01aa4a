from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ..tools import online_payment_amounts as amounts
from ..tools.online_payment_amounts import Item
from ..tools.online_payment_offer import Offer, Offers
from .client_figure import SALE_TYPES

_INVOICES = ("out_invoice", "out_refund")
_SETTLED = ("paid", "reversed", "invoicing_legacy")
_LEADS_NOWHERE = ("none", "custom")


class ClientHubOnlinePayment(models.AbstractModel):
    """What clients can pay online, and how much that is today.

    Amounts are always computed here, never taken from a page. Callers hand over
    documents that the payer may see.
    """

    _name = "client.hub.online.payment"
    _description = "Online Payment by Clients"

    # ------------------------------------------------------------------- offers

    @api.model
    def _get_payables(
        self, moves: models.BaseModel, everything: bool = False
    ) -> Offers:
        """Return what can be paid of documents, with one payment each.

        One payment is of one company, currency and receivable account. Credit notes
        among the documents are set off, what is due first first.

        :param moves: documents of one client that the payer may see
        :param everything: the whole balance: also set off what is unapplied, and ask
            for what is owed by entries that are no documents
        """
        # sudo: portal users may not read all that decides; the caller has checked
        # that they may see these documents.
        moves_sudo = moves.sudo()
        refused = dict(self._refuse(moves_sudo))
        lines_sudo = self._get_open_lines(
            moves_sudo.filtered(lambda move: move.id not in refused)
        )
        if everything:
            lines_sudo |= self._get_other_lines(moves_sudo)
        found = Offers(refused=refused)
        groups = lines_sudo.grouped(
            lambda line: (line.company_id, line.currency_id, line.account_id)
        )
        for (company, currency, account), group in groups.items():
            payer = self._get_payer(moves_sudo, company)
            offer = self._make_offer(payer, company, currency, account, group)
            if offer:
                found.offers.append(offer)
        return found

    @api.model
    def _get_offer(self, move: models.BaseModel) -> tuple[Offer | None, str]:
        """Return how one document can be paid, or None and the key of the reason.

        The reason is "" if nobody takes money for it online.
        """
        found = self._get_payables(move)
        return next(iter(found.offers), None), found.refused.get(move.id, "")

    @api.model
    def _make_offer(
        self,
        payer: models.BaseModel,
        company: models.BaseModel,
        currency: models.BaseModel,
        account: models.BaseModel,
        lines_sudo: models.BaseModel,
    ) -> Offer | None:
        """Return what can be paid of open items, None if nothing is left or nobody
        takes the money."""
        # sudo: whoever holds a link need not belong to the company.
        figures_sudo = self.env["client.hub.figure"].sudo().with_company(company)
        today = figures_sudo._get_today()
        items = [self._make_item(line, today) for line in lines_sudo]
        options = amounts.options(items, today)
        if not options or not self._get_provider(company, currency, payer):
            return None
        return Offer(
            company, payer, currency, account, lines_sudo, items, options, today
        )

    @api.model
    def _make_item(self, line_sudo: models.BaseModel, today: date) -> Item:
        move_sudo, currency = line_sudo.move_id, line_sudo.currency_id
        discount = 0.0
        if self._has_discount(line_sudo, today):
            discount = line_sudo.amount_currency - line_sudo.discount_amount_currency
        digits = currency.decimal_places
        return Item(
            document=move_sudo.id,
            label=move_sudo.name,
            due=line_sudo.date_maturity or line_sudo.date,
            amount=amounts.to_units(line_sudo.amount_residual_currency, digits),
            discount=max(0, amounts.to_units(discount, digits)),
        )

    @api.model
    def _has_discount(self, line_sudo: models.BaseModel, today: date) -> bool:
        """Tell whether paying this item today earns its early-payment discount."""
        move_sudo = line_sudo.move_id
        return (
            line_sudo.display_type == "payment_term"
            and move_sudo.move_type in ("out_invoice", "out_receipt")
            # Asked first, as core reads all lines of the document.
            and move_sudo.invoice_payment_term_id.early_discount
            and move_sudo._is_eligible_for_early_payment_discount(
                line_sudo.currency_id, today
            )
        )

    # -------------------------------------------------------------------- items

    @api.model
    def _get_open_lines(self, moves_sudo: models.BaseModel) -> models.BaseModel:
        """Return what is open on documents, in sudo as they are."""
        # sudo: see _get_payables.
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", moves_sudo.ids),
                    ("display_type", "=", "payment_term"),
                    ("account_type", "=", "asset_receivable"),
                    ("reconciled", "=", False),
                    ("amount_residual_currency", "!=", 0),
                ]
            )
        )

    @api.model
    def _get_other_lines(self, moves_sudo: models.BaseModel) -> models.BaseModel:
        """Return the open items of a client's account that are on no invoice.

        Receipts, money that is unapplied, opening balances and the like, in companies
        in which some invoice is to be paid.
        """
        client = moves_sudo.commercial_partner_id
        # sudo: see _get_payables.
        lines_sudo = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("partner_id", "child_of", client.ids),
                    ("company_id", "in", moves_sudo.company_id.ids),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual_currency", "!=", 0),
                    ("move_id.move_type", "not in", _INVOICES),
                ]
            )
        )
        others_sudo = lines_sudo.move_id - moves_sudo
        busy = self._get_busy(others_sudo)
        return lines_sudo.filtered(
            lambda line: (
                line.move_id in others_sudo
                and line.move_id not in busy
                and not self._is_blocked(line.move_id)
            )
        )

    # ----------------------------------------------------------------- refusals

    @api.model
    def _get_reasons(self) -> dict[str, str]:
        """Return what clients are told about what they cannot pay, by key."""
        return {
            "closed": self.env._("This document cannot be paid."),
            "blocked": self.env._("Please ask us before you pay this document."),
            "processing": self.env._("A payment is being processed."),
            "disputed": self.env._("A payment of it is disputed with your bank."),
            "paid": self.env._("Nothing is left to pay."),
        }

    @api.model
    def _refuse(self, moves_sudo: models.BaseModel) -> Iterator[tuple[int, str]]:
        """Yield the documents that cannot be paid, with the key of the reason."""
        busy = self._get_busy(moves_sudo)
        disputed = moves_sudo._get_client_disputed()
        for move_sudo in moves_sudo:
            reason = self._get_refusal(move_sudo, busy)
            if move_sudo in disputed and reason in ("", "blocked"):
                reason = "disputed"
            if reason:
                yield move_sudo.id, reason

    @api.model
    def _get_refusal(self, move_sudo: models.BaseModel, busy: models.BaseModel) -> str:
        """Return the key of the reason why a document cannot be paid, "" if it can.

        :param busy: documents with a payment on its way
        """
        if move_sudo.state != "posted" or move_sudo.move_type not in SALE_TYPES:
            return "closed"
        if move_sudo in busy or move_sudo.payment_state == "in_payment":
            return "processing"
        if move_sudo.payment_state in _SETTLED or not self._is_open(move_sudo):
            return "paid"
        return "blocked" if self._is_blocked(move_sudo) else ""

    @api.model
    def _is_open(self, move_sudo: models.BaseModel) -> bool:
        return not move_sudo.currency_id.is_zero(move_sudo.amount_residual)

    @api.model
    def _is_blocked(self, move_sudo: models.BaseModel) -> bool:
        """Tell whether staff want no payment of this document; extend it for others."""
        return move_sudo.payment_state == "blocked"

    @api.model
    def _get_busy(self, moves_sudo: models.BaseModel) -> models.BaseModel:
        """Return the documents with a payment that has not ended yet."""
        if not moves_sudo:
            return moves_sudo
        transactions_sudo = self.env["payment.transaction"].sudo()
        return transactions_sudo.search(
            Domain("invoice_ids", "in", moves_sudo.ids)
            & Domain("provider_code", "not in", _LEADS_NOWHERE)
            & Domain("operation", "not in", ("refund", "validation"))
            & (
                Domain("state", "in", ("pending", "authorized"))
                | Domain("state", "=", "done") & Domain("is_post_processed", "=", False)
            )
        ).invoice_ids
