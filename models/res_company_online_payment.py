from __future__ import annotations

from odoo import fields, models

#: Minutes; Stripe takes from half an hour to a day.
VALIDITIES = [
    ("60", "1 hour"),
    ("240", "4 hours"),
    ("720", "12 hours"),
    ("1380", "23 hours"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    client_hub_pay_partial = fields.Boolean(
        string="Partial Amounts",
        groups="base.group_user",
        help="Clients may pay any part of what is open. The rest stays due as it is.",
    )
    client_hub_pay_qr = fields.Boolean(
        string="QR Code on Invoices",
        groups="base.group_user",
        help="Invoices that are open carry a code. Whoever scans it sees number, due "
        "date and what is left to pay, and can pay it; nothing else.",
    )
    client_hub_pay_minutes = fields.Selection(
        VALIDITIES,
        string="Validity of Payment Pages",
        default="60",
        required=True,
        groups="base.group_user",
        help="How long a client may take on the page of Stripe.",
    )
