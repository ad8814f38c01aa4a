from __future__ import annotations

from typing import Any

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import ticket_client
from .ticket_common import URL, TicketAbuseCommon

POSTS = ("reply", "close", "reopen", "rate")


@tagged("post_install", "-at_install")
class TestTicketRoutes(TicketAbuseCommon):
    """The routes of the portal, as whom they are not for."""

    def test_another_clients_ticket_is_like_none(self) -> None:
        before = self._get_state()
        unknown = self.foreign.id + 1000
        answers = {}
        for ticket_id in (self.foreign.id, unknown, 2**31, 10**30):
            pages = [self._get(f"/{ticket_id}", 404)]
            token = self._get_token()
            for name in POSTS:
                data = {"text": "Mine!", "rating": "1", "comment": "Bad"}
                files = [("a.txt", b"a")] if name == "reply" else ()
                path = f"/{ticket_id}/{name}"
                pages.append(self._post(path, 404, files, token, **data))
            file_path = f"/{ticket_id}/file/{self.foreign_file.id}"
            pages.append(self._get(file_path, 404))
            answers[ticket_id] = [self._read(page) for page in pages]
        self.assertEqual(answers[self.foreign.id], answers[unknown])
        self.assertEqual(self._get_state(), before)

    def _read(self, response: Any) -> str:
        """Return the words of a page, without what differs each time."""
        page = html.fromstring(response.text)
        for script in page.xpath("//script"):
            script.drop_tree()
        return " ".join(page.text_content().split())

    def test_another_clients_file_is_not_reached_through_an_own_ticket(self) -> None:
        self._get(f"/{self.ticket.id}/file/{self.foreign_file.id}", 404)
        self._get(f"/{self.ticket.id}/file/{2**31}", 404)
        self._get(f"/{self.ticket.id}/file/1", 404)

    def test_contacts_who_see_their_own_reach_no_more(self) -> None:
        self.company.client_hub_portal_visibility = "addressed"
        self.env.flush_all()
        self._sign_in(self.colleague)
        before = self._get_state(self.ticket)
        self._get(f"/{self.ticket.id}", 404)
        for name in POSTS:
            self._post(f"/{self.ticket.id}/{name}", 404, text="Hm", rating="1")
        self.assertNotIn("Wrong amount", self._get().text)
        self.assertEqual(self._get_state(self.ticket), before)

    def test_nothing_changes_by_looking(self) -> None:
        before = self._get_state(self.ticket)
        for name in POSTS:
            with self.subTest(name):
                self._get(f"/{self.ticket.id}/{name}?rating=5&text=x", 405)
        self._get("/new?subject=x&text=y&invoice_id=1")
        self._get(f"/{self.ticket.id}?done=closed&rating=5")
        self.assertEqual(self._get_state(self.ticket), before)

    def test_forms_need_their_token(self) -> None:
        before = self._get_state(self.ticket)
        count = self.tickets.search_count([])
        for path in ("/new", *(f"/{self.ticket.id}/{name}" for name in POSTS)):
            for token in ("", "x", "0" * 40 + "o9999999999"):
                with self.subTest(path), mute_logger("odoo.http"):
                    self._post(
                        path, 400, token=token, subject="x", text="y", rating="1"
                    )
        self.assertEqual(self._get_state(self.ticket), before)
        self.assertEqual(self.tickets.search_count([]), count)

    def test_visitors_are_asked_to_sign_in(self) -> None:
        token = self._get_token()
        self.authenticate(None, None)
        for path in ("", "/new", f"/{self.ticket.id}", f"/{self.ticket.id}/file/1"):
            response = self._get(path, 303, allow_redirects=False)
            self.assertIn("/web/login", response.headers["Location"])
        for name in POSTS:
            path = f"{URL}/{self.ticket.id}/{name}"
            response = self.url_open(
                path, data={"csrf_token": token, "text": "x"}, allow_redirects=False
            )
            self.assertNotEqual(response.status_code, 200)
        self.assertEqual(len(self._talk(self.ticket)), 1)

    def test_the_token_of_a_ticket_opens_nothing(self) -> None:
        url = self.ticket.get_portal_url()
        self.env.flush_all()
        self.authenticate(None, None)
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self._sign_in(self.stranger)
        self._get(url.removeprefix(URL), 404)

    def test_staff_work_elsewhere(self) -> None:
        for user in (self.hub_user, self.clerk):
            self._sign_in(user)
            response = self._get("", 303, allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith("/my"))
            self._get("/new", 404)
            self._get(f"/{self.ticket.id}", 404)

    def test_documents_of_others_are_not_linked(self) -> None:
        foreign = self._create_invoice_of(self.client_de)
        order = self.orders.create({"partner_id": self.client_de.id, "state": "sent"})
        bill = self._create_invoice_of(self.client_fr, move_type="in_invoice")
        draft = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client_fr.id}
        )
        self.env.flush_all()
        for data in (
            {"invoice_id": foreign.id},
            {"invoice_line_id": foreign.invoice_line_ids.id},
            {"sale_order_id": order.id},
            {"invoice_id": bill.id},
            {"invoice_id": draft.id},
            {"invoice_id": 2**31 - 1},
        ):
            with self.subTest(data):
                query = "&".join(f"{name}={value}" for name, value in data.items())
                page = self._page(f"/new?{query}")
                self.assertFalse(page.xpath("//div[@name='about']"))
                ticket = self._open_ticket(**data)
                self.assertFalse(ticket.invoice_id | ticket.invoice_line_id.move_id)
                self.assertFalse(ticket.sale_order_id)

    def test_a_form_names_neither_client_nor_state(self) -> None:
        ticket = self._open_ticket(
            partner_id=self.contact_de.id,
            commercial_partner_id=self.client_de.id,
            company_id=1,
            user_id=self.hub_user.id,
            state="closed",
            priority="3",
            channel="staff",
            name="T99999",
        )
        self.assertEqual(ticket.partner_id, self.contact_fr)
        self.assertEqual((ticket.state, ticket.priority), ("new", "1"))
        self.assertEqual((ticket.channel, ticket.company_id), ("portal", self.company))
        self.assertFalse(ticket.user_id)
        self.assertNotEqual(ticket.name, "T99999")

    # ---------------------------------------------------------------- flooding

    def test_a_client_who_floods_is_asked_to_wait(self) -> None:
        self.patch(ticket_client, "MAX_OF_CLIENT", 2)
        self._open_ticket()
        self._post(f"/{self.ticket.id}/reply", text="One more.")
        count = len(self._talk(self.ticket))
        page = self._open_ticket(429, text="Third", files=[("a.txt", b"a")])
        self.assertIn("Please wait", self._get_error(page))
        self.assertIn("Third", page.xpath("//textarea[@name='text']")[0].text)
        self.assertFalse(page.xpath("//input[@name='kept']"))
        self._post(f"/{self.ticket.id}/reply", 429, text="Fourth")
        self._post(f"/{self.ticket.id}/close", 429)
        self._sign_in(self.colleague)
        self._post(f"/{self.ticket.id}/reply", 429, text="Fifth")
        self.assertEqual(len(self._talk(self.ticket)), count)
        self.assertEqual(self.ticket.state, "new")
        self._sign_in(self.stranger)
        self._open_ticket()

    def test_an_address_that_floods_is_asked_to_wait(self) -> None:
        self.patch(ticket_client, "MAX_OF_ADDRESS", 1)
        self._open_ticket()
        self._sign_in(self.stranger)
        page = self._open_ticket(429)
        self.assertIn("Please wait", self._get_error(page))

    def test_a_form_with_a_mistake_does_not_count(self) -> None:
        self.patch(ticket_client, "MAX_OF_CLIENT", 1)
        for _time in range(3):
            self._open_ticket(422, subject="")
        self._open_ticket()
