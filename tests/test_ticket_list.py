from __future__ import annotations

import re
from typing import Any

from lxml import html

from odoo import sql_db
from odoo.tests import tagged

from .ticket_common import URL, TicketHttpCommon


def _text(node: Any) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


@tagged("post_install", "-at_install")
class TestTicketList(TicketHttpCommon):
    """The list of tickets, and the ways to it."""

    def setUp(self) -> None:
        super().setUp()
        self._sign_in(self.portal_user)

    def _shown(self, path: str = "") -> list[int]:
        return [int(row) for row in self._page(path).xpath("//tr/@data-ticket")]

    def test_home_leads_to_tickets(self) -> None:
        page = html.fromstring(self.url_open("/my").text)
        [card] = page.xpath(f"//a[@href='{URL}']")
        self.assertIn("1", _text(card))
        self.assertTrue(page.xpath(f"//a[@href='{URL}/new']"))
        self.ticket.action_close()
        self.env.flush_all()
        page = html.fromstring(self.url_open("/my").text)
        self.assertNotIn("1", _text(page.xpath(f"//a[@href='{URL}']")[0]))

    def test_own_tickets_with_state_and_last_answer(self) -> None:
        self._answer(self.ticket)
        self.env.flush_all()
        [row] = self._page().xpath("//tr[@data-ticket]")
        self.assertEqual(row.get("data-ticket"), str(self.ticket.id))
        for shown in (self.ticket.name, "Wrong amount", "tk_portal", "Waiting for you"):
            self.assertIn(shown, _text(row))

    def test_searching(self) -> None:
        other = self._create_ticket(subject="Delivery", description="<p>Late</p>")
        self.env.flush_all()
        for query, found in (
            ("search=deliv", other),
            ("search=LATE", other),
            (f"search={self.ticket.name}", self.ticket),
            (f"search={other.name}&search_in=name", other),
            ("search=late&search_in=subject", self.ticket.browse()),
            ("search=nothing", self.ticket.browse()),
        ):
            with self.subTest(query):
                self.assertEqual(self._shown(f"?{query}"), found.ids)

    def test_filtering_and_sorting(self) -> None:
        closed = self._create_ticket(subject="A closed one")
        closed.action_close()
        self._answer(self.ticket)
        self.env.flush_all()
        for query, found in (
            ("", self.ticket + closed),
            ("filterby=open", self.ticket),
            ("filterby=waiting", self.ticket),
            ("filterby=closed", closed),
            ("sortby=newest", closed + self.ticket),
            ("sortby=subject", closed + self.ticket),
            ("sortby=x&filterby=x&search_in=x&page=x&search=", self.ticket + closed),
        ):
            with self.subTest(query):
                self.assertCountEqual(self._shown(f"?{query}"), found.ids)
        self.assertEqual(self._shown("?sortby=newest")[0], closed.id)

    def test_strange_parameters_do_no_harm(self) -> None:
        for path in (
            "?search=%00",
            "?search=" + "x" * 5000,
            "/page/99999999999999999999",
            "/page/0",
            f"?partner_id={self.client_de.id}&commercial_partner_id=1",
            "?search=_%27%22%3Cscript%3E",
        ):
            with self.subTest(path[:50]):
                page = self._page(path)
                self.assertNotIn("Mahnung", _text(page))

    def test_pages(self) -> None:
        for number in range(85):
            self._create_ticket(subject=f"Question {number}")
        self.env.flush_all()
        first, second = self._shown(), self._shown("/page/2")
        self.assertEqual((len(first), len(second)), (80, 6))
        self.assertFalse(set(first) & set(second))

    def test_queries_of_the_list_do_not_grow(self) -> None:
        self._get()
        few = self._count_queries()
        for _number in range(30):
            self._answer(self._create_ticket())
        self.env.flush_all()
        self.assertLessEqual(self._count_queries(), few)

    def _count_queries(self) -> int:
        self._get()
        begin = sql_db.sql_counter
        self._get()
        return sql_db.sql_counter - begin

    # --------------------------------------------------------------- documents

    def test_the_page_of_an_invoice_leads_to_its_tickets(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        self.ticket.invoice_id = invoice
        self.env.flush_all()
        page = html.fromstring(self.url_open(f"/my/invoices/{invoice.id}").text)
        self.assertTrue(page.xpath(f"//a[@href='{URL}/new?invoice_id={invoice.id}']"))
        self.assertTrue(page.xpath(f"//a[@href='{URL}/{self.ticket.id}']"))

    def test_the_page_of_an_estimate_leads_to_its_tickets(self) -> None:
        order = self.orders.create({"partner_id": self.client_fr.id, "state": "sent"})
        self.ticket.sale_order_id = order
        self.env.flush_all()
        page = html.fromstring(self.url_open(f"/my/orders/{order.id}").text)
        self.assertTrue(page.xpath(f"//a[@href='{URL}/new?sale_order_id={order.id}']"))
        self.assertTrue(page.xpath(f"//a[@href='{URL}/{self.ticket.id}']"))

    def test_each_row_of_the_statement_can_be_asked_about(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        self.env.flush_all()
        page = html.fromstring(self.url_open("/my/statement?filterby=all").text)
        links = page.xpath("//a[contains(@class, 'o_client_hub_ask')]/@href")
        self.assertIn(f"{URL}/new?invoice_id={invoice.id}", links)

    def test_who_has_but_a_link_to_a_document_asks_nothing(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        url = invoice.get_portal_url()
        self.env.flush_all()
        for user in (None, self.stranger):
            login = user and user.login
            self.authenticate(login, login)
            page = self.url_open(url).text
            self.assertIn("invoice_html", page)
            self.assertNotIn(f"{URL}/new?", page)
