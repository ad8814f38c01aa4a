from __future__ import annotations

import base64
import re
from typing import Any

from lxml import html

from odoo.tests import tagged

from ..tools import ticket as ticket_tools
from .ticket_common import TicketHttpCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAA"
    "BJRU5ErkJggg=="
)


def _text(node: Any) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


@tagged("post_install", "-at_install")
class TestTicketOpen(TicketHttpCommon):
    """A client asks, without JavaScript, with files, about a document."""

    def setUp(self) -> None:
        super().setUp()
        self._sign_in(self.portal_user)

    def test_a_client_asks_with_files(self) -> None:
        files = [
            ("plan.pdf", b"%PDF-1.4 one"),
            ("photo.png", PNG),
            ("发票.txt", "两份".encode()),
        ]
        ticket = self._open_ticket(files=files)
        self.assertEqual(ticket.subject, "Wrong amount")
        self.assertEqual(ticket.partner_id, self.contact_fr)
        self.assertEqual(ticket.commercial_partner_id, self.client_fr)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual((ticket.state, ticket.channel), ("new", "portal"))
        [question] = self._talk(ticket)
        self.assertEqual(question.author_id, self.contact_fr)
        stored = {file.name: file.raw for file in question.attachment_ids}
        self.assertEqual(stored, dict(files))
        self.assertEqual(
            {(file.res_model, file.res_id) for file in question.attachment_ids},
            {(ticket._name, ticket.id)},
        )

    def test_the_page_shows_what_was_asked(self) -> None:
        ticket = self._open_ticket(
            text="Why?\r\n\r\nIt was 90.", files=[("a.txt", b"a")]
        )
        page = self._page(f"/{ticket.id}?done=opened")
        [message] = page.xpath("//article")
        self.assertEqual(len(message.xpath(".//p")), 2)
        self.assertIn("You", _text(message))
        [link] = message.xpath(".//a/@href")
        response = self.url_open(link)
        self.assertEqual(response.content, b"a")
        self.assertIn("reached us", _text(page.xpath("//div[@role='status']")[0]))

    def test_text_is_text(self) -> None:
        nasty = "<script>alert(1)</script><b onclick=x()>&amp;"
        ticket = self._open_ticket(subject=nasty, text=nasty)
        for path in (f"/{ticket.id}", ""):
            text = self._get(path).text
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("<b onclick", text)
        self.assertIn(nasty, _text(self._page(f"/{ticket.id}")))

    def test_staff_read_what_was_asked(self) -> None:
        ticket = self._open_ticket()
        self.assertIn("Why is it 100?", self._as(self.hub_user, ticket).description)
        self.assertFalse(ticket.user_id)

    def test_a_ticket_about_an_invoice(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        page = self._page(f"/new?invoice_id={invoice.id}")
        [about] = page.xpath("//div[@name='about']")
        self.assertIn(invoice.name, _text(about))
        self.assertIn("Work", _text(about))
        ticket = self._open_ticket(invoice_id=invoice.id, invoice_line_id="")
        self.assertEqual(ticket.invoice_id, invoice)
        self.assertFalse(ticket.invoice_line_id)
        self.assertIn(invoice.name, _text(self._page(f"/{ticket.id}")))

    def test_a_ticket_about_a_line(self) -> None:
        invoice = self._create_invoice_of(self.client_fr)
        line = invoice.invoice_line_ids
        [chosen] = self._page(f"/new?invoice_line_id={line.id}").xpath(
            "//option[@selected]/@value"
        )
        self.assertEqual(chosen, str(line.id))
        ticket = self._open_ticket(invoice_id=invoice.id, invoice_line_id=line.id)
        self.assertEqual(ticket.invoice_line_id, line)
        self.assertEqual(ticket.invoice_id, invoice)

    def test_a_ticket_about_an_estimate(self) -> None:
        order = self.orders.create({"partner_id": self.client_fr.id, "state": "sent"})
        self.env.flush_all()
        ticket = self._open_ticket(sale_order_id=order.id)
        self.assertEqual(ticket.sale_order_id, order)
        self.assertIn(order.name, _text(self._page(f"/{ticket.id}")))

    def test_a_ticket_has_the_company_of_its_document(self) -> None:
        data = self.setup_other_company(name="Second Company")
        other = data["company"]
        self.portal_user.company_ids += other
        self.hub_user.company_ids += other
        invoice = self._create_invoice_of(
            self.client_fr,
            company_id=other.id,
            journal_id=data["default_journal_sale"].id,
        )
        self.env.flush_all()
        ticket = self._open_ticket(invoice_id=invoice.id)
        self.assertEqual(ticket.company_id, other)
        self.assertEqual(ticket.name, "T00001")

    def test_the_subject_may_be_suggested(self) -> None:
        page = self._page("/new?subject=PAY%2F001")
        self.assertEqual(page.xpath("//input[@name='subject']/@value"), ["PAY/001"])

    # --------------------------------------------------------------- bad input

    def test_what_is_wrong_is_said_and_nothing_is_lost(self) -> None:
        many = [(f"{number}.txt", b"x") for number in range(11)]
        long = "x" * 100_000
        for data, message in (
            ({"subject": ""}, "Subject: say"),
            ({"subject": " \r\n"}, "Subject: say"),
            ({"text": ""}, "Message: write"),
            ({"subject": "s" * 201}, "Subject: it has 201 characters, and at most 200"),
            ({"text": long}, "Message: it has 100000 characters, and at most 20000"),
            ({"files": many}, "at most 10 files"),
            ({"files": [("no.txt", b"")]}, "“no.txt” is empty"),
        ):
            with self.subTest(message):
                count = self.tickets.search_count([])
                page = self._open_ticket(422, **data)
                self.assertIn(message, self._get_error(page))
                kept = {"subject": "Wrong amount", "text": "Why is it 100?", **data}
                self.assertEqual(
                    page.xpath("//input[@name='subject']")[0].get("value", ""),
                    ticket_tools.clean_line(kept["subject"]),
                )
                [area] = page.xpath("//textarea[@name='text']")
                self.assertEqual((area.text or "").strip(), kept["text"].strip())
                self.assertEqual(self.tickets.search_count([]), count)

    def test_large_files_are_refused(self) -> None:
        large = bytes(ticket_tools.MAX_FILE_BYTES + 1)
        page = self._open_ticket(422, files=[("film.bin", large)])
        self.assertIn("“film.bin” is larger than 10 MB", self._get_error(page))
        most = [("a.bin", bytes(9 * ticket_tools.MEGABYTE))] * 3
        page = self._open_ticket(422, files=most)
        self.assertIn("larger than 25 MB", self._get_error(page))

    def test_files_of_a_form_that_comes_back_are_kept(self) -> None:
        files = [("a.txt", b"a"), ("b.txt", b"b")]
        page = self._open_ticket(422, subject="", files=files)
        self.assertEqual(page.xpath("//@data-kept"), ["a.txt", "b.txt"])
        first, second = page.xpath("//input[@name='kept']/@value")
        again = self._open_ticket(422, subject="", kept=[first, second])
        self.assertEqual(again.xpath("//@data-kept"), ["a.txt", "b.txt"])
        # The client unticks one, and adds another.
        ticket = self._open_ticket(kept=[second], files=[("c.txt", b"c")])
        names = self._talk(ticket).attachment_ids.mapped("name")
        self.assertEqual(sorted(names), ["b.txt", "c.txt"])

    def test_a_form_that_is_sent_twice_opens_one_ticket(self) -> None:
        [key] = self._page("/new").xpath("//input[@name='key']/@value")
        ticket = self._open_ticket(key=key)
        again = self._post("/new", subject="Wrong amount", text="Why?", key=key)
        self.assertIn(f"/{ticket.id}?", again.headers["Location"])
        self.assertEqual(self._talk(ticket).mapped("author_id"), self.contact_fr)
        another = self._open_ticket(key="other")
        self.assertNotEqual(another, ticket)

    def test_null_bytes_and_strange_numbers_do_no_harm(self) -> None:
        ticket = self._open_ticket(
            subject="a\x00b", text="c\x00d", invoice_id="9" * 30, sale_order_id="x"
        )
        self.assertEqual(ticket.subject, "ab")
        self.assertFalse(ticket.invoice_id)
        for query in ("invoice_id=-1", "invoice_line_id=²", "subject=%00", "x=1"):
            self._get(f"/new?{query}")

    def test_a_pasted_link_is_masked(self) -> None:
        secret = "A" * 43
        link = f"https://example.com/my/access/{'B' * 22}#{secret}"
        ticket = self._open_ticket(subject=link[:190], text=f"See {link}")
        self._post(f"/{ticket.id}/reply", text=f"Again: {link}")
        self.env.invalidate_all()
        texts = [ticket.subject, ticket.description, *self._talk(ticket).mapped("body")]
        self.assertEqual(len(texts), 4)
        for text in texts:
            self.assertIn("/my/access/", text)
            self.assertNotIn(secret, text)


@tagged("post_install", "-at_install")
class TestTicketTalk(TicketHttpCommon):
    """The thread in the portal: reading, writing, closing, rating."""

    def setUp(self) -> None:
        super().setUp()
        self._sign_in(self.portal_user)
        self.path = f"/{self.ticket.id}"

    def test_the_answer_is_on_the_page(self) -> None:
        answer = self._answer(
            self.ticket, "It is right.", attachments=[("sum.txt", b"100")]
        )
        self.env.flush_all()
        page = self._page(self.path)
        shown = page.xpath("//article")
        self.assertEqual(len(shown), 2)
        self.assertIn("o_client_hub_answer", shown[1].get("class"))
        self.assertEqual(shown[1].get("data-message"), str(answer.id))
        self.assertIn("Waiting for you", _text(page))
        [link] = shown[1].xpath(".//li/a/@href")
        self.assertEqual(self.url_open(link).content, b"100")

    def test_a_reply_with_files(self) -> None:
        self._answer(self.ticket)
        self._post(
            f"{self.path}/reply",
            text="But why?",
            files=[("one.txt", b"1"), ("two.txt", b"2")],
        )
        reply = self._talk(self.ticket)[-1]
        self.assertIn("But why?", reply.body)
        self.assertEqual(reply.author_id, self.contact_fr)
        files = reply.attachment_ids.sorted("id")
        self.assertEqual(files.mapped("raw"), [b"1", b"2"])
        self.assertEqual(self.ticket.state, "open")

    def test_files_alone_are_a_reply(self) -> None:
        self._post(f"{self.path}/reply", text="", files=[("one.txt", b"1")])
        self.assertEqual(self._talk(self.ticket)[-1].attachment_ids.raw, b"1")

    def test_an_empty_reply_is_refused(self) -> None:
        response = self._post(f"{self.path}/reply", 422, text=" ")
        self.assertIn(
            "write something", self._get_error(html.fromstring(response.text))
        )

    def test_a_long_reply_comes_back(self) -> None:
        response = self._post(f"{self.path}/reply", 422, text="y" * 100_000)
        page = html.fromstring(response.text)
        self.assertIn("at most 20000", self._get_error(page))
        self.assertEqual(
            page.xpath("//textarea[@name='text']")[0].text.strip("\n"), "y" * 100_000
        )
        self.assertEqual(len(self._talk(self.ticket)), 1)

    def test_a_reply_that_is_sent_twice_is_there_once(self) -> None:
        for _time in range(2):
            self._post(f"{self.path}/reply", text="Once.", key="same")
        self.assertEqual(len(self._talk(self.ticket)), 2)

    def test_colleagues_take_part(self) -> None:
        self._sign_in(self.colleague)
        self._post(f"{self.path}/reply", text="From the boss.")
        self._sign_in(self.portal_user)
        last = self._page(self.path).xpath("//article")[-1]
        self.assertIn(self.colleague_fr.name, _text(last))
        self.assertNotIn("o_client_hub_answer", last.get("class"))

    def test_closing_reopening_and_rating(self) -> None:
        self._post(f"{self.path}/close")
        self.assertEqual(self.ticket.state, "closed")
        page = self._page(self.path)
        self.assertEqual(len(page.xpath("//input[@name='rating']")), 5)
        self._post(f"{self.path}/rate", rating="4", comment="Quick.")
        self.assertEqual(self.ticket.rating, 4)
        self.assertEqual(self.ticket.rating_comment, "Quick.")
        [checked] = self._page(self.path).xpath("//input[@checked]/@value")
        self.assertEqual(checked, "4")
        self._post(f"{self.path}/reopen")
        self.assertEqual(self.ticket.state, "open")
        self.assertFalse(self._page(self.path).xpath("//input[@name='rating']"))

    def test_a_reply_reopens(self) -> None:
        self._post(f"{self.path}/close")
        self._post(f"{self.path}/reply", text="Not yet!")
        self.assertEqual(self.ticket.state, "open")

    def test_only_closed_tickets_are_rated(self) -> None:
        response = self._post(f"{self.path}/rate", 422, rating="5", comment="Ok")
        page = html.fromstring(response.text)
        self.assertIn("close the ticket first", self._get_error(page))
        self.assertFalse(self.ticket.rating)

    def test_a_rating_that_is_none_is_refused(self) -> None:
        self.ticket.action_close()
        self.env.flush_all()
        for rating in ("", "0", "6", "x", "5.0"):
            response = self._post(f"{self.path}/rate", 422, rating=rating, comment="Hm")
            page = html.fromstring(response.text)
            self.assertIn("one to five", self._get_error(page))
            self.assertIn("Hm", page.xpath("//textarea[@name='comment']")[0].text)
        self._post(f"{self.path}/rate", 422, rating="5", comment="x" * 2001)
        self.assertFalse(self.ticket.rating)

    def test_a_long_thread_shows_its_end(self) -> None:
        for number in range(105):
            self.ticket.message_post(
                author_id=self.contact_fr.id,
                body=f"Message {number}.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.env.flush_all()
        page = self._page(self.path)
        self.assertEqual(len(page.xpath("//article")), 100)
        self.assertIn("Message 104.", _text(page.xpath("//article")[-1]))
        self.assertIn("earlier messages: 6", _text(page))
        everything = self._page(f"{self.path}?messages=all")
        self.assertEqual(len(everything.xpath("//article")), 106)
