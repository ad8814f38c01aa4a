from __future__ import annotations

import logging
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .client_unsent_mail import ACTIVITY
from .res_partner_client_360 import GROUPS

_logger = logging.getLogger(__name__)

POSTED = ("in_process", "paid")
TEMPLATE = "account.mail_template_data_payment_receipt"
CRON = "client_hub.ir_cron_client_receipts"


class AccountPayment(models.Model):
    """A client's payment is acknowledged by mail: by itself, and once.

    Posting only queues the receipt; a cron writes and sends it, so that no payment is
    delayed or undone by its receipt.
    """

    _inherit = "account.payment"

    client_receipt_state = fields.Selection(
        [("queued", "Queued"), ("sent", "Sent"), ("failed", "Not Sent")],
        string="Automatic Receipt",
        copy=False,
        readonly=True,
        groups=GROUPS,
        help="Whether the receipt was sent by itself. If it was not, an activity says "
        "why; send it from the menu Actions.",
    )

    _client_hub_receipt_queue_idx = models.Index(
        "(id) WHERE client_receipt_state = 'queued'"
    )

    # ------------------------------------------------------------ queueing

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> AccountPayment:
        """EXTENDS account: a payment may be posted from the start."""
        payments = super().create(vals_list)
        payments._queue_client_receipts()
        return payments

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS account: queue the receipt when a payment becomes posted.

        Reconciling a payment that was posted before changes its state as well, and
        queues nothing.
        """
        if vals.get("state") not in POSTED:
            return super().write(vals)
        pending = self.filtered(lambda payment: not payment._is_client_payment_posted())
        result = super().write(vals)
        pending._queue_client_receipts()
        return result

    def _queue_client_receipts(self) -> None:
        # sudo: money is booked by many, who need no right to send mail.
        due_sudo = self.sudo().filtered(
            lambda payment: (
                not payment.client_receipt_state and payment._wants_client_receipt()
            )
        )
        if due_sudo:
            due_sudo.client_receipt_state = "queued"
            # sudo: may be triggered by whoever pays.
            self.env.ref(CRON).sudo()._trigger()

    def _is_client_payment_posted(self) -> bool:
        self.ensure_one()
        return self.state in POSTED and self.move_id.state in (False, "posted")

    def _wants_client_receipt(self) -> bool:
        """Tell whether to acknowledge this payment; extend it to exclude some."""
        self.ensure_one()
        since = self.company_id.client_hub_receipts_since
        return bool(
            since
            and self.create_date >= since
            and self.partner_type == "customer"
            and self.payment_type == "inbound"
            and self.partner_id
            and not self.partner_id.commercial_partner_id.client_receipt_opt_out
            and self._is_client_payment_posted()
        )

    # ------------------------------------------------------------ sending

    @api.model
    def _cron_send_client_receipts(self) -> None:
        """Send what is queued, one transaction for each."""
        progress = self.env["ir.cron"]._commit_progress
        queued = [("client_receipt_state", "=", "queued")]
        ids = self.search(queued, order="id").ids
        progress(remaining=len(ids))
        for payment_id in ids:
            # Browsed alone, as each commit empties the cache.
            payment = self.browse(payment_id).try_lock_for_update()
            payment.filtered_domain(queued)._send_client_receipt()
            if not progress(1):
                break

    def _send_client_receipt(self) -> None:
        """Send the receipt of a queued payment, or note why that fails.

        The caller holds the lock of its row.
        """
        for payment in self:
            if not payment._wants_client_receipt():
                payment.client_receipt_state = False
                continue
            reason = payment._try_client_receipt()
            payment.client_receipt_state = "failed" if reason else "sent"
            if reason:
                reasons = {payment.id: reason}
                self.env["client.hub.unsent.mail"]._note(payment, reasons)

    def _try_client_receipt(self) -> str:
        """Post the receipt and return nothing, or why it cannot be posted."""
        try:
            with self.env.cr.savepoint():
                message = self._post_client_receipt()
                if not message.partner_ids.filtered("email"):
                    raise UserError(self._get_no_address_error())
        except UserError as error:
            return str(error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("The receipt of payment %s could not be sent", self.id)
            return self.env._(
                "The receipt could not be made; the server's log has more."
            )
        return ""

    def _post_client_receipt(self) -> models.BaseModel:
        """Post the mail which "Send receipt by email" would send."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._("Email template: the one for payment receipts was deleted.")
            )
        company = self.company_id
        sender = (
            {}
            if template.email_from
            else {
                "author_id": company.partner_id.id,
                "email_from": company.email_formatted,
            }
        )
        # Crons leave mails to the queue otherwise, which may run an hour later.
        payment = self.with_company(company).with_context(mail_notify_force_send=True)
        return payment.message_post_with_source(
            template,
            notify_skip_followers=True,
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            **sender if company.email else {},
        )

    def _get_no_address_error(self) -> str:
        return self.env._(
            "Email: %(client)s has no address to send the receipt of %(payment)s to."
            " Enter one on the client, then send the receipt.",
            client=self.partner_id.display_name,
            payment=self.display_name,
        )

    def _note_receipts_sent_by_hand(self) -> None:
        """Do not send again what staff just sent, nor list it as unsent."""
        # sudo: the state is readonly for everybody.
        self.sudo().filtered(
            lambda payment: (
                payment.client_receipt_state in ("queued", "failed")
                and not payment.activity_search([ACTIVITY])
            )
        ).client_receipt_state = "sent"
