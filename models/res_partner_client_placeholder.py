from __future__ import annotations

from markupsafe import Markup

from odoo import api, models

from .client_placeholder import PREFIX, PlaceholderChar
from .res_partner_client_360 import GROUPS

_FIGURES = ("open_amount", "overdue_amount")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "client.hub.placeholder"]

    # Figures are not for all staff.
    client_placeholder_open_amount = PlaceholderChar(groups=GROUPS)
    client_placeholder_overdue_amount = PlaceholderChar(groups=GROUPS)

    @api.model
    def _get_client_placeholders(self) -> tuple[str, ...]:
        """EXTENDS client_hub: what the statement of a client has."""
        return ("date", *_FIGURES, *super()._get_client_placeholders())

    @api.model
    def mail_allowed_qweb_expressions(self) -> tuple[str, ...]:
        """EXTENDS client_hub: figures are for authors who may see them."""
        allowed = super().mail_allowed_qweb_expressions()
        if self.env.su or self.env.user.has_groups(GROUPS):
            return allowed
        secret = {f"object.{PREFIX}{name}" for name in _FIGURES}
        return tuple(name for name in allowed if name not in secret)

    @api.depends("name", "user_id", "client_outstanding", "client_overdue")
    def _compute_client_placeholders(self) -> None:
        return super()._compute_client_placeholders()

    def _get_client_placeholder_partner(self) -> models.BaseModel:
        """EXTENDS client_hub: the statement is written to the client itself."""
        return self

    def _get_client_placeholder_values(self) -> dict[str, str | Markup]:
        """EXTENDS client_hub: figures of the current company, in its currency."""
        currency = self.client_currency_id
        return super()._get_client_placeholder_values() | {
            "date": self._format_client_date(
                self.env["client.hub.figure"]._get_today()
            ),
            "open_amount": self._format_client_amount(
                self.client_outstanding, currency
            ),
            "overdue_amount": self._format_client_amount(self.client_overdue, currency),
            "salesperson": self.user_id.name,
        }
