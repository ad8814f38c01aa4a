from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, models

from .ticket import SEQUENCE

if TYPE_CHECKING:
    from typing import Self


class ResCompany(models.Model):
    """Each company counts its tickets by itself."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS base: a new company has a sequence of numbers of its own."""
        companies = super().create(vals_list)
        companies._create_client_ticket_sequences()
        return companies

    def _create_client_ticket_sequences(self) -> None:
        # sudo: whoever may create companies may not create sequences.
        sequences_sudo = self.env["ir.sequence"].sudo()
        sequences_sudo.create(
            [
                {
                    "name": self.env._("Tickets of %s", company.name),
                    "code": SEQUENCE,
                    "prefix": "T",
                    "padding": 5,
                    "company_id": company.id,
                }
                for company in self
            ]
        )

    @api.model
    def _create_missing_client_ticket_sequences(self) -> None:
        """Give each company there is its sequence; called on installation."""
        # sudo: see above.
        sequences_sudo = self.env["ir.sequence"].sudo()
        having = sequences_sudo.search([("code", "=", SEQUENCE)]).company_id
        self.with_context(active_test=False).search(
            [("id", "not in", having.ids)]
        )._create_client_ticket_sequences()
