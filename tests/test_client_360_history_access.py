from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.client_event import QUERIES
from .test_client_360_history import Client360HistoryCommon


@tagged("post_install", "-at_install")
class TestClient360HistoryAccess(Client360HistoryCommon):
    """An event has the rights of its document, however it is read."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.own_seller = cls._user(
            "page_own", "client_hub.group_user,sales_team.group_sale_salesman"
        )
        cls.other_seller = cls._user(
            "page_all",
            "client_hub.group_user,sales_team.group_sale_salesman_all_leads",
        )
        cls.own = cls._estimate(user_id=cls.own_seller.id)
        cls.foreign = cls._estimate(user_id=cls.other_seller.id)
        cls.invoice = cls._bill(100.0, invoice_user_id=cls.other_seller.id)
        cls.payment = cls._pay(cls.invoice, 40.0)
        for record in (cls.own, cls.foreign, cls.invoice, cls.payment, cls.client):
            record.message_post(body=f"Words on {record.display_name}")
        cls.env.flush_all()
        cls.cr.flush()

    def _get_documents(self, user: Any) -> Any:
        """Return the documents whose events a user sees."""
        return {(event.res_model, event.res_id) for event in self._search(user=user)}

    def _key(self, *records: Any) -> set[tuple[str, int]]:
        return {(record._name, record.id) for record in records}

    # ------------------------------------------------------------------ each user

    def test_accountant_without_sales_sees_every_document(self) -> None:
        everything = self._key(
            self.own, self.foreign, self.invoice, self.payment, self.client
        )
        self.assertEqual(self._get_documents(self.accountant), everything)

    def test_salesman_limited_to_own_documents_sees_those(self) -> None:
        self.assertEqual(
            self._get_documents(self.own_seller), self._key(self.own, self.client)
        )

    def test_salesman_of_all_documents_sees_no_payments(self) -> None:
        self.assertEqual(
            self._get_documents(self.other_seller),
            self._key(self.own, self.foreign, self.invoice, self.client),
        )

    def test_user_without_sales_and_accounting_sees_the_client_only(self) -> None:
        self.assertEqual(self._get_documents(self.hub_user), self._key(self.client))

    def test_rights_on_a_document_change_what_is_seen(self) -> None:
        self.foreign.user_id = self.own_seller
        self.assertIn(
            ("sale.order", self.foreign.id), self._get_documents(self.own_seller)
        )

    # ------------------------------------------------------------------ each way

    def test_nothing_hidden_is_searched_counted_or_grouped(self) -> None:
        events = self._as(self.own_seller, self.events)
        hidden = [("name", "=", self.foreign.name)]
        self.assertTrue(self._as(self.accountant, self.events).search_count(hidden))
        self.assertFalse(events.search(hidden))
        self.assertFalse(events.search_count(hidden))
        mine = [("client_id", "=", self.client.id)]
        self.assertNotIn(
            self.foreign.name,
            [name for [name] in events._read_group(mine, ["name"], [])],
        )
        [[total]] = events._read_group(mine, [], ["amount:sum"])
        self.assertAlmostEqual(total, self.own.amount_total, 2)

    def test_nothing_hidden_is_read_by_its_number(self) -> None:
        [event] = self._get_events(self.foreign, "created")
        self.assertTrue(self._as(self.accountant, event).read(["name"]))
        for method in ("read", "action_open_document"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self._as(self.own_seller, event), method)()

    def test_hidden_events_leave_no_gap_in_a_page(self) -> None:
        everything = self._search(user=self.own_seller)
        pages = [
            self._search(user=self.own_seller, offset=start, limit=2)
            for start in range(0, len(everything), 2)
        ]
        self.assertEqual([len(page) for page in pages[:-1]], [2] * (len(pages) - 1))
        self.assertEqual(self.events.union(*pages).ids, everything.ids)

    # -------------------------------------------------------- what features must do

    def _contributing(self, model: str, count: int = 1) -> Any:
        original = type(self.events)._get_event_queries

        def with_more(events: Any) -> Iterator[SQL]:
            yield from original(events)
            for _number in range(count):
                yield SQL(
                    "SELECT id, %s AS client_id, NULL::integer AS company_id,"
                    " '2099-01-01'::timestamp AS date, 'viewed' AS kind,"
                    " 'Visit' AS name, NULL::integer AS author_id,"
                    " NULL::numeric AS amount, %s AS res_model, id AS res_id,"
                    " NULL::integer AS message_id FROM res_company",
                    self.client.id,
                    model,
                )

        return patch.object(type(self.events), "_get_event_queries", with_more)

    def test_events_of_a_model_that_is_not_named_are_shown_to_nobody(self) -> None:
        with self._contributing("res.company"):
            self.assertNotIn("Visit", self._search().mapped("name"))
            named = [*self.events._get_event_models(), "res.company"]
            with patch.object(
                type(self.events), "_get_event_models", lambda _self: named
            ):
                visits = self._search().filtered(lambda event: event.name == "Visit")
                self.assertEqual(visits.mapped("kind"), ["viewed"])
                self.assertEqual(visits.res_id, self.env.company.id)

    def test_more_queries_than_there_are_numbers_is_an_error(self) -> None:
        known = len(list(self.events._get_event_queries()))
        with self._contributing("res.company", QUERIES - known):
            self.assertTrue(self._search())
        with (
            self._contributing("res.company", QUERIES - known + 1),
            self.assertRaisesRegex(ValueError, str(QUERIES)),
        ):
            self._search()


@tagged("post_install", "-at_install")
class TestClient360HistoryAnswers(Client360HistoryCommon):
    """What the client did with an estimate: looked at it, signed it, refused it."""

    def test_estimate_viewed_by_the_client(self) -> None:
        order = self._estimate()
        order.message_post(
            body="Quotation viewed by customer Office",
            message_type="notification",
            subtype_xmlid="sale.mt_order_viewed",
        )
        [event] = self._get_events(order, "viewed")
        self.assertEqual(event.summary, "Quotation viewed by customer Office")

    def test_other_notifications_are_not_viewed(self) -> None:
        order = self._estimate()
        order.message_post(body="Something else", message_type="notification")
        self.assertFalse(self._get_events(order, "viewed"))

    def test_signed_estimate_says_who_and_when(self) -> None:
        signed_on = fields.Datetime.to_datetime("2024-06-14 09:30:00")
        order = self._estimate(
            partner_id=self.contact.id, signed_on=signed_on, signed_by="Anne Martin"
        )
        order.action_confirm()
        [event] = self._get_events(order, "accepted")
        self.assertEqual((event.date, event.author_id), (signed_on, self.contact))
        self.assertEqual(event.summary, "Signed by Anne Martin")

    def test_estimate_confirmed_by_staff_is_accepted_by_the_salesman(self) -> None:
        order = self._estimate(user_id=self.salesman.id)
        self.assertFalse(self._get_events(order, "accepted"))
        order.action_confirm()
        [event] = self._get_events(order, "accepted")
        self.assertEqual(event.author_id, self.salesman.partner_id)
        self.assertEqual(event.date, order.date_order)
        self.assertFalse(event.summary)

    def test_rejected_estimate_says_by_whom(self) -> None:
        order = self._estimate(
            client_rejected_on=fields.Datetime.now(),
            client_rejected_by_id=self.contact.id,
        )
        order._action_cancel()
        [event] = self._get_events(order, "rejected")
        self.assertEqual(event.author_id, self.contact)
        self.assertFalse(self._get_events(order, "accepted"))

    def test_estimate_cancelled_by_staff_has_no_answer(self) -> None:
        order = self._estimate(order_line=[Command.clear()])
        order._action_cancel()
        for kind in ("accepted", "rejected"):
            self.assertFalse(self._get_events(order, kind))
