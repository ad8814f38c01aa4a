from __future__ import annotations

from collections import defaultdict
from typing import Any

from odoo import fields, models

from .res_partner_client_360 import GROUPS


class AccountPayment(models.Model):
    """Money that goes back to a client, and money that comes back after that.

    Each is a payment of its own, dated today. Only matchings change: no posted entry
    is cancelled, reset or dated back, so closed periods and hashed journals stay.
    """

    _inherit = "account.payment"

    client_reverses_payment_id = fields.Many2one(
        "account.payment",
        string="Reverses",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups=GROUPS,
        help="The refund that failed, or the disputed money that came back.",
    )

    _client_reverses_unique = models.UniqueIndex(
        "(client_reverses_payment_id) WHERE client_reverses_payment_id IS NOT NULL"
    )

    def _get_receivable_lines(self) -> models.BaseModel:
        """Return the items of these payments on the account of the client."""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                or line.account_id in self.destination_account_id
            )
        )

    # ------------------------------------------------------------ going back

    def _match_money_back(self, paid: AccountPayment) -> None:
        """Match this payment to a client with what it pays back.

        First the credit notes of what was paid, then what of the original payment
        matches nothing, then the client's other credit notes. For the rest, the
        documents of the original payment are open again.

        :param paid: the original payment
        """
        self.ensure_one()
        line = self._get_receivable_lines()
        # sudo: accountants may read transactions, whoever is at work may not.
        settled = paid.reconciled_invoice_ids
        settled |= paid.sudo().payment_transaction_id._get_root().invoice_ids
        notes = self._get_open_credit_notes()
        own = notes.filtered(lambda note: note.reversed_entry_id in settled)
        for credits in (
            own._get_receivable_lines(),
            paid._get_receivable_lines(),
            (notes - own)._get_receivable_lines(),
        ):
            self._match(line, credits)
        rest = abs(line.amount_residual_currency)
        if not line.reconciled and paid:
            documents = paid._free(rest)
            self._match(line, paid._get_receivable_lines())
            self._match(paid._get_receivable_lines(), documents)

    def _get_open_credit_notes(self) -> models.BaseModel:
        """Return the credit notes that the client may still use, the oldest first."""
        return self.env["account.move"].search(
            [
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
            ],
            order="invoice_date, id",
        )

    def _match(self, line: models.BaseModel, others: models.BaseModel) -> None:
        """Match ``line`` with what is open of ``others``, of its account and client."""
        # Entries that are no documents may hold items of other clients.
        client = line.partner_id.commercial_partner_id
        others = others.filtered(
            lambda other: (
                other.account_id == line.account_id
                and other.partner_id.commercial_partner_id == client
                and other.parent_state == "posted"
                and not other.reconciled
            )
        )
        if others and not line.reconciled:
            (line + others)._client_hub_today().reconcile()

    def _free(self, amount: float) -> models.BaseModel:
        """Unmatch this payment from documents, until ``amount`` of it is free.

        A document that was paid with exactly this amount goes first, then what is due
        last, so that the oldest debts stay paid.

        :return: the items of the documents, one of them perhaps by too much
        """
        partials = self._get_receivable_lines().matched_debit_ids
        partials -= partials.filtered(
            lambda partial: partial.debit_move_id.move_id._is_money_or_difference()
        )
        currency = self.currency_id
        exact = partials.filtered(
            lambda one: not currency.compare_amounts(one.credit_amount_currency, amount)
        )
        ordered = partials.sorted(
            lambda one: (one.debit_move_id.date_maturity or one.max_date, one.id), True
        )
        chosen, freed = partials.browse(), 0.0
        for partial in exact[:1] + (ordered - exact[:1]):
            if currency.compare_amounts(freed, amount) >= 0:
                break
            chosen += partial
            freed += partial.credit_amount_currency
        lines = chosen.debit_move_id
        chosen._client_hub_today().unlink()
        return lines

    # ------------------------------------------------------------ coming back

    def _reverse_money_back(self, memo: str) -> AccountPayment:
        """Book that money paid back has come back; what it reopened is paid again.

        :param memo: why, for the new payment
        :return: the new payment, or the one that was made before
        """
        self.ensure_one()
        known = self.search([("client_reverses_payment_id", "=", self.id)], limit=1)
        if known:
            return known
        back = self.create(self._prepare_reversal_values(memo))
        back.action_post()
        line = self._get_receivable_lines()
        counterparts = line.matched_credit_ids.credit_move_id
        line.matched_credit_ids._client_hub_today().unlink()
        self._match(line, back._get_receivable_lines())
        self._pay_again(counterparts)
        return back

    def _prepare_reversal_values(self, memo: str) -> dict[str, Any]:
        values = self._prepare_return_values("inbound", self.amount, memo)
        return values | {"client_reverses_payment_id": self.id}

    def _prepare_return_values(
        self, direction: str, amount: float, memo: str
    ) -> dict[str, Any]:
        """Return a payment of today by the same way, forth or back.

        :param direction: ``inbound`` or ``outbound``
        :param amount: positive, in the currency of this payment
        """
        figures = self.env["client.hub.figure"].with_company(self.company_id)
        return {
            "payment_type": direction,
            "partner_type": "customer",
            "amount": amount,
            "currency_id": self.currency_id.id,
            "partner_id": self.partner_id.id,
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "payment_method_line_id": self.payment_method_line_id.id,
            "destination_account_id": self.destination_account_id.id,
            "date": figures._get_today(),
            "memo": memo,
        }

    def _pay_again(self, credits: models.BaseModel) -> None:
        """Match the original payments among ``credits`` with their open documents."""
        for credit in credits:
            # sudo: accountants may read transactions, whoever is at work may not.
            payment_sudo = credit.payment_id.sudo()
            transaction_sudo = payment_sudo.payment_transaction_id._get_root()
            documents = transaction_sudo._get_posted_documents()
            self._match(credit, documents._get_receivable_lines())

    # ------------------------------------------------------------ other features

    def _wants_client_receipt(self) -> bool:
        """EXTENDS the receipts: none for money that only came back."""
        # sudo: the field is for staff; receipts are queued by whoever pays.
        reverses = self.sudo().client_reverses_payment_id
        return not reverses and super()._wants_client_receipt()

    def _compute_amount_available_for_refund(self) -> None:
        """EXTENDS account_payment: with failed refunds, without what is disputed."""
        result = super()._compute_amount_available_for_refund()
        came_back = self._get_amounts_that_came_back()
        for payment in self:
            # sudo: as in Odoo's own computation.
            transaction_sudo = payment.payment_transaction_id.sudo()
            if (
                transaction_sudo.provider_code != "stripe"
                or transaction_sudo.operation == "refund"
            ):
                continue
            available = payment.amount_available_for_refund + came_back[payment.id]
            available -= transaction_sudo._get_disputed_amount()
            payment.amount_available_for_refund = max(available, 0.0)
        return result

    def _get_amounts_that_came_back(self) -> defaultdict[int, float]:
        """Return how much of the refunds of each of these payments failed, by id."""
        # sudo: as in Odoo's own computation.
        found_sudo = self.sudo().search(
            [("client_reverses_payment_id.source_payment_id", "in", self.ids)]
        )
        amounts: defaultdict[int, float] = defaultdict(float)
        for back_sudo in found_sudo:
            refunded_sudo = back_sudo.client_reverses_payment_id.source_payment_id
            amounts[refunded_sudo.id] += back_sudo.amount
        return amounts
