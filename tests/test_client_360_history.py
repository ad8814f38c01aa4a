from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .client_360_page_common import Client360PageCommon


class Client360HistoryCommon(Client360PageCommon):
    """The timeline of a client."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # Fixtures of core switch the chatter off.
        cls.env = cls.env(context={})
        cls.events = cls.env["client.hub.event"]
        cls.client = cls._create_client("Harbor Workshop", email="office@example.com")
        cls.contact = cls._create_partner(name="Office", parent_id=cls.client.id)
        cls.other = cls._create_client("Second Workshop")
        cls.cr.flush()

    def _search(self, client: Any = None, user: Any = None, **options: Any) -> Any:
        """Return the timeline as a user sees it, newest first."""
        events = self._as(user or self.accountant, self.events)
        domain = [("client_id", "=", (client or self.client).id)]
        return events.search(domain, **options)

    def _get_events(self, record: Any, kind: str | None = None) -> Any:
        return self._search().filtered(
            lambda event: (
                (event.res_model, event.res_id) == (record._name, record.id)
                and kind in (None, event.kind)
            )
        )

    def flush_tracking(self) -> None:
        self.env.flush_all()
        self.cr.flush()

    @classmethod
    def _estimate(cls, **vals: Any) -> Any:
        vals = {"partner_id": cls.client.id, "state": "sent", **vals}
        line = Command.create({"product_id": cls.product_a.id, "price_unit": 80.0})
        return cls.env["sale.order"].create({"order_line": [line], **vals})


@tagged("post_install", "-at_install")
class TestClient360History(Client360HistoryCommon):
    """Everything that ever happened with a client is one line of its timeline."""

    def test_invoice_created(self) -> None:
        invoice = self._bill(100.0)
        [event] = self._get_events(invoice, "created")
        self.assertEqual((event.name, event.amount), (invoice.name, 100.0))
        self.assertEqual(event.author_id, self.env.user.partner_id)

    def test_draft_invoice_created(self) -> None:
        invoice = self._bill(100.0, post=False)
        self.assertEqual(len(self._get_events(invoice, "created")), 1)

    def test_vendor_bill_is_no_event(self) -> None:
        bill = self._bill(100.0, move_type="in_invoice")
        self.assertFalse(self._get_events(bill))

    def test_estimate_created(self) -> None:
        order = self._estimate()
        [event] = self._get_events(order, "created")
        self.assertEqual((event.name, event.amount), (order.name, order.amount_total))

    def test_foreign_estimate_counts_in_company_currency(self) -> None:
        pricelist = self.env["product.pricelist"].create(
            {"name": "In euro", "currency_id": self._euro().id}
        )
        order = self._estimate(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id.name, "EUR")
        [event] = self._get_events(order, "created")
        self.assertAlmostEqual(event.amount, order.amount_total / 2, 2)

    def test_invoice_sent_by_mail(self) -> None:
        invoice = self._bill(100.0)
        wizard = self._create_account_move_send_wizard_single(invoice)
        self.assertIn("email", wizard.sending_methods)
        with mute_logger("odoo.addons.account.models.account_move_send"):
            wizard.action_send_and_print()
        [event] = self._get_events(invoice, "mail")
        self.assertIn(invoice.name, event.summary)

    def test_mail_from_the_chatter(self) -> None:
        invoice = self._bill(100.0)
        invoice.message_post(
            body="Please pay", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        [event] = self._get_events(invoice, "mail")
        self.assertEqual(event.summary, "Please pay")

    def test_mail_that_came_in(self) -> None:
        self.client.message_post(
            body="Where is it?",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.contact.id,
        )
        [event] = self._get_events(self.client, "mail")
        self.assertEqual(event.author_id, self.contact)

    def test_note_logged_in_the_chatter(self) -> None:
        self._log("Called back")
        [event] = self._get_events(self.client)
        self.assertEqual((event.kind, event.summary), ("note", "Called back"))

    def _log(self, text: str, record: Any = None) -> None:
        """Log a note as the chatter of the web client does."""
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        (record or self.client).message_post(body=text, **note)

    def test_call_done(self) -> None:
        activity = self.contact.activity_schedule(
            "mail.mail_activity_data_call", summary="Ask for the address"
        )
        activity.action_feedback(feedback="They moved")
        [event] = self._get_events(self.contact, "activity")
        self.assertIn("They moved", event.summary)

    def test_payment_received(self) -> None:
        payment = self._pay(self._bill(100.0), 40.0)
        [event] = self._get_events(payment, "paid")
        self.assertEqual((event.name, event.amount), (payment.name, 40.0))
        self.assertEqual(fields.Date.to_date(event.date), self.today)

    def test_payment_stands_on_its_day_in_every_time_zone(self) -> None:
        payment = self._prepay(5.0, date="2024-06-12")
        [event] = self._get_events(payment, "paid")
        for timezone in ("America/Los_Angeles", "UTC", "Asia/Shanghai"):
            local = fields.Datetime.context_timestamp(
                event.with_context(tz=timezone), event.date
            )
            self.assertEqual(str(local.date()), "2024-06-12", timezone)

    def test_bank_receipt(self) -> None:
        bank_line = self._bank_line(40.0, (self._bill(100.0), 40.0))
        [event] = self._get_events(bank_line.move_id, "paid")
        self.assertEqual(event.amount, 40.0)

    def test_money_paid_back(self) -> None:
        payment = self._prepay(-15.0)
        [event] = self._get_events(payment, "refunded")
        self.assertEqual(event.amount, -15.0)

    def test_tracked_change_says_what_is_new(self) -> None:
        self.client.user_id = self.salesman
        self.flush_tracking()
        [event] = self._get_events(self.client, "update")
        self.assertEqual(event.summary, f"Salesperson: {self.salesman.name}")

    def test_posting_is_an_update_of_the_invoice(self) -> None:
        invoice = self._bill(100.0, post=False)
        self.flush_tracking()
        invoice.action_post()
        self.flush_tracking()
        summaries = self._get_events(invoice, "update").mapped("summary")
        self.assertTrue([text for text in summaries if "Posted" in (text or "")])

    # -------------------------------------------------------------------- the list

    def test_newest_comes_first(self) -> None:
        self._prepay(1.0, date="2024-06-10")
        self._prepay(2.0, date="2024-06-12")
        self._prepay(3.0, date="2024-06-11")
        paid = self._search().filtered(lambda event: event.kind == "paid")
        self.assertEqual(paid.mapped("amount"), [2.0, 3.0, 1.0])
        dates = self._search().mapped("date")
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_pages_hold_each_event_once(self) -> None:
        for _number in range(5):
            self._bill(100.0)
        everything = self._search()
        pages = [self._search(offset=start, limit=4) for start in range(0, 40, 4)]
        paged = [event_id for page in pages for event_id in page.ids]
        self.assertGreaterEqual(len(everything), 5)
        self.assertEqual(paged, everything.ids)

    def test_numbers_are_unique_and_stay(self) -> None:
        self._history_of_everything()
        before = self._search()
        self.assertEqual(len(set(before.ids)), len(before))
        wanted = [(event.id, event.kind, event.res_id) for event in before]
        self._bill(5.0)
        after = self.events.browse(before.ids)
        found = [(event.id, event.kind, event.res_id) for event in after]
        self.assertEqual(found, wanted)

    def _history_of_everything(self) -> None:
        self._pay(self._bill(100.0), 40.0)
        self._prepay(-15.0)
        self._bank_line(40.0, (self._bill(100.0), 40.0))
        self._estimate(signed_on=fields.Datetime.now(), signed_by="Anne")
        self._log("Called back")

    def test_events_are_found_by_kind_and_document(self) -> None:
        self._history_of_everything()
        events = self._as(self.accountant, self.events)
        domain = [("client_id", "=", self.client.id), ("kind", "=", "refunded")]
        self.assertEqual(events.search(domain).amount, -15.0)
        invoice = self._bill(77.0)
        found = events.search([("name", "ilike", invoice.name)])
        self.assertEqual(set(found.mapped("res_id")), {invoice.id})

    def test_events_of_contacts_are_those_of_their_company(self) -> None:
        invoice = self._bill(100.0, partner_id=self.contact.id)
        order = self._estimate(partner_id=self.contact.id)
        payment = self._prepay(5.0, partner_id=self.contact.id)
        for record in (invoice, order, payment):
            self.assertTrue(self._get_events(record), record)

    def test_events_of_other_clients_are_left_out(self) -> None:
        invoice = self._bill(100.0, partner_id=self.other.id)
        self._prepay(5.0, partner_id=self.other.id)
        self.assertFalse(self._search())
        found = self._search(self.other)
        self.assertEqual(found.client_id, self.other)
        self.assertIn(invoice.id, found.mapped("res_id"))

    def test_events_of_another_company_are_left_out(self) -> None:
        company = self.setup_other_company(name="Sister Company")["company"]
        self.env.user.company_ids |= company
        invoice = self._bill(100.0, company_id=company.id)
        self.assertFalse(self._get_events(invoice))
        self.accountant.company_ids |= company
        seen = self._search().with_context(allowed_company_ids=company.ids)
        self.assertFalse(seen.search([("company_id", "=", self.env.company.id)]))
        self.assertIn(invoice.id, seen.search([]).mapped("res_id"))

    def test_client_with_nothing_has_no_history(self) -> None:
        self.assertFalse(self._search(self._create_client("New Workshop")))

    # -------------------------------------------------------------------- opening

    def test_each_event_opens_its_record(self) -> None:
        self._history_of_everything()
        models = set()
        for event in self._search():
            action = event.action_open_document()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertTrue(record.exists())
            self.assertEqual(action["views"], [(False, "form")])
            models.add(record._name)
        self.assertEqual(
            models, {"account.move", "account.payment", "sale.order", "res.partner"}
        )

    # --------------------------------------------------------------------- rights

    def test_user_without_accounting_rights_sees_no_words_on_invoices(self) -> None:
        self._log("Secret of the accountants", self._bill(100.0))
        self._log("Called back")
        summaries = self._search(user=self.hub_user).mapped("summary")
        self.assertEqual([text for text in summaries if text], ["Called back"])
        accountants = self._search().mapped("summary")
        self.assertIn("Secret of the accountants", accountants)

    def test_change_of_a_field_the_user_may_not_read_is_not_told(self) -> None:
        field = self.env["res.partner"]._fields["user_id"]
        self.client.user_id = self.salesman
        self.flush_tracking()
        with patch.object(field, "groups", "base.group_system"):
            [event] = self._get_events(self.client, "update")
            self.assertFalse(event.summary)

    def test_user_without_any_rights_sees_no_history(self) -> None:
        self._bill(100.0)
        with self.assertRaises(AccessError):
            self._search(user=self.plain_user)

    # ----------------------------------------------------- events of other features

    def test_feature_contributes_its_own_events(self) -> None:
        model = type(self.events)
        original = model._get_event_queries

        def with_visits(events: Any) -> Iterator[SQL]:
            yield from original(events)
            yield SQL(
                "SELECT id, id AS client_id, NULL::integer AS company_id,"
                " '2099-01-01'::timestamp AS date, 'note' AS kind, 'Visit' AS name,"
                " id AS author_id, NULL::numeric AS amount,"
                " 'res.partner' AS res_model, id AS res_id,"
                " NULL::integer AS message_id FROM res_partner WHERE id = %s",
                self.client.id,
            )

        self._history_of_everything()
        before = self._search()
        with patch.object(model, "_get_event_queries", with_visits):
            events = self._search()
            self.assertEqual(events[0].name, "Visit")
            self.assertEqual(events[1:].ids, before.ids)
