from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from odoo import fields, models
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

CRON = "payment.cron_post_process_payment_tx"
_FEW = 10
# What remains of a problem once the payment is booked.
_NOT_BOOKED = {"booking": False, "amount_booking": "amount"}


class PaymentTransaction(models.Model):
    """Books what was paid through Stripe, in the request that reports it."""

    _inherit = "payment.transaction"

    client_payment_problem = fields.Selection(
        [
            ("amount", "Another amount than asked"),
            ("unapplied", "Money left over"),
            ("booking", "Not booked"),
            ("amount_booking", "Another amount than asked, not booked"),
        ],
        string="Problem of Online Payment",
        copy=False,
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    # ------------------------------------------------------------ booking at once

    def _book_now(self) -> None:
        """Book what is done and not booked; Odoo's cron tries again what fails.

        :raises psycopg2.Error: if another transaction is at it; Odoo tries the whole
            request again
        """
        for transaction in self.filtered(lambda one: one._can_be_booked_now()):
            try:
                with self.env.cr.savepoint():
                    transaction._post_process()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                _logger.exception("Payment %s was not booked", transaction.reference)
                transaction._note_not_booked()

    def _can_be_booked_now(self) -> bool:
        """Tell whether booking is due, and quick: orders make documents and mails."""
        return bool(
            self.provider_code == "stripe"
            and self.state == "done"
            and not self.is_post_processed
            and self.operation != "validation"
            and not self.payment_id
            and (self.invoice_ids or self.source_transaction_id)
            and not self.sale_order_ids
        )

    def _note_not_booked(self) -> None:
        if self.client_payment_problem in _NOT_BOOKED:
            return  # staff know
        is_other = self.client_payment_problem == "amount"
        self.client_payment_problem = "amount_booking" if is_other else "booking"
        # sudo: may be triggered by whoever pays.
        self.env.ref(CRON).sudo()._trigger()
        told = self._in_staff_language()
        told._tell_staff(
            told.env._(
                "%(amount)s arrived at Stripe as %(reference)s, but the payment could"
                " not be booked. It is tried again; the server's log says why.",
                amount=told.currency_id.format(self.amount),
                reference=self.reference,
            )
        )

    def _post_process(self) -> None:
        """EXTENDS account_payment: never post a draft because it was paid."""
        stripe = self.filtered(lambda one: one.provider_code == "stripe")
        result = super(PaymentTransaction, self - stripe)._post_process()
        for transaction in stripe:
            drafts = transaction.invoice_ids - transaction._get_posted_documents()
            if transaction.client_payment_problem in _NOT_BOOKED:
                problem = _NOT_BOOKED[transaction.client_payment_problem]
                transaction.client_payment_problem = problem
            known = transaction.payment_id
            with transaction._set_aside(drafts):
                super(PaymentTransaction, transaction)._post_process()
            if transaction.payment_id != known:
                transaction._note_unapplied()
        return result

    @contextmanager
    def _set_aside(self, documents: models.BaseModel) -> Iterator[None]:
        """Hide documents from Odoo's own steps, which would post or match them."""
        every = self.invoice_ids
        if documents:
            self.invoice_ids = [Command.set((every - documents).ids)]
        yield
        if documents:
            self.invoice_ids = [Command.set(every.ids)]

    def _get_posted_documents(self) -> models.BaseModel:
        return self.invoice_ids.filtered(lambda move: move.state == "posted")

    # ------------------------------------------------------------ the payment

    def _create_payment(self, **extra_create_values: Any) -> models.BaseModel:
        """EXTENDS account_payment: dated today, with all discounts that were granted.

        What cannot be matched stays as unapplied credit, and staff are told.
        """
        if self.provider_code != "stripe":
            return super()._create_payment(**extra_create_values)
        values = self._prepare_booking_values() | extra_create_values
        source = self.source_transaction_id
        if self.operation == "refund":
            payment = super()._create_payment(**values)
            payment._match_money_back(source._get_original_payment())
            return payment
        # A capture pays what was authorised before.
        documents = (source or self)._get_posted_documents()
        with self._set_aside(self.invoice_ids), source._set_aside(source.invoice_ids):
            payment = super()._create_payment(**values)
        self._reconcile_documents(payment, documents)
        return payment

    def _prepare_booking_values(self) -> dict[str, Any]:
        """Return what differs from the payment that Odoo would create."""
        values: dict[str, Any] = {"date": self._get_booking_date()}
        if self.operation == "refund":
            paid = self.source_transaction_id._get_original_payment()
            account = paid.destination_account_id
        else:
            documents = (self.source_transaction_id or self)._get_posted_documents()
            values["write_off_line_vals"] = self._get_discount_values()
            values["invoice_ids"] = [Command.set(documents.ids)]
            account = self._get_client_account(documents)
        if account:
            values["destination_account_id"] = account.id
        return values

    def _get_client_account(self, documents: models.BaseModel) -> models.BaseModel:
        """Return the account of what was offered, or of what the client owes."""
        client = self.partner_id.commercial_partner_id
        lines = documents._get_receivable_lines().filtered(
            lambda line: line.partner_id.commercial_partner_id == client
        )
        owed = lines.filtered(lambda line: not line.reconciled) or lines
        return self._get_root().client_account_id or owed.account_id[:1]

    def _get_booking_date(self) -> date:
        """Return today where the company is: no money event is dated back."""
        figures = self.env["client.hub.figure"].with_company(self.company_id)
        return figures._get_today()

    def _get_discount_values(self) -> list[dict[str, Any]]:
        """Return the entries for early-payment discounts the client was offered."""
        root, values = self._get_root(), []
        if "amount" in (self | root).mapped("client_payment_problem"):
            return []  # staff decide what it is for
        discounted = root.client_discounted_invoice_ids & root._get_posted_documents()
        for invoice in discounted:
            lines = invoice._get_receivable_lines()
            if len(lines) != 1 or lines.amount_residual != lines.balance:
                continue  # paid in part meanwhile: no discount on the rest
            counterparts = self.env[
                "account.move"
            ]._get_invoice_counterpart_amls_for_early_payment_discount(
                [
                    {
                        "aml": lines,
                        "amount_currency": -lines.amount_residual_currency,
                        "balance": -lines.balance,
                    }
                ],
                lines.balance - lines.discount_balance,
            )
            partner = {"partner_id": invoice.partner_id.id}
            values += [one | partner for part in counterparts.values() for one in part]
        return values

    def _reconcile_documents(
        self, payment: models.BaseModel, documents: models.BaseModel
    ) -> None:
        """Match the payment with its documents, what is due first first.

        Nothing is matched if another amount arrived than was asked.
        """
        if "amount" in (self | self._get_root()).mapped("client_payment_problem"):
            return
        # Entries that are no documents may hold items of other clients.
        client = payment.partner_id.commercial_partner_id
        lines = payment.move_id.line_ids + documents.line_ids
        lines.filtered(
            lambda line: (
                line.account_id == payment.destination_account_id
                and line.partner_id.commercial_partner_id == client
                and line.parent_state == "posted"
                and not line.reconciled
            )
        ).reconcile()

    def _note_unapplied(self) -> None:
        """Tell staff of money that no document takes."""
        payment = self.payment_id
        lines = payment._get_receivable_lines()
        rest = -sum(lines.mapped("amount_residual_currency"))
        if payment.currency_id.compare_amounts(rest, 0) <= 0:
            return
        if not self.invoice_ids and not self.source_transaction_id.invoice_ids:
            return  # it was paid on account
        self.client_payment_problem = self.client_payment_problem or "unapplied"
        told = self._in_staff_language()
        told._tell_staff(told._get_unapplied_text(rest))

    def _get_unapplied_text(self, rest: float) -> str:
        documents = (self.source_transaction_id or self).invoice_ids
        names = ", ".join(move.name or move.display_name for move in documents[:20])
        return self.env._(
            "%(rest)s of %(amount)s that were paid online for %(documents)s match no"
            " open amount: another amount was paid, or a document was paid, cancelled"
            " or reset meanwhile. The money is the client's credit: match it with other"
            " documents, or pay it back.",
            rest=self.currency_id.format(rest),
            amount=self.currency_id.format(self.amount),
            documents=names,
        )

    def _log_message_on_linked_documents(self, message: str) -> None:
        """EXTENDS account_payment: write on hundreds of documents at once, not one by
        one, as Stripe waits for the answer."""
        documents = self.invoice_ids
        if self.provider_code != "stripe" or len(documents) <= _FEW:
            return super()._log_message_on_linked_documents(message)
        with self._set_aside(documents):
            result = super()._log_message_on_linked_documents(message)
        documents._message_log_batch(
            dict.fromkeys(documents.ids, message), author_id=self.partner_id.id
        )
        return result
