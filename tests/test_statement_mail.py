from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import patch

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..models.statement_mail import ClientHubStatementMail
from ..tools.statement import Period
from .statement_common import StatementCommon

LOGGER = "odoo.addons.client_hub.models.statement_mail"


@tagged("post_install", "-at_install")
class TestStatementMail(StatementCommon, MailCase):
    """Statements sent to one client, to a selection, and by themselves."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.runs = cls.env["client.hub.statement.run"]
        cls.mails = cls.env["client.hub.statement.mail"]
        cls.accountant = cls._user("sm_accountant", "account.group_account_invoice")
        cls.reader = cls._user("sm_reader", "account.group_account_readonly")
        cls.plain = cls._user("sm_plain", "base.group_user")
        cls.client.email = "client@example.com"
        cls.silent = cls._create_client("Silent", email="silent@example.com")
        cls.mute = cls._create_client("No Address")
        cls._on(-40, cls._bill, 100.0, due=-30)
        cls._on(-40, cls._bill, 7.0, partner_id=cls.mute.id)
        cls.all = cls.client + cls.silent + cls.mute
        cls.period = Period(cls._day(-90), cls.today)
        cls.cron = cls.env.ref("client_hub.ir_cron_statement")

    def _start(self, clients: Any = None, user: Any = None, **kwargs: Any) -> Any:
        runs = self._as(user or self.accountant, self.runs)
        return runs._start(clients or self.all, self.period, **kwargs)

    def _run_cron(self) -> None:
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _states(self, run: Any) -> dict[str, tuple[str, str | bool]]:
        run.invalidate_recordset()
        return {
            line.partner_id.name: (line.state, line.reason) for line in run.line_ids
        }

    def _statement_mails(self, client: Any = None) -> Any:
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", (client or self.client).id)]
        )

    # ---------------------------------------------------------------- a selection

    def test_run_sends_and_lists_who_got_none_and_why(self) -> None:
        run = self._start()
        self.assertEqual((run.total_count, run.progress), (3, 0.0))
        self._run_cron()
        self.assertEqual(
            self._states(run),
            {
                "Harbor Workshop": ("sent", False),
                "Silent": ("skipped", "nothing"),
                "No Address": ("skipped", "no_address"),
            },
        )
        self.assertEqual((run.sent_count, run.skipped_count), (1, 2))
        self.assertEqual(run.progress, 100.0)
        [mail] = self._statement_mails()
        self.assertEqual(mail.recipient_ids, self.client)
        [attachment] = mail.attachment_ids
        self.assertIn("Account Statement", attachment.name)
        self.assertIn("/my/access/document/res.partner/", mail.body_html)

    def test_mail_goes_to_the_billing_contact_in_their_language(self) -> None:
        self.env["res.lang"]._activate_lang("fr_FR")
        billing = self._create_partner(
            name="Factures",
            type="invoice",
            parent_id=self.client.id,
            email="factures@example.com",
            lang="fr_FR",
        )
        run = self._start(self.client)
        self._run_cron()
        self.assertEqual(run.line_ids.email, "factures@example.com")
        self.assertEqual(self._statement_mails().recipient_ids, billing)

    def test_each_statement_leaves_once(self) -> None:
        self._start(self.client)
        for _times in range(3):
            self._run_cron()
        self.assertEqual(len(self._statement_mails()), 1)

    def test_client_twice_in_a_selection_is_one(self) -> None:
        run = self._start(self.client + self.contact)
        self.assertEqual(run.line_ids.partner_id, self.client)
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            self.mails.sudo().create({"run_id": run.id, "partner_id": self.client.id})

    def test_worker_that_dies_leaves_neither_mail_nor_mark(self) -> None:
        run = self._start(self.client)
        died = patch.object(
            ClientHubStatementMail, "write", side_effect=SerializationFailure
        )
        with (
            self.assertRaises(SerializationFailure),
            self.env.cr.savepoint(),
            died,
        ):
            run.sudo().line_ids._send_once()
        self.assertEqual(self._states(run)["Harbor Workshop"], ("waiting", False))
        self.assertFalse(self._statement_mails())
        self._run_cron()
        self.assertEqual(len(self._statement_mails()), 1)

    def test_one_that_fails_does_not_hold_up_the_others(self) -> None:
        other = self._create_client("Other", email="other@example.com")
        self._on(-3, self._bill, 5.0, partner_id=other.id)
        send = ClientHubStatementMail._send

        def fail(line: Any) -> dict:
            if line.partner_id == self.client:
                raise ValueError("The text of this client is broken")
            return send(line)

        run = self._start(self.client + other)
        with (
            patch.object(ClientHubStatementMail, "_send", fail),
            mute_logger(LOGGER),
        ):
            self._run_cron()
        states = self._states(run)
        self.assertEqual(states["Harbor Workshop"], ("failed", False))
        self.assertEqual(states["Other"], ("sent", False))
        [line] = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertIn("broken", line.error)
        self._as(self.accountant, line).action_retry()
        self._run_cron()
        self.assertEqual(self._states(run)["Harbor Workshop"], ("sent", False))

    def test_skipped_client_is_tried_again_once_mended(self) -> None:
        run = self._start(self.mute)
        self._run_cron()
        self.mute.email = "new@example.com"
        self._as(self.accountant, run.line_ids).action_retry()
        self._run_cron()
        self.assertEqual(self._states(run), {"No Address": ("sent", False)})

    # ------------------------------------------------------------------ by itself

    def _automatic(self, interval: str = "monthly", day: str = "2024-07-02") -> Any:
        self.company.client_hub_statement_interval = interval
        with freeze_time(f"{day} 12:00:00"):
            self._run_cron()
            return self.runs.search([("is_automatic", "=", True)])

    def test_last_month_is_sent_by_itself_once(self) -> None:
        run = self._automatic()
        self.assertEqual(
            (run.date_from, run.date_to), (date(2024, 6, 1), date(2024, 6, 30))
        )
        self.assertEqual(self._states(run)["Harbor Workshop"], ("sent", False))
        self.assertEqual(self._automatic(day="2024-07-20"), run)
        self.assertEqual(len(self._statement_mails()), 1)
        self.assertEqual(len(self._automatic(day="2024-08-01")), 2)

    def test_last_quarter_is_sent_by_itself(self) -> None:
        run = self._automatic("quarterly")
        self.assertEqual(
            (run.date_from, run.date_to), (date(2024, 4, 1), date(2024, 6, 30))
        )

    def test_nothing_is_sent_by_itself_unless_chosen(self) -> None:
        self.assertFalse(self._automatic("none"))
        self.assertFalse(self._statement_mails())

    def test_nothing_of_the_time_before_it_was_chosen(self) -> None:
        self.assertFalse(self._automatic(day="2024-06-16"))

    def test_client_who_wants_none_gets_none_by_itself(self) -> None:
        self.client.client_statement_opt_out = True
        run = self._automatic()
        self.assertEqual(self._states(run)["Harbor Workshop"], ("skipped", "opt_out"))
        self.assertFalse(self._statement_mails())
        by_hand = self._start(self.client)
        self._run_cron()
        self.assertEqual(self._states(by_hand)["Harbor Workshop"], ("sent", False))

    def test_clients_with_nothing_to_say_are_not_even_listed(self) -> None:
        self.assertNotIn("Silent", self._states(self._automatic()))

    # --------------------------------------------------------------------- rights

    def test_others_send_nothing(self) -> None:
        for user in (self.reader, self.plain):
            with self.assertRaises(AccessError):
                self._start(user=user)
        run = self._start(self.mute)
        self._run_cron()
        with self.assertRaises(AccessError):
            self._as(self.reader, run.line_ids).action_retry()
        self.assertEqual(self._states(run)["No Address"][0], "skipped")

    def test_nobody_writes_runs_by_hand(self) -> None:
        run = self._start(self.mute)
        for records in (run, run.line_ids):
            records = self._as(self.accountant, records)
            for call in (
                lambda r: r.write({"create_date": "2024-01-01"}),
                lambda r: r.unlink(),
                lambda r: r.create({}),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    call(records)

    def test_runs_of_another_company_are_hidden(self) -> None:
        second = self.setup_other_company(name="Second")["company"]
        self.env.user.company_ids |= second
        run = (
            self.runs.with_company(second)
            .sudo()
            .create({"company_id": second.id, "date_to": self.today})
        )
        run._add(self.client.ids)
        self.assertFalse(self._as(self.accountant, self.runs).search([]) & run)
        seen = self._as(self.accountant, self.mails).search([])
        self.assertFalse(seen & run.line_ids)
