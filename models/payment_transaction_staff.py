from __future__ import annotations

from datetime import date
from typing import Self

from odoo import models
from odoo.tools import plaintext2html

ACTIVITY = "client_hub.mail_activity_type_online_payment"
ACCOUNTING = "account.group_account_invoice"


class PaymentTransaction(models.Model):
    """Tells staff what they have to look at, each in a language of their own."""

    _inherit = "payment.transaction"

    def _tell_staff(
        self, text: str, deadline: date | None = None, kind: str = ACTIVITY
    ) -> None:
        """Schedule an activity on the payment, or on a document if there is none.

        :param deadline: day by which to act; today by default
        :param kind: XML id of the type of activity
        """
        documents = (self.source_transaction_id or self).invoice_ids
        record_sudo = self._get_record_for_staff()
        if not record_sudo:
            return
        # Quick: the activity is enough, no mail is sent about it.
        record_sudo.with_context(mail_activity_quick_update=True).activity_schedule(
            kind,
            date_deadline=deadline or self._get_booking_date(),
            note=plaintext2html(text),
            user_id=self._get_responsible(documents).id,
        )

    def _get_record_for_staff(self) -> models.BaseModel:
        """Return the payment, or a document if there is none, in sudo."""
        source = self.source_transaction_id or self
        payment = self.payment_id or source._get_original_payment()
        # sudo: the client is at work, or Stripe.
        return (payment or source.invoice_ids[:1]).sudo()

    def _get_responsible(self, documents: models.BaseModel) -> models.BaseModel:
        """Return who of the accountants looks after the documents, else the first of
        the company, as an activity of nobody is seen by nobody."""
        users_sudo = documents.sudo().invoice_user_id | documents.sudo().create_uid
        users_sudo = users_sudo.filtered(
            lambda user: (
                user.active
                and user.has_group(ACCOUNTING)
                and self.company_id in user.company_ids
            )
        )
        # sudo: clients and Stripe read no users.
        return users_sudo[:1] or self.env["res.users"].sudo().search(
            [
                ("all_group_ids", "in", self.env.ref(ACCOUNTING).ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            order="id",
            limit=1,
        )

    def _in_staff_language(self) -> Self:
        """Return this transaction with the language of who gets its activities."""
        documents = (self.source_transaction_id or self).invoice_ids
        return self.with_context(lang=self._get_responsible(documents).lang)
