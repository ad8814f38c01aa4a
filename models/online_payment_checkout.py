from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from odoo import api, models
from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import online_payment_amounts as amounts
from ..tools.online_payment import Payable, PayLine
from ..tools.online_payment_amounts import ALL, PART, AmountError, Item, Line
from ..tools.online_payment_offer import Offer, Offers
from .invoice_archive_choice import is_id

#: Documents that are ticked, and of a whole balance.
MAX_TICKED = 200
MAX_DOCUMENTS = 500
# Stripe's page takes a hundred.
_MAX_LINES = 100


class ClientHubOnlinePaymentCheckout(models.AbstractModel):
    """From what a client chose to Stripe's page."""

    _inherit = "client.hub.online.payment"

    # ------------------------------------------------------------------- choosing

    @api.model
    def _find(self, ids: Sequence[str]) -> tuple[models.BaseModel, int]:
        """Return the documents of the user's client that were chosen.

        :param ids: as they come from the browser
        :return: the documents, and how many of the ids are none of them
        :raise UserError: if there are too many
        """
        if len(ids) > MAX_TICKED:
            raise UserError(self._get_too_many_text(MAX_TICKED))
        wanted = {*map(int, filter(is_id, ids))}
        found = self._search_own(Domain("id", "in", [*wanted]))
        return found, len(wanted) - len(found)

    @api.model
    def _find_open(self) -> models.BaseModel:
        """Return all documents of the user's client on which something is open.

        :raise UserError: if there are too many
        """
        found = self._search_own(
            Domain("amount_residual", "!=", 0) & Domain("payment_state", "!=", "paid")
        )
        if len(found) > MAX_DOCUMENTS:
            raise UserError(self._get_too_many_text(MAX_DOCUMENTS))
        return found

    @api.model
    def _search_own(self, domain: Domain) -> models.BaseModel:
        # As the user: what the rules hide is not found.
        own = self.env["client.hub.invoice.archive"]._get_own_documents()
        return self.env["account.move"].search(
            own & domain, order="invoice_date_due, id", limit=MAX_DOCUMENTS + 1
        )

    @api.model
    def _get_too_many_text(self, most: int) -> str:
        return self.env._(
            "At most %s documents can be paid at once. Tick fewer of them.", most
        )

    @api.model
    def _sees_all(self) -> bool:
        """Tell whether the user sees the whole account of the client."""
        return self.env["client.hub.statement"]._get_portal_visible_sql() is None

    @api.model
    def _get_balance(self) -> Offers:
        """Return what the user can pay to owe nothing any more.

        :raise UserError: if there are too many documents
        """
        return self._get_payables(self._find_open(), everything=self._sees_all())

    # ------------------------------------------------------------------ preparing

    @api.model
    def _prepare(
        self,
        moves: models.BaseModel,
        choice: str = ALL,
        amount: str = "",
        everything: bool = False,
    ) -> list[Payable]:
        """Return what is to be paid, with the documents locked until the end.

        :param moves: documents of one client that the payer may see
        :param choice: of ``CHOICES``
        :param amount: as typed, with the choice ``PART``
        :param everything: see :meth:`_get_payables`
        :raise UserError: if an amount cannot be paid
        """
        found = self._get_payables(moves, everything)
        return [self._make_payable(offer, choice, amount) for offer in found.offers]

    @api.model
    def _make_payable(self, offer: Offer, choice: str, amount: str = "") -> Payable:
        """Return the payment of an offer, its documents locked.

        Whatever changed since they were read makes the request start again.

        :raise UserError: if the amount cannot be paid
        """
        self._lock(offer.lines)
        currency, digits = offer.currency, offer.currency.decimal_places
        try:
            items, lines = self._choose(offer, choice, amount)
            lines = amounts.payable(lines, currency.name, digits)
            amounts.check(amounts.total(lines), currency.name, digits)
        except AmountError as error:
            raise UserError(self._get_amount_text(error, currency)) from error
        paid = {line.document for line in lines}
        paid |= {item.document for item in items if item.amount < 0}
        paid |= {item.document for item in items if item.discount}
        moves = offer.moves.filtered(lambda move: move.id in paid)
        discounted = {item.document for item in items if item.discount}
        return Payable(
            company=offer.company,
            partner=offer.partner,
            currency=currency,
            account=offer.account,
            invoices=moves,
            lines=self._make_lines(lines, digits),
            amount=amounts.from_units(amounts.total(lines), digits),
            discounted=moves.filtered(lambda move: move.id in discounted),
        )

    @api.model
    def _lock(self, lines: models.BaseModel) -> None:
        """Lock open items and their documents; who has them now goes first."""
        try:
            lines.move_id.lock_for_update(allow_referencing=True)
            lines.lock_for_update(allow_referencing=True)
        except LockError as error:
            # The request is tried again, and then sees what the other one did.
            raise ConcurrencyError(str(error)) from error
        # A lock alone leaves no trace: whoever began before this payment is seen, and
        # locks after it, fails by this and begins again.
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET write_date = write_date"
                " WHERE id = ANY(%s)",
                lines.ids,
            )
        )

    @api.model
    def _choose(
        self, offer: Offer, choice: str, amount: str
    ) -> tuple[list[Item], list[Line]]:
        """Return the items that are paid, and what is to be paid of each document.

        :raise AmountError: if the amount that was typed cannot be paid
        :raise UserError: if the company wants no such amounts
        """
        if choice != PART:
            items = amounts.choose(
                offer.items, offer.get_option(choice).choice, offer.today
            )
            return items, amounts.set_off(items)
        if not offer.company.client_hub_pay_partial:
            raise UserError(
                self.env._("Amount: please choose one of the amounts that are offered.")
            )
        units = amounts.read_amount(amount, offer.currency.decimal_places)
        whole = offer.get_option(ALL).total
        if units == whole:
            return self._choose(offer, ALL, "")
        if units > whole:
            raise AmountError("too_much", whole)
        items = amounts.without_discount(offer.items)
        return items, amounts.cut(amounts.set_off(items), units)

    @api.model
    def _make_lines(self, lines: Sequence[Line], digits: int) -> list[PayLine]:
        label = self.env._("%s further documents", len(lines) - _MAX_LINES + 1)
        return [
            PayLine(line.document, line.label, amounts.from_units(line.amount, digits))
            for line in amounts.join(lines, _MAX_LINES, label)
        ]

    @api.model
    def _get_amount_text(self, error: AmountError, currency: models.BaseModel) -> str:
        """Return what is wrong with an amount and what to do, for the client."""
        bound = currency.format(
            amounts.from_units(error.bound, currency.decimal_places)
        )
        texts = {
            "too_precise": self.env._(
                "Amount: %(currency)s has at most %(digits)s decimals.",
                currency=currency.name,
                digits=currency.decimal_places,
            ),
            "too_small": self.env._(
                "Amount: the least that can be paid online is %s. Please choose more,"
                " or pay by bank transfer.",
                bound,
            ),
            "too_large": self.env._(
                "Amount: at most %s can be paid online at once. Please choose less, or"
                " pay by bank transfer.",
                bound,
            ),
            "too_much": self.env._("Amount: no more than %s is open.", bound),
        }
        wrong = self.env._("Amount: please write a number, such as 120.50.")
        return texts.get(error.reason, wrong)

    # -------------------------------------------------------------------- opening

    @api.model
    def _open_checkout(
        self, offer: Offer, back: str, choice: str = "", amount: str = ""
    ) -> str:
        """Return the address of Stripe's page for an offer.

        :param back: path of the page that the client leaves
        :param choice: of ``CHOICES``; by default what is offered first
        :param amount: as typed, with the choice ``PART``
        :raise UserError: if the amount cannot be paid, or Stripe does not answer
        """
        payable = self._make_payable(offer, choice or offer.preferred, amount)
        transaction_sudo = self.env["payment.transaction"]._create_checkout(
            payable, landing_route="/my"
        )
        transaction_sudo.landing_route = self._get_landing_route(transaction_sudo, back)
        return transaction_sudo._get_checkout_url()

    @api.model
    def _get_landing_route(self, transaction_sudo: models.BaseModel, back: str) -> str:
        """Return the path of the page that tells how a payment ended."""
        token = self._sign("landing", transaction_sudo.id, back)
        query = urlencode({"access_token": token, "back": back})
        return f"/my/pay/done/{transaction_sudo.id}?{query}"
