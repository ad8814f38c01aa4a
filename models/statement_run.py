from __future__ import annotations

from datetime import date
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

from ..tools.statement import PERIODS, Period

SENDERS = "account.group_account_invoice,client_hub.group_user"
INTERVALS = [
    ("none", "Never"),
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
]
_LAST = {"monthly": "last_month", "quarterly": "last_quarter"}


class ClientHubStatementRun(models.Model):
    """Statements sent together: to a selection of clients, or to all by themselves."""

    _name = "client.hub.statement.run"
    _description = "Sending of Account Statements"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To, and as of", required=True, readonly=True)
    lang = fields.Char(
        string="Language",
        readonly=True,
        help="Empty: the language of each client.",
    )
    is_automatic = fields.Boolean(string="Automatic", readonly=True)
    line_ids = fields.One2many(
        "client.hub.statement.mail", "run_id", string="Clients", readonly=True
    )
    total_count = fields.Integer(string="Clients in All", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    _automatic_unique = models.UniqueIndex(
        "(company_id, date_from, date_to) WHERE is_automatic",
        "The statements of this company and period are being sent already.",
    )

    @api.depends("date_from", "date_to")
    def _compute_name(self) -> None:
        for run in self:
            day = format_date(self.env, run.date_to)
            run.name = self.env._("Statements as of %s", day)

    @api.depends("line_ids.state")
    def _compute_counts(self) -> None:
        counts = {
            (run.id, state): count
            for run, state, count in self.env["client.hub.statement.mail"]._read_group(
                [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
            )
        }
        for run in self:
            found = {
                state: counts.get((run.id, state), 0)
                for state in ("waiting", "sent", "skipped", "failed")
            }
            run.total_count = sum(found.values())
            run.waiting_count = found["waiting"]
            run.sent_count = found["sent"]
            run.skipped_count = found["skipped"]
            run.failed_count = found["failed"]
            done = run.total_count - run.waiting_count
            run.progress = 100.0 * done / run.total_count if run.total_count else 100.0

    @api.model
    def _start(self, clients: Any, period: Period, lang: str | None = None) -> Any:
        """Queue statements of these clients with the current company.

        :param lang: code, None for the language of each client
        :return: the run, which a cron works off
        :raise AccessError: for users who may not send statements
        """
        self._check_sender(clients)
        # sudo: nobody writes runs by hand; who may send was checked.
        run_sudo = self.sudo().create(
            {
                "company_id": self.env.company.id,
                "date_from": period.first,
                "date_to": period.last,
                "lang": lang,
            }
        )
        run_sudo._add(clients.commercial_partner_id.ids)
        self.env.ref("client_hub.ir_cron_statement").sudo()._trigger()
        return run_sudo.sudo(False)

    @api.model
    def _check_sender(self, clients: Any) -> None:
        """Check that the user may send statements to these clients.

        :raise AccessError: for anyone else
        """
        clients._check_client_statement_access()
        if not self.env.user.has_groups(SENDERS):
            raise AccessError(
                self.env._("Only accountants and users of Client Hub send statements.")
            )

    def _add(self, client_ids: list[int]) -> None:
        self.ensure_one()
        self.env["client.hub.statement.mail"].create(
            [{"run_id": self.id, "partner_id": client_id} for client_id in client_ids]
        )

    # ------------------------------------------------------------------ by itself

    @api.model
    def _cron_send(self) -> None:
        """Queue what is due, and send what waits; a next run goes on from there."""
        self._queue_due()
        self.env["client.hub.statement.mail"]._send_waiting()

    @api.model
    def _queue_due(self) -> None:
        """Queue the statements of the last period of each company that wants them.

        Nothing before the day on which a company chose so: nobody expects mails about
        the past then.
        """
        companies = self.env["res.company"].search(
            [("client_hub_statement_interval", "!=", "none")]
        )
        for company in companies:
            interval = company.client_hub_statement_interval
            runs = self.with_company(company)
            today = runs.env["client.hub.figure"]._get_today()
            period = PERIODS[_LAST[interval]](today)
            since = company.client_hub_statement_since
            if since and period.last >= since and not runs._find_automatic(period):
                runs._queue(period)

    def _find_automatic(self, period: Period) -> ClientHubStatementRun:
        return self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("date_from", "=", period.first),
                ("date_to", "=", period.last),
                ("is_automatic", "=", True),
            ],
            limit=1,
        )

    def _queue(self, period: Period) -> None:
        run = self.create(
            {
                "company_id": self.env.company.id,
                "date_from": period.first,
                "date_to": period.last,
                "is_automatic": True,
            }
        )
        run._add(self._get_clients_with_entries(period.first, period.last))

    @api.model
    def _get_clients_with_entries(self, first: date, last: date) -> list[int]:
        """Return clients who owed something at the end or had entries in the period."""
        self.env["client.hub.statement"]._flush()
        query = SQL(
            """
            SELECT partner.commercial_partner_id
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.company_id = ANY(%s)
               AND line.date <= %s
             GROUP BY partner.commercial_partner_id
            HAVING MAX(line.date) >= %s OR SUM(line.balance) != 0
             ORDER BY partner.commercial_partner_id
            """,
            self.env["client.hub.figure"]._get_company_ids(),
            last,
            first,
        )
        return [client_id for (client_id,) in self.env.execute_query(query)]
