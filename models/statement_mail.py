from __future__ import annotations

import logging

import psycopg2

from odoo import api, fields, models

from ..tools.statement import Period
from .res_partner_statement import FROM, TO

_logger = logging.getLogger(__name__)
TEMPLATE = "client_hub.mail_template_statement"
_MAX_ERROR = 500


class ClientHubStatementMail(models.Model):
    """The statement of one client in a run: sent, or why not.

    The row says "sent" in the transaction that puts the mail into the queue. Whatever
    dies half-way, a client gets the statement of a run once.
    """

    _name = "client.hub.statement.mail"
    _description = "Sent Account Statement"
    _order = "run_id desc, state, id"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "client.hub.statement.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, ondelete="cascade", index=True
    )
    email = fields.Char(readonly=True, help="Where the statement went to.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sent", "Sent"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("no_address", "No e-mail address"),
            ("nothing", "Nothing to say"),
            ("opt_out", "Wants none"),
        ],
        readonly=True,
    )
    error = fields.Char(readonly=True)
    sent_on = fields.Datetime(readonly=True)

    _client_unique = models.UniqueIndex(
        "(run_id, partner_id)", "This client is already among those of the run."
    )
    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")

    @api.model
    def _send_waiting(self) -> None:
        """Send one statement after the other, each committed on its own.

        What another worker is busy with is passed over; the next run finds it done, or
        waiting.
        """
        crons = self.env["ir.cron"]
        waiting = [("state", "=", "waiting")]
        crons._commit_progress(remaining=self.search_count(waiting))
        last_id = 0
        while line := self.search(
            [*waiting, ("id", ">", last_id)], order="id", limit=1
        ):
            last_id = line.id
            done = line._send_once()
            # Not to keep the rows of thousands of clients in memory.
            self.env.invalidate_all()
            if not crons._commit_progress(int(done)):
                break
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_once(self) -> bool:
        """Send the statement, and note what became of it.

        One that fails is noted and does not hold up the others.

        :return: False if another worker is busy with it, or was
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "waiting":
            return False
        try:
            with self.env.cr.savepoint():
                self.write(self._send())
        except psycopg2.OperationalError:
            raise  # the whole transaction is repeated
        except Exception as error:  # whatever a template of a client raises
            _logger.warning("Statement of client %s: %s", self.partner_id.id, error)
            text = str(error)[:_MAX_ERROR]
            self.write({"state": "failed", "error": text or type(error).__name__})
        return True

    def _send(self) -> dict:
        """Put the mail into the queue; return the values that say so."""
        self.ensure_one()
        run = self.run_id
        client = self.partner_id.with_company(run.company_id).with_context(
            **{FROM: run.date_from, TO: run.date_to}, client_statement_lang=run.lang
        )
        reason = self._get_skip_reason(client, Period(run.date_from, run.date_to))
        if reason:
            return {"state": "skipped", "reason": reason}
        template = client.env.ref(TEMPLATE)
        if run.lang:
            template = template.with_context(template_preview_lang=run.lang)
        template.send_mail(client.id, email_layout_xmlid="mail.mail_notification_light")
        return {
            "state": "sent",
            "email": client._get_client_statement_contact().email,
            "sent_on": fields.Datetime.now(),
        }

    def _get_skip_reason(self, client: models.BaseModel, period: Period) -> str | None:
        """Return why nothing is sent; extend it with reasons of your own."""
        self.ensure_one()
        if self.run_id.is_automatic and client.client_statement_opt_out:
            return "opt_out"
        if not client._get_client_statement_contact().email_normalized:
            return "no_address"
        nothing = {"rows": slice(0), "documents": slice(0)}
        statement = client._get_client_statement(period, **nothing)
        return None if statement.says_something else "nothing"

    def action_retry(self) -> None:
        """Send again what failed or was skipped, once the cause is mended.

        :raise AccessError: see ``client.hub.statement.run._start``
        """
        undone = self.filtered(lambda line: line.state in ("failed", "skipped"))
        self.env["client.hub.statement.run"]._check_sender(undone.partner_id)
        # sudo: nobody writes these rows by hand; who may send was checked.
        undone.sudo().write({"state": "waiting", "reason": False, "error": False})
        self.env.ref("client_hub.ir_cron_statement").sudo()._trigger()
