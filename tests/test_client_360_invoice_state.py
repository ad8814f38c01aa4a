from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import Command
from odoo.tests import tagged

from .client_360_page_common import Client360PageCommon

NAME = "client_invoice_state"


@tagged("post_install", "-at_install")
class TestClient360InvoiceState(Client360PageCommon):
    """Where an invoice stands, in one word."""

    def test_draft_not_sent_and_sent(self) -> None:
        invoice = self._bill(100.0, post=False)
        self.assertEqual(invoice.client_invoice_state, "draft")
        invoice.action_post()
        self.assertEqual(invoice.client_invoice_state, "posted")
        invoice.is_move_sent = True
        self.assertEqual(invoice.client_invoice_state, "sent")

    def test_overdue_from_the_day_after_the_due_date(self) -> None:
        self.assertEqual(self._bill(100.0, due=0).client_invoice_state, "posted")
        self.assertEqual(self._bill(100.0, due=-1).client_invoice_state, "overdue")

    def test_invoice_with_an_overdue_instalment_is_overdue(self) -> None:
        invoice = self._bill_in_instalments()
        self.assertGreater(invoice.invoice_date_due, self.today)
        self.assertEqual(invoice.client_invoice_state, "overdue")
        self.assertEqual(self.client.client_overdue, 30.0)
        self._pay(invoice, 30.0)
        self.assertEqual(invoice.client_invoice_state, "partial")
        self.client.invalidate_recordset()
        self.assertEqual(self.client.client_overdue, 0.0)

    def test_partly_paid(self) -> None:
        invoice = self._bill(100.0)
        self._pay(invoice, 40.0)
        self.assertEqual(invoice.client_invoice_state, "partial")

    def test_partly_paid_and_overdue_is_overdue(self) -> None:
        invoice = self._bill(100.0, due=-1)
        self._pay(invoice, 40.0)
        self.assertEqual(invoice.client_invoice_state, "overdue")

    def test_paid_late_is_paid(self) -> None:
        invoice = self._bill(100.0, due=-1)
        self._pay(invoice)
        self.assertEqual(invoice.client_invoice_state, "paid")

    def test_reversed_and_cancelled(self) -> None:
        invoice = self._bill(100.0, due=-1)
        self._reconcile(self._terms(invoice + self._credit(100.0)))
        self.assertEqual(invoice.client_invoice_state, "reversed")
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(invoice.client_invoice_state, "cancel")

    def test_the_database_finds_sorts_and_groups_as_the_page_shows(self) -> None:
        invoices = self._as_user(self._create_invoices_of_each_state())
        by_state = invoices.grouped(NAME)
        states = invoices._fields[NAME].get_values(self.env)
        self.assertEqual(set(by_state), set(states))
        ours = [("id", "in", invoices.ids)]
        for state, expected in by_state.items():
            with self.subTest(state=state):
                found = invoices.search([*ours, (NAME, "=", state)])
                self.assertEqual(set(found), set(expected))
                others = invoices.search([*ours, (NAME, "!=", state)])
                self.assertEqual(set(others), set(invoices - expected))
        groups = invoices._read_group(ours, [NAME], ["id:recordset"])
        found = {state: set(moves) for state, moves in groups}
        self.assertEqual(found, {state: set(by_state[state]) for state in by_state})
        ordered = invoices.search(ours, order=f"{NAME} desc, id").mapped(NAME)
        self.assertEqual(ordered, sorted(ordered, reverse=True))

    def _create_invoices_of_each_state(self) -> Any:
        sent, partial, paid = self._bill(1.0), self._bill(2.0), self._bill(3.0)
        sent.is_move_sent = True
        self._pay(partial, 1.0)
        self._pay(paid)
        reversed_, cancelled = self._bill(4.0), self._bill(5.0, post=False)
        credit = self._credit(4.0)
        self._reconcile(self._terms(reversed_ + credit))
        cancelled.button_cancel()
        return sent.union(
            partial,
            paid,
            reversed_,
            credit,
            cancelled,
            self._bill(6.0, post=False),
            self._bill(7.0),
            self._bill(8.0, due=-1),
            self._bill_in_instalments(),
        )

    def _bill_in_instalments(self) -> Any:
        """Post an invoice of which 30 % were due yesterday."""
        shares = ((30.0, 0), (70.0, 60))
        lines = [
            Command.create({"value": "percent", "value_amount": part, "nb_days": days})
            for part, days in shares
        ]
        term = self.env["account.payment.term"].create(
            {"name": "In two parts", "line_ids": lines}
        )
        yesterday = self.today - timedelta(1)
        return self._bill(
            100.0, invoice_date=yesterday, invoice_payment_term_id=term.id
        )
