from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ClientHubInvoiceArchiveRequest(models.TransientModel):
    """Which documents staff want in one ZIP: of a client, or chosen in a list."""

    _name = "client.hub.invoice.archive.request"
    _description = "Download Documents"

    partner_id = fields.Many2one("res.partner", string="Client")
    move_ids = fields.Many2many("account.move", string="Documents")
    period = fields.Selection(
        lambda self: self.env["client.hub.invoice.archive"]._get_periods(),
        required=True,
        default="this_year",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    with_xml = fields.Boolean(string="With Electronic Invoices")

    @api.model
    def default_get(self, fields_list: list[str]) -> dict[str, Any]:
        """EXTENDS base: take over the client, or the documents, that are open."""
        values = super().default_get(fields_list)
        active_ids = self.env.context.get("active_ids", [])
        match self.env.context.get("active_model"):
            case "account.move":
                values["move_ids"] = [fields.Command.set(active_ids)]
            case "res.partner":
                values["partner_id"] = self.env.context.get("active_id")
        return values

    def action_download(self) -> dict[str, Any]:
        """Download the ZIP, or show how far its preparation is.

        :raise UserError: if there is no document, or too many
        """
        self.ensure_one()
        moves = self.env["account.move"]._search_archive(self._get_domain())
        if not moves:
            raise UserError(
                self.env._("There is no posted document of a client among these.")
            )
        left_out = len(self.move_ids - moves)
        notes = [self.env._("Left out, because they are not available: %s", left_out)]
        archive = self.env["client.hub.invoice.archive"]._request(
            moves, moves._get_archive_name(), notes if left_out else [], self.with_xml
        )
        return archive.action_open()

    def _get_domain(self) -> Domain:
        domain = self.env["account.move"]._get_archive_domain()
        if self.move_ids:
            return domain & Domain("id", "in", self.move_ids.ids)
        client = self.partner_id.commercial_partner_id
        days = (day and day.isoformat() for day in (self.date_from, self.date_to))
        archives = self.env["client.hub.invoice.archive"]
        period = archives._get_period_domain(self.period, *days)
        return domain & Domain("commercial_partner_id", "=", client.id) & period
