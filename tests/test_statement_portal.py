from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from lxml import html

from odoo import sql_db
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.statement import ClientHubStatement
from .common import JsonRpcMixin
from .statement_common import StatementCommon

URL = "/my/statement"


@tagged("post_install", "-at_install")
class TestStatementPortal(StatementCommon, JsonRpcMixin, HttpCase):
    """The account in the portal, over HTTP, as the contacts of clients."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # The server runs on the real day; so do these documents.
        cls.freeze_time.stop()
        cls.addClassCleanup(cls.freeze_time.start)
        cls.today = cls.env["client.hub.figure"]._get_today()
        cls.stranger = cls._create_client("Stranger & Sons")
        office = cls._create_partner(name="Desk", parent_id=cls.stranger.id)
        portal = "base.group_portal"
        cls._user("st_portal", portal, partner_id=cls.contact.id)
        cls._user("st_stranger", portal, partner_id=office.id)
        cls._user("st_staff", "base.group_user")
        cls.invoice = cls._on(-40, cls._bill, 100.0, due=-30)
        cls.later = cls._on(-2, cls._bill, 11.0)
        cls.payment = cls._pay_on(-5, cls.invoice, 60.0)
        cls.secret = cls._on(-3, cls._bill, 777.0, partner_id=cls.stranger.id)
        cls.env.flush_all()

    def _open(self, path: str = "", status: int = 200, **kwargs: Any) -> Any:
        with mute_logger("odoo.http"):
            response = self.url_open(URL + path, **kwargs)
        self.assertEqual(response.status_code, status, path)
        return response

    def _page(self, path: str = "") -> Any:
        return html.fromstring(self._open(path).text)

    @staticmethod
    def _text(node: Any) -> str:
        return re.sub(r"\s+", " ", node.text_content()).strip()

    def _figure(self, page: Any, name: str) -> str:
        [node] = page.xpath(f"//*[@name='{name}']")
        return self._text(node)

    # ------------------------------------------------------------------- the page

    def test_page_shows_figures_documents_and_account(self) -> None:
        self.authenticate("st_portal", "st_portal")
        page = self._page()
        self.assertIn("51.00", self._figure(page, "outstanding"))
        self.assertIn("40.00", self._figure(page, "overdue"))
        self.assertIn("51.00", self._figure(page, "closing"))
        rows = page.xpath("//tr[@data-kind]")
        kinds = [row.get("data-kind") for row in rows]
        self.assertEqual(kinds, ["invoice", "payment", "invoice"])
        self.assertEqual(rows[1].get("id"), f"payment-{self.payment.id}")
        self.assertIn(self.payment.name, self._text(rows[1]))
        documents = [
            int(row.get("data-document")) for row in page.xpath("//tr[@data-document]")
        ]
        self.assertEqual(documents, [self.invoice.id, self.later.id])
        self.assertTrue(page.xpath(f"//a[@href='/my/invoices/{self.invoice.id}']"))
        offered = page.xpath("//input[@name='invoice_ids']/@value")
        self.assertEqual(offered, [str(self.invoice.id), str(self.later.id)])

    def test_home_shows_what_is_owed_and_the_way(self) -> None:
        self.authenticate("st_portal", "st_portal")
        page = html.fromstring(self.url_open("/my").text)
        [card] = page.xpath(f"//a[@href='{URL}']")
        self.assertIn("51.00", self._text(card))

    def test_home_of_a_client_without_entries(self) -> None:
        new = self._create_client("New Client")
        self._user("st_new", "base.group_portal", partner_id=new.id)
        self.authenticate("st_new", "st_new")
        page = html.fromstring(self.url_open("/my").text)
        [card] = page.xpath(f"//a[@href='{URL}']")
        self.assertIn("Nothing is outstanding", self._text(card))
        self.assertIn("Nothing has been booked", self._open().text)

    def test_page_as_of_a_past_day(self) -> None:
        self.authenticate("st_portal", "st_portal")
        page = self._page(f"?date_from={self._day(-60)}&date_to={self._day(-6)}")
        self.assertIn("100.00", self._figure(page, "closing"))
        text = self._text(page)
        self.assertNotIn(self.payment.name, text)
        self.assertNotIn(self.later.name, text)

    def test_each_company_and_currency_has_its_section(self) -> None:
        data = self.setup_other_company(name="Second Company")
        self._on(-9, self._bill, 5.0, currency_id=self.eur.id)
        journal = data["default_journal_sale"]
        self._on(-8, self._bill, 33.0, journal_id=journal.id)
        self.authenticate("st_portal", "st_portal")
        self.assertEqual(self._page().xpath("//section/@data-currency"), ["USD", "EUR"])
        users = self.env["res.users"].search([("login", "=", "st_portal")])
        users.company_ids += data["company"]
        page = self._page()
        sections = [self._text(section) for section in page.xpath("//section")]
        self.assertEqual(len(sections), 3)
        [second] = [section for section in sections if "33.00" in section]
        self.assertNotIn("51.00", second)
        titles = [self._text(title) for title in page.xpath("//h3")]
        self.assertIn("Second Company", titles)
        [total] = page.xpath("//p[@name='company_total']")
        self.assertIn("54.13", self._text(total))  # 51.00, and 5.00 at a rate of 1.6

    def test_pages_of_a_long_account(self) -> None:
        number = 5
        self._entries(number)
        self.patch(ClientHubStatement, "_items_per_page", 6)
        self.authenticate("st_portal", "st_portal")
        first, second = self._page(), self._page("/page/2")
        self.assertEqual(len(first.xpath("//tr[@data-kind]")), 6)
        self.assertEqual(len(second.xpath("//tr[@data-kind]")), number + 3 - 6)
        self.assertFalse(first.xpath("//tr[@name='closing']"))
        self.assertIn("Brought forward", self._figure(second, "opening"))
        self.assertTrue(second.xpath("//tr[@name='closing']"))
        for path in ("/page/99", "/page/99999999999999999999999"):
            last = self._page(path)
            self.assertEqual(len(last.xpath("//tr[@data-kind]")), number + 3 - 6)

    def _entries(self, number: int) -> None:
        for _number in range(number):
            self._entry(1.0)

    def test_filters_are_those_of_the_portal(self) -> None:
        self.authenticate("st_portal", "st_portal")
        page = self._page("?filterby=last_month")
        [active] = page.xpath("//a[contains(@class, 'dropdown-item active')]")
        self.assertEqual(self._text(active), "Last month")
        [crumb] = page.xpath("//li[contains(@class, 'breadcrumb-item active')]")
        self.assertEqual(self._text(crumb), "Account Statement")

    # ------------------------------------------------------------------ bad input

    def test_bad_dates_are_said_and_nothing_breaks(self) -> None:
        self.authenticate("st_portal", "st_portal")
        for query, message in (
            ("date_from=x", "is not a date"),
            ("date_from=2024-02-30", "is not a date"),
            ("date_to=%00", "is not a date"),
            ("date_from=2024-01-02&date_to=2024-01-01", "after the last day"),
            ("date_from=9999-12-31", "after the last day"),
            ("date_from=%3Cscript%3E", "is not a date"),
        ):
            with self.subTest(query):
                page = self._page(f"?{query}")
                [alert] = page.xpath("//div[@role='alert']")
                self.assertIn(message, self._text(alert))
                self.assertIn("51.00", self._figure(page, "closing"))
                self.assertNotIn("<script>is", self._open(f"?{query}").text)

    def test_strange_parameters_change_nothing(self) -> None:
        self.authenticate("st_portal", "st_portal")
        for query in (
            "date_to=9999-12-31",
            "date_from=0001-01-01",
            "filterby=nonsense",
            "documents=-1",
            "documents=²",
            "documents=99999999999999999999",
            f"partner_id={self.stranger.id}",
            f"client={self.stranger.id}&company_id=999&commercial_partner_id=1",
            f"contact={self.stranger.id}&client_id={self.stranger.id}",
        ):
            with self.subTest(query):
                page = self._page(f"?{query}")
                self.assertIn("51.00", self._figure(page, "closing"))
                self.assertNotIn("777.00", self._text(page))

    def test_bad_dates_of_a_download_lead_to_the_page(self) -> None:
        self.authenticate("st_portal", "st_portal")
        for kind in ("pdf", "xlsx"):
            response = self._open(f"/{kind}?date_from=x&date_to=2024-01-01")
            self.assertIn("is not a date", response.text)

    # --------------------------------------------------------------------- rights

    def test_visitors_are_asked_to_sign_in(self) -> None:
        self.authenticate(None, None)
        for path in ("", "/pdf", "/xlsx"):
            response = self._open(path, 303, allow_redirects=False)
            self.assertIn("/web/login", response.headers["Location"])

    def test_nobody_sees_another_client(self) -> None:
        self.authenticate("st_stranger", "st_stranger")
        page = self._page()
        text = self._text(page)
        self.assertIn("777.00", self._figure(page, "closing"))
        for mine in (self.invoice, self.later, self.payment):
            self.assertNotIn(mine.name, text)
        self.assertNotIn("Harbor Workshop", text)

    def test_staff_see_themselves_not_the_books(self) -> None:
        self.authenticate("st_staff", "st_staff")
        self.assertIn("Nothing has been booked", self._open().text)

    def test_the_report_itself_is_closed_to_clients(self) -> None:
        self.authenticate("st_stranger", "st_stranger")
        for path in (
            f"/report/html/client_hub.report_statement/{self.client.id}",
            f"/report/pdf/client_hub.report_statement/{self.client.id}",
        ):
            with mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
                response = self.url_open(path)
            self.assertGreaterEqual(response.status_code, 400)
            self.assertNotIn(self.invoice.name, response.text)

    def test_clients_cannot_call_the_model(self) -> None:
        self.authenticate("st_portal", "st_portal")
        self._assert_rpc_denied(
            "res.partner", "read", self.contact.ids, ["client_statement_opt_out"]
        )

    def test_other_methods_are_refused(self) -> None:
        self.authenticate("st_portal", "st_portal")
        for path in ("", "/pdf", "/xlsx"):
            self._open(path, 405, data={"csrf_token": "x"})

    # ------------------------------------------------------------------ downloads

    def test_sheet_has_the_numbers_and_dates_of_the_page(self) -> None:
        self.authenticate("st_portal", "st_portal")
        response = self._open("/xlsx")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        self.assertEqual(book.sheetnames, ["USD"])
        cells = [[cell.value for cell in row] for row in book["USD"].iter_rows()]
        rows = [
            row for row in cells if row[2] in (self.invoice.name, self.payment.name)
        ]
        self.assertEqual([row[5:7] for row in rows], [[100, 100], [-60, 40]])
        dates = [row[0].date() for row in rows]
        self.assertEqual(dates, [self._day(-40), self._day(-5)])
        self.assertEqual(cells[-1][6], 51)

    def test_pdf_has_the_numbers_of_the_page(self) -> None:
        self.authenticate("st_portal", "st_portal")
        response = self._open("/pdf")
        # Tests get what the PDF is made of; see test_statement_file for a real one.
        self.assertIn("html", response.headers["Content-Type"])
        for shown in ("51.00", "40.00", self.invoice.name, self.payment.name):
            self.assertIn(shown, response.text)
        self.assertNotIn("777.00", response.text)

    # ---------------------------------------------------------------------- speed

    def test_queries_of_the_page_do_not_grow(self) -> None:
        self.authenticate("st_portal", "st_portal")
        self._open()
        few = self._count_queries()
        for days in range(-20, 0):
            self._pay_on(days, self._on(days, self._bill, 10.0), 5.0)
        self.env.flush_all()
        self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, 45)

    def _count_queries(self) -> int:
        self._open()
        begin = sql_db.sql_counter
        self._open()
        return sql_db.sql_counter - begin
