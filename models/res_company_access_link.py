from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from odoo import fields, models

MODES = [
    ("instant", "Open at once"),
    ("confirm", "Ask for a click first"),
]
VISIBILITIES = [
    ("all", "All documents of the company"),
    ("addressed", "Only those addressed to them"),
]
MAX_DAYS = 3650


class ResCompany(models.Model):
    _inherit = "res.company"

    client_hub_link_days = fields.Integer(
        string="Validity of links",
        default=60,
        required=True,
        groups="base.group_user",
        help="Days after sending during which a link in a mail lets the client in.",
    )
    client_hub_link_days_after_due = fields.Integer(
        string="Validity of links after the due date",
        default=30,
        required=True,
        groups="base.group_user",
        help="Links to a document stay valid at least until that many days after its "
        "due date; 0 if they shall not.",
    )
    client_hub_link_mode = fields.Selection(
        MODES,
        string="Opening a link",
        default="instant",
        required=True,
        groups="base.group_user",
    )
    client_hub_portal_visibility = fields.Selection(
        VISIBILITIES,
        string="What contacts see",
        default="all",
        required=True,
        groups="base.group_user",
    )

    _client_hub_link_days_check = models.Constraint(
        f"CHECK (client_hub_link_days BETWEEN 1 AND {MAX_DAYS})",
        "The validity of links has to be between 1 and 3650 days.",
    )
    _client_hub_link_days_after_due_check = models.Constraint(
        f"CHECK (client_hub_link_days_after_due BETWEEN 0 AND {MAX_DAYS})",
        "The validity of links after the due date has to be between 0 and 3650 days.",
    )

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS base: what contacts see is cached, and computed anew."""
        result = super().write(vals)
        if "client_hub_portal_visibility" in vals:
            self.env.registry.clear_cache()
        return result

    def _get_client_link_expiry(self, due_date: date | None) -> datetime:
        """Return until when a link sent now is valid, in UTC.

        :param due_date: of its document, if that has one
        """
        self.ensure_one()
        expiry = fields.Datetime.now() + timedelta(days=self.client_hub_link_days)
        days = self.client_hub_link_days_after_due
        if not days or not due_date:
            return expiry
        # The day ends for the last client on earth twelve hours after it does in UTC.
        end = datetime.combine(due_date, time()) + timedelta(days=days + 1, hours=12)
        return max(expiry, end)
