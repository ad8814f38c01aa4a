"""Names and limits that several parts of the add-on share."""

from __future__ import annotations

#: What the landing page is told about a payment, in this parameter of its address.
PAYMENT_STATUS = "payment"
#: The values: by state of the transaction when the client comes back from Stripe.
PAYMENT_STATUSES = {
    "draft": "cancelled",
    "pending": "processing",
    "authorized": "authorized",
    "done": "paid",
    "cancel": "cancelled",
    "error": "failed",
}
#: Odoo's configuration file may name another server than Stripe's, on this machine.
STRIPE_API_BASE_OPTION = "client_hub_stripe_api_base"
#: Stripe takes from 30 minutes to 24 hours.
CHECKOUT_MINUTES = 60
#: Seconds: Stripe's own recommendation against replayed messages.
STRIPE_SIGNATURE_TOLERANCE = 300
#: Bytes: the largest events are charges with a hundred refunds.
STRIPE_MAX_EVENT_BYTES = 512 * 1024
#: Seconds to wait for an answer.
STRIPE_TIMEOUT = 20.0
#: How often a request with an idempotency key is sent again if it gets no answer.
STRIPE_RETRIES = 2
#: Events of Stripe that tell of money, by what is done with them. Odoo subscribes to
#: those of ``payment_stripe.const.HANDLED_WEBHOOK_EVENTS`` alone.
STRIPE_EVENTS = {
    "payment_intent.processing": "payment",
    "payment_intent.amount_capturable_updated": "payment",
    "payment_intent.succeeded": "payment",
    "payment_intent.payment_failed": "payment",
    "payment_intent.canceled": "payment",
    "checkout.session.completed": "payment",
    "checkout.session.async_payment_succeeded": "payment",
    "checkout.session.async_payment_failed": "payment",
    "checkout.session.expired": "payment",
    "setup_intent.succeeded": "validation",
    "charge.refunded": "refund",
    "charge.refund.updated": "refund",
    "refund.created": "refund",
    "refund.updated": "refund",
    "refund.failed": "refund",
    "charge.dispute.created": "dispute",
    "charge.dispute.updated": "dispute",
    "charge.dispute.funds_withdrawn": "dispute",
    "charge.dispute.funds_reinstated": "dispute",
    "charge.dispute.closed": "dispute",
}
