from __future__ import annotations

import base64
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.res_partner_statement import FROM, TO
from ..models.statement_mail import TEMPLATE
from ..tools.statement import CUSTOM, PERIODS, Period


class ClientHubStatementSend(models.TransientModel):
    """Asks which statement of which clients, shows it, and sends it."""

    _name = "client.hub.statement.send"
    _description = "Account Statement of Clients"

    partner_ids = fields.Many2many(
        "res.partner", string="Clients", required=True, default=lambda s: s._clients()
    )
    client_count = fields.Integer(compute="_compute_client_count")
    period = fields.Selection(
        "_selection_period", default="last_12_months", required=True
    )
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, readonly=False
    )
    date_to = fields.Date(
        string="To, and as of", compute="_compute_dates", store=True, readonly=False
    )
    lang = fields.Selection(
        "_selection_lang",
        string="Language",
        help="Empty: the language of each client.",
    )
    sheet = fields.Binary(readonly=True)
    missing = fields.Char(compute="_compute_missing")

    @api.model
    def _clients(self) -> Any:
        ids = self.env.context.get("active_ids") or []
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        return self.env["res.partner"].browse(ids).commercial_partner_id

    @api.model
    def _selection_period(self) -> list[tuple[str, str]]:
        labels = self.env["client.hub.statement"]._get_period_labels()
        return [*labels.items(), (CUSTOM, self.env._("Chosen dates"))]

    @api.model
    def _selection_lang(self) -> list[tuple[str, str]]:
        return self.env["res.lang"].get_installed()

    @api.depends("partner_ids")
    def _compute_client_count(self) -> None:
        for wizard in self:
            wizard.client_count = len(wizard.partner_ids)

    @api.depends("period")
    def _compute_dates(self) -> None:
        today = self.env["client.hub.figure"]._get_today()
        for wizard in self:
            if wizard.period in PERIODS:
                period = PERIODS[wizard.period](today)
                wizard.date_from, wizard.date_to = period

    @api.depends("partner_ids")
    def _compute_missing(self) -> None:
        """Name the clients that a statement cannot be sent to."""
        for wizard in self:
            contacts = wizard.partner_ids._get_client_billing_contacts()
            names = [
                client.display_name
                for client, contact in contacts.items()
                if not contact.email_normalized
            ]
            wizard.missing = ", ".join(names[:10]) + ("…" if names[10:] else "")

    # -------------------------------------------------------------------- buttons

    def action_preview(self) -> dict[str, Any]:
        """Show the statement in the browser."""
        return self._report() | {"report_type": "qweb-html"}

    def action_print(self) -> dict[str, Any]:
        """Download the statement as PDF."""
        return self._report()

    def action_sheet(self) -> dict[str, Any]:
        """Download the statement of one client as a spreadsheet."""
        client = self._get_only_client()
        lang = self.lang or client._get_client_statement_contact().lang
        client = client.with_context(lang=lang)
        statement = client._get_client_statement(self._get_period())
        statements = client.env["client.hub.statement"]
        self.sheet = base64.b64encode(statements._make_sheet(statement))
        name = statements._get_file_name(statement)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/sheet/{name}.xlsx"
            "?download=true",
            "target": "self",
        }

    def action_send(self) -> dict[str, Any]:
        """Write to one client, or queue the statements of several."""
        self.ensure_one()
        self.env["client.hub.statement.run"]._check_sender(self.partner_ids)
        if len(self.partner_ids) == 1:
            return self._compose()
        runs = self.env["client.hub.statement.run"]
        run = runs._start(self.partner_ids, self._get_period(), self.lang)
        return run._get_records_action(name=run.name)

    def _compose(self) -> dict[str, Any]:
        client = self._get_only_client()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Statement"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **self._get_report_context(),
                "default_model": "res.partner",
                "default_res_ids": client.ids,
                "default_template_id": self.env.ref(TEMPLATE).id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
            },
        }

    def _report(self) -> dict[str, Any]:
        self.ensure_one()
        report = self.env.ref("client_hub.action_report_statement")
        clients = self.partner_ids.commercial_partner_id
        clients._check_client_statement_access()
        context = self._get_report_context()
        return report.with_context(**context).report_action(clients, config=False)

    def _get_report_context(self) -> dict[str, Any]:
        period = self._get_period()
        first = period.first and fields.Date.to_string(period.first)
        return {
            FROM: first,
            TO: fields.Date.to_string(period.last),
            "client_statement_lang": self.lang,
        }

    def _get_period(self) -> Period:
        """Return the period that was chosen.

        :raise UserError: naming the field, for dates that make no sense
        """
        today = self.env["client.hub.figure"]._get_today()
        first, last = self.date_from or None, min(self.date_to or today, today)
        if first and first > last:
            raise UserError(
                self.env._("From: the first day is after the last day. Exchange them.")
            )
        return Period(first, last)

    def _get_only_client(self) -> Any:
        """Return the client.

        :raise UserError: if there are several
        """
        self.ensure_one()
        clients = self.partner_ids.commercial_partner_id
        if len(clients) != 1:
            raise UserError(
                self.env._("Clients: choose exactly one for a spreadsheet or a mail.")
            )
        return clients
