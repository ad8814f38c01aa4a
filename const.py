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
#: Seconds to connect, and to wait for an answer.
STRIPE_TIMEOUT = (5.0, 20.0)
#: How often a request with an idempotency key is sent again if it gets no answer.
STRIPE_RETRIES = 2
