from __future__ import annotations

from datetime import date
from typing import Any

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .statement_common import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementSend(StatementCommon, HttpCase):
    """The window in which staff choose, look at, download and send statements."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.runs = cls.env["client.hub.statement.run"]
        cls.accountant = cls._user("ss_accountant", "account.group_account_invoice")
        cls.reader = cls._user("ss_reader", "account.group_account_readonly")
        cls.plain = cls._user("ss_plain", "base.group_user")
        cls.client.email = "client@example.com"
        cls.mute = cls._create_client("No Address")
        cls.invoice = cls._on(-40, cls._bill, 100.0, due=-30)
        cls.all = cls.client + cls.mute

    def _wizard(self, clients: Any = None, user: Any = None, **vals: Any) -> Any:
        wizards = self._as(
            user or self.accountant, self.env["client.hub.statement.send"]
        )
        clients = clients or self.client
        return wizards.with_context(
            active_model="res.partner", active_ids=clients.ids
        ).create(vals)

    def test_wizard_of_a_contact_is_about_its_client(self) -> None:
        wizard = self._wizard(self.contact)
        self.assertEqual(wizard.partner_ids.ids, self.client.ids)
        self.assertEqual(
            (wizard.date_from, wizard.date_to), (date(2023, 7, 1), self.today)
        )
        wizard.period = "last_month"
        self.assertEqual(wizard.date_to, date(2024, 5, 31))

    def _buttons(self, user: Any) -> list[str]:
        partners = self._as(user, self.env["res.partner"])
        arch = etree.fromstring(partners.get_view(view_type="form")["arch"])
        action = self.env.ref("client_hub.statement_send_action").id
        return arch.xpath(f"//button[@name='{action}']/@context")

    def test_page_of_a_client_has_the_button(self) -> None:
        for user in (self.accountant, self.reader):
            self.assertEqual(len(self._buttons(user)), 1)
        self.assertFalse(self._buttons(self.plain))

    def test_preview_shows_the_chosen_period_in_the_browser(self) -> None:
        action = self._wizard(period="last_month", user=self.reader).action_preview()
        self.assertEqual(action["report_type"], "qweb-html")
        reports = self._as(self.reader, self.env["ir.actions.report"])
        reports = reports.with_context(**action["context"])
        text = reports._render_qweb_html(action["report_name"], self.client.ids)[0]
        self.assertIn("05/31/2024", text.decode())
        self.assertIn(self.invoice.name, text.decode())

    def test_preview_in_the_language_that_was_chosen(self) -> None:
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["client_hub"], ["zh_CN"])
        action = self._wizard(lang="zh_CN").action_preview()
        reports = self._as(self.accountant, self.env["ir.actions.report"])
        reports = reports.with_context(**action["context"])
        text = reports._render_qweb_html(action["report_name"], self.client.ids)[0]
        self.assertIn("对账单", text.decode())

    def test_wizard_names_who_has_no_address(self) -> None:
        self.assertEqual(self._wizard(self.all).missing, "No Address")

    def test_mail_to_one_client_is_written_first(self) -> None:
        action = self._wizard(period="last_month").action_send()
        composer = self._as(self.accountant, self.env["mail.compose.message"])
        composer = composer.with_context(**action["context"]).create({})
        self.assertIn("Harbor Workshop", composer.subject)
        self.assertEqual(len(composer.attachment_ids), 1)
        content = composer.attachment_ids.raw.decode()
        self.assertIn("05/31/2024", content)
        self.assertNotIn("06/15/2024", content)

    def test_mail_to_several_clients_is_a_run(self) -> None:
        action = self._wizard(self.all, period="last_month").action_send()
        run = self.runs.browse(action["res_id"])
        self.assertEqual((run.date_to, run.total_count), (date(2024, 5, 31), 2))

    def test_wizard_refuses_dates_that_make_no_sense(self) -> None:
        wizard = self._wizard(period="custom")
        wizard.write({"date_from": "2024-06-02", "date_to": "2024-06-01"})
        for action in (wizard.action_send, wizard.action_print, wizard.action_sheet):
            with self.assertRaisesRegex(UserError, "^From: "):
                action()

    def test_wizard_gives_one_sheet_for_one_client(self) -> None:
        wizard = self._wizard()
        self.assertIn("/sheet/", wizard.action_sheet()["url"])
        self.assertTrue(wizard.sheet)
        with self.assertRaisesRegex(UserError, "^Clients: "):
            self._wizard(self.all).action_sheet()

    def test_wizard_is_for_those_who_see_figures(self) -> None:
        with self.assertRaises(AccessError):
            self._wizard(user=self.plain)
        wizard = self._wizard(user=self.reader)
        self.assertEqual(wizard.action_print()["type"], "ir.actions.report")
        with self.assertRaises(AccessError):
            wizard.action_send()

    def test_statement_of_another_company_needs_access_to_it(self) -> None:
        second = self.setup_other_company(name="Second")["company"]
        client = self._as(self.accountant, self.client)
        with self.assertRaises(AccessError):
            client.with_context(allowed_company_ids=second.ids)._get_client_statement()

    def test_report_is_closed_to_those_who_see_no_figures(self) -> None:
        self.env.user.group_ids = [Command.link(self.env.ref("base.group_user").id)]
        reports = self._as(self.plain, self.env["ir.actions.report"])
        with self.assertRaises(AccessError):
            reports._render_qweb_html("client_hub.report_statement", self.client.ids)
