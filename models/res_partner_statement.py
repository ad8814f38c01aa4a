from __future__ import annotations

from typing import Any

from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools.statement import DEFAULT_PERIOD, Period, Statement
from .res_partner_client_360 import GROUPS

# Keys of the context by which a report or template is told the period.
FROM, TO = "client_statement_from", "client_statement_to"


class ResPartner(models.Model):
    """The statement of a client, as staff and mails ask for it."""

    _inherit = "res.partner"

    client_statement_opt_out = fields.Boolean(
        string="No Automatic Statements",
        groups=GROUPS,
        help="Account statements are not sent to this client by themselves.",
    )

    def _check_client_statement_access(self) -> None:
        """Check that the user may see what these clients owe.

        :raise AccessError: for anyone but accountants and users of Client Hub
        """
        if self.env.su:
            return
        self.check_access("read")
        if not self.env.user.has_groups(GROUPS):
            raise AccessError(
                self.env._("Only accountants and users of Client Hub see statements.")
            )

    def _get_client_statement(
        self, period: Period | None = None, **kwargs: Any
    ) -> Statement:
        """Return the statement of a client with the current company.

        :param period: that of the context by default, else the last twelve months
        :param kwargs: see ``client.hub.statement._get``
        :raise AccessError: see :meth:`_check_client_statement_access`
        """
        self.ensure_one()
        client = self.commercial_partner_id
        client._check_client_statement_access()
        period = period or self._get_client_statement_period()
        return self.env["client.hub.statement"]._get(client, period, **kwargs)

    def _get_client_statement_period(self) -> Period:
        last = fields.Date.to_date(self.env.context.get(TO))
        if not last:
            return self.env["client.hub.statement"]._read_period(DEFAULT_PERIOD)
        return Period(fields.Date.to_date(self.env.context.get(FROM)), last)

    def _get_client_statement_contact(self) -> ResPartner:
        """Return whom statements of this client are addressed to."""
        self.ensure_one()
        client = self.commercial_partner_id
        return client._get_client_billing_contacts()[client]

    def _get_client_statement_identifiers(self) -> dict[str, Any]:
        """Return the VAT number and the rows of identifiers that documents print."""
        self.ensure_one()
        snapshot = self.commercial_partner_id._get_client_identifier_snapshot()
        rows = self.env["client.hub.identifier"]._from_snapshot(snapshot["lines"])
        return {"vat": snapshot["vat"], "rows": rows}

    def _get_client_statement_url(self) -> str:
        """Return where the client reads the statement; it holds no secret."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/statement"
