from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from odoo import api
from odoo.tests import tagged

from ..models import invoice_archive_line
from .invoice_archive_common import InvoiceArchiveCommon

LINE = "client.hub.invoice.archive.line"


@tagged("post_install", "-at_install")
class TestInvoiceArchiveRuns(InvoiceArchiveCommon):
    """Which documents are rendered together, when, and by how many processes."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.many = cls.env["account.move"].create(
            [cls.invoice_vals() for _number in range(12)]
        )
        cls.many.action_post()

    def setUp(self) -> None:
        super().setUp()
        self.lines = self.env[LINE].sudo()
        self.lines.search([("state", "=", "waiting")]).unlink()

    def _request(self, moves: Any, user: Any = None) -> Any:
        user = user or self.portal_user
        archives = self.archives.with_user(user)
        return archives._request(moves.with_user(user), "Documents").sudo()

    def _run(self, render: Callable[[Any], dict[int, bytes]] | None = None) -> None:
        """Run the job as the scheduler does."""
        self.env.flush_all()
        moves = self.registry["account.move"]
        render = render or (lambda records: dict.fromkeys(records.ids, b"%PDF"))
        with (
            patch.object(moves, "_render_proformas", render),
            self.registry.cursor() as cursor,
        ):
            api.Environment(cursor, api.SUPERUSER_ID, {})[LINE]._cron_render()
        self.env.invalidate_all()

    # ---------------------------------------------------------------------- plan

    def test_archives_take_turns(self) -> None:
        large = self._request(self.many)
        small = self._request(self.many[:2], self.biller)
        runs = self.lines._plan_runs()
        self.assertEqual(
            [(run.archive_id, len(run)) for run in runs],
            [(large, 10), (small, 2), (large, 2)],
        )
        self.assertEqual(len(set().union(*(run.ids for run in runs))), 14)

    def test_one_run_is_of_one_company(self) -> None:
        other = self._create_company(name="Elsewhere")
        archive = self._request(self.many[:4])
        self.env.cr.execute(
            "UPDATE account_move SET company_id = %s WHERE id IN %s",
            [other.id, tuple(self.many[1:3].ids)],
        )
        self.env.invalidate_all()
        runs = self.lines._plan_runs()
        self.assertEqual([len(run.move_id.company_id) for run in runs], [1, 1])
        self.assertEqual([len(run) for run in runs], [2, 2])
        self.assertEqual(sum(runs, self.lines), archive.line_ids.sorted("id"))

    def test_what_is_done_is_not_planned(self) -> None:
        archive = self._request(self.many)
        archive.line_ids[:11].state = "done"
        [run] = self.lines._plan_runs()
        self.assertEqual(run, archive.line_ids[11])

    def test_the_rest_of_many_is_planned_later(self) -> None:
        archive = self._request(self.many)
        with patch.object(invoice_archive_line, "_PLANNED", 5):
            self._run()
            self.assertEqual((archive.state, archive.done_count), ("waiting", 5))
        self._run()
        self.assertEqual((archive.state, archive.done_count), ("ready", 12))

    # ------------------------------------------------------------------ finishing

    def test_killed_after_the_last_run_it_gets_ready_nevertheless(self) -> None:
        archive = self._request(self.many)
        archive.line_ids.state = "done"
        self._run()
        self.assertEqual(archive.state, "ready")
        mails = self.env["mail.mail"].sudo()
        domain = [("model", "=", archive._name), ("res_id", "=", archive.id)]
        self.assertEqual(mails.search_count(domain), 1)

    def test_one_mail_alone(self) -> None:
        archive = self._request(self.many)
        self._run()
        self._run()
        mails = self.env["mail.mail"].sudo()
        domain = [("model", "=", archive._name), ("res_id", "=", archive.id)]
        self.assertEqual(mails.search_count(domain), 1)

    def test_archive_deleted_meanwhile(self) -> None:
        archive = self._request(self.many[:2])
        other = self._request(self.many[2:4], self.biller)

        def render(records: Any) -> dict[int, bytes]:
            records.env["client.hub.invoice.archive"].browse(archive.id).unlink()
            return dict.fromkeys(records.ids, b"%PDF")

        self._run(render)
        self.assertFalse(archive.exists())
        self.assertEqual(other.state, "ready")

    # ------------------------------------------------------------------ conflicts

    def test_conflict_with_another_user_is_tried_again(self) -> None:
        archive = self._request(self.many[:2])
        tries: list[int] = []

        def render(records: Any) -> dict[int, bytes]:
            tries.append(len(records))
            if len(tries) == 1:
                # As if somebody had sent one of the invoices just now.
                records.env.cr.execute(
                    "DO $$ BEGIN RAISE 'conflict' USING ERRCODE = '40001'; END $$"
                )
            return dict.fromkeys(records.ids, b"%PDF")

        with (
            patch("odoo.service.model.random.uniform", return_value=0.0),
            self.assertLogs("odoo.sql_db", "ERROR"),
        ):
            self._run(render)
        self.assertEqual(tries, [2, 2])
        self.assertEqual((archive.state, archive.failed_count), ("ready", 0))

    # ------------------------------------------------------------------- processes

    def test_number_of_processes(self) -> None:
        parameters = self.env["ir.config_parameter"]
        for value, processors, expected in (
            (False, 1, 1),
            (False, 2, 2),
            (False, 64, 4),
            ("8", 2, 8),
            ("0", 2, 1),
        ):
            parameters.set_param("client_hub.archive_processes", value)
            with (
                self.subTest(value=value, processors=processors),
                patch.object(
                    invoice_archive_line, "_count_processors", lambda n=processors: n
                ),
            ):
                self.assertEqual(self.lines._get_process_count(), expected)

    def test_processors_of_this_machine(self) -> None:
        self.assertGreaterEqual(invoice_archive_line._count_processors(), 1)
