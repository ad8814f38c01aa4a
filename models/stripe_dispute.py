from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from odoo import api, fields, models

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as stripe_const

ACTIVITY = "client_hub.mail_activity_type_dispute"
CLOSED = ("won", "lost", "warning_closed", "prevented")


class ClientHubStripeDispute(models.Model):
    """A payment that the client's bank takes back, until it is decided.

    Stripe withdraws the money when the dispute begins, and gives it back if it is won:
    each is a payment of its own, see ``account.payment._match_money_back``. While it is
    open, its documents are neither payable nor reminded of.
    """

    _name = "client.hub.stripe.dispute"
    _description = "Disputed Online Payment"
    _order = "id desc"

    name = fields.Char(string="Dispute", required=True, readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    provider_id = fields.Many2one(related="transaction_id.provider_id", store=True)
    company_id = fields.Many2one(
        related="transaction_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    partner_id = fields.Many2one(related="transaction_id.partner_id")
    amount = fields.Monetary(readonly=True)
    reason = fields.Char(readonly=True)
    status = fields.Char(required=True, readonly=True)
    due_by = fields.Datetime(string="Answer by", readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    payment_id = fields.Many2one(
        "account.payment", string="Money Withdrawn", readonly=True, ondelete="set null"
    )
    paused_invoice_ids = fields.Many2many(
        "account.move", string="Reminders Paused", readonly=True
    )

    _dispute_unique = models.Constraint(
        "UNIQUE(provider_id, name)", "This dispute is recorded already."
    )

    @api.depends("status")
    def _compute_is_open(self) -> None:
        for dispute in self:
            dispute.is_open = dispute.status not in CLOSED

    # ------------------------------------------------------------ what Stripe tells

    @api.model
    def _settle(self, transaction_sudo: Any, given: dict[str, Any]) -> None:
        """Ask Stripe about a dispute, and book what it answers. Idempotent.

        :param given: what an event told, which only says that there is news
        :raises stripe.StripeError: if Stripe cannot be asked
        """
        transaction_sudo._settle_payment()
        if transaction_sudo.state != "done":
            return
        answer = transaction_sudo.provider_id._read_stripe_dispute(given["id"])
        dispute = self.search(
            [
                ("transaction_id", "=", transaction_sudo.id),
                ("name", "=", answer["id"]),
            ]
        )
        was_closed = bool(dispute) and not dispute.is_open
        due_by = dispute.due_by if dispute else None
        values = self._read_values(transaction_sudo, answer)
        if dispute:
            dispute.write(values)
        else:
            dispute = self.create(values)
        if answer["currency"].upper() == dispute.currency_id.name:
            dispute._book(_is_withdrawn(answer))
        elif due_by is None:
            dispute._in_staff_language()._note_other_currency(
                answer["currency"].upper()
            )
        if not dispute.is_open and not was_closed:
            dispute._in_staff_language()._note_closed()
        elif dispute.is_open and (due_by is None or due_by != dispute.due_by):
            dispute._in_staff_language()._note_opened()

    @api.model
    def _read_values(
        self, transaction_sudo: Any, answer: dict[str, Any]
    ) -> dict[str, Any]:
        currency, amount = transaction_sudo.currency_id, transaction_sudo.amount
        if answer["currency"].upper() == currency.name:  # else at most all of it
            amount = payment_utils.to_major_currency_units(
                answer["amount"],
                currency,
                stripe_const.CURRENCY_DECIMALS.get(currency.name),
            )
        due_by = (answer.get("evidence_details") or {}).get("due_by")
        return {
            "name": answer["id"],
            "transaction_id": transaction_sudo.id,
            "amount": amount,
            "reason": answer.get("reason"),
            "status": answer["status"],
            "due_by": datetime.utcfromtimestamp(due_by) if due_by else False,
        }

    # ------------------------------------------------------------ booking

    def _book(self, is_withdrawn: bool) -> None:
        """Book the money that went, or came back, unless that is booked."""
        self.ensure_one()
        if is_withdrawn and not self.payment_id:
            self._withdraw()
        elif self.payment_id and not is_withdrawn:
            memo = self.env._("Dispute %(name)s won", name=self.name)
            self.payment_id._reverse_money_back(memo)

    def _withdraw(self) -> None:
        paid = self.transaction_id._get_original_payment()
        paid = paid.with_company(self.company_id)
        if not paid:
            return  # there is nothing booked that could be taken back
        self.payment_id = paid.create(
            paid._prepare_return_values(
                "outbound",
                self.amount,
                self.env._("Dispute %(name)s", name=self.name),
            )
        )
        self.payment_id.action_post()
        self.payment_id._match_money_back(paid)

    # ------------------------------------------------------------ staff

    def _note_other_currency(self, currency: str) -> None:
        """Tell staff to book a dispute that is not in the currency of its payment."""
        self.transaction_id._tell_staff(
            self.env._(
                "The dispute %(name)s of the payment %(reference)s is in %(currency)s,"
                " the payment is not. Nothing is booked about it: book what Stripe"
                " withdraws or pays back by hand.",
                name=self.name,
                reference=self.transaction_id.reference,
                currency=currency,
            )
        )

    def _note_opened(self) -> None:
        """Mark the documents, and tell staff until when to answer."""
        self.ensure_one()
        transaction = self.transaction_id
        documents = transaction.invoice_ids.filtered(
            lambda move: move.state == "posted" and not move.no_followup
        )
        documents.no_followup = True
        self.paused_invoice_ids |= documents
        self._forget_activity()
        due = self.due_by and fields.Datetime.context_timestamp(self, self.due_by)
        text = self.env._(
            "The client disputes %(amount)s of the payment %(reference)s (%(reason)s)."
            " Send your evidence at Stripe in time; without it the money is lost.",
            amount=self.currency_id.format(self.amount),
            reference=transaction.reference,
            reason=self._get_reason_text(),
        )
        transaction._tell_staff(text, due and due.date(), ACTIVITY)
        transaction._log_message_on_linked_documents(text)

    def _note_closed(self) -> None:
        """Take the mark off the documents, and tell staff how it ended."""
        self.ensure_one()
        self.paused_invoice_ids.no_followup = False
        self.paused_invoice_ids = False
        self._forget_activity()
        values = {
            "amount": self.currency_id.format(self.amount),
            "reference": self.transaction_id.reference,
        }
        if self.status == "lost" and not self.payment_id:
            text = self.env._(
                "The dispute about %(amount)s of the payment %(reference)s is lost."
                " Nothing was booked about it: book it by hand.",
                **values,
            )
            self.transaction_id._tell_staff(text)
        elif self.status == "lost":
            text = self.env._(
                "The dispute about %(amount)s of the payment %(reference)s is lost."
                " What it had paid is open again.",
                **values,
            )
            self.transaction_id._tell_staff(text)
        else:
            text = self.env._(
                "The dispute about %(amount)s of the payment %(reference)s is over, and"
                " the money is yours.",
                **values,
            )
        self.transaction_id._log_message_on_linked_documents(text)

    def _in_staff_language(self) -> Self:
        """Return this dispute with the language of who gets its activities."""
        return self.with_env(self.transaction_id._in_staff_language().env)

    def _get_reason_text(self) -> str:
        """Return why the client disputes, in words, as Stripe names it by a code."""
        env = self.env
        texts = {
            "credit_not_processed": env._("a credit that did not arrive"),
            "duplicate": env._("paid twice"),
            "fraudulent": env._("not made by the owner of the card"),
            "product_not_received": env._("nothing was received"),
            "product_unacceptable": env._("not as agreed"),
            "subscription_canceled": env._("a subscription that was cancelled"),
            "unrecognized": env._("the payment is not recognised"),
            "debit_not_authorized": env._("a debit that was not allowed"),
            "insufficient_funds": env._("not enough money in the account"),
        }
        return texts.get(self.reason, env._("the reason is shown at Stripe"))

    def _forget_activity(self) -> None:
        self.transaction_id._get_record_for_staff().activity_unlink([ACTIVITY])


def _is_withdrawn(answer: dict[str, Any]) -> bool:
    """Tell whether the disputed money is away, going by Stripe's own account of it."""
    if answer["status"] == "won":
        return False  # the movements sum up to what exchange rates made of it
    movements = answer.get("balance_transactions") or []
    if movements:
        return sum(movement["amount"] for movement in movements) < 0
    return answer["status"] == "lost"
