from __future__ import annotations

from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .statement_common import StatementCommon


@tagged("post_install", "-at_install")
class TestStatement(StatementCommon):
    """What stands on a statement, and what users of other ones found wrong there."""

    # ---------------------------------------------------------------- the account

    def test_every_kind_stands_in_order_with_a_running_balance(self) -> None:
        invoice = self._on(-40, self._bill, 100.0)
        self._on(-30, self._credit, 20.0)
        self._prepay(50.0, date=self._day(-20))
        self._prepay(-5.0, date=self._day(-10))
        self._entry(7.0)
        self.assertEqual(
            self._rows(),
            [
                ("invoice", 100.0, 100.0),
                ("credit_note", -20.0, 80.0),
                ("payment", -50.0, 30.0),
                ("refund", 5.0, 35.0),
                ("adjustment", 7.0, 42.0),
            ],
        )
        [row, *_others] = self._get_block().rows
        self.assertEqual((row.name, row.date), (invoice.name, self._day(-40)))
        self.assertEqual(row.due, invoice.invoice_date_due)
        self.assertEqual(self._get_block().closing, self._ledger())

    def test_documents_and_payments_have_their_numbers(self) -> None:
        invoice = self._on(-9, self._bill, 100.0, ref="PO 7")
        payment = self._prepay(10.0, memo="Thank you")
        rows = self._get_block().rows
        self.assertEqual([row.name for row in rows], [invoice.name, payment.name])
        self.assertEqual([row.memo for row in rows], ["PO 7", "Thank you"])
        self.assertEqual([row.payment_id for row in rows], [None, payment.id])

    def test_what_staff_note_on_an_entry_stays_inside(self) -> None:
        item = self._entry(7.0)
        item.move_id.ref = item.name = "They will never pay"
        [row] = self._get_block().rows
        self.assertFalse(row.memo)

    def test_instalments_are_one_row_but_age_on_their_own(self) -> None:
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 10}),
                    Command.create({"value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        self._on(-20, self._bill, 100.0, invoice_payment_term_id=term.id)
        block = self._get_block()
        self.assertEqual(len(block.rows), 1)
        [document] = block.documents
        self.assertEqual(
            (document.remaining, document.overdue, document.due),
            (100.0, 50.0, self._day(-10)),
        )
        self.assertEqual(block.ageing, [50.0, 50.0, 0.0, 0.0, 0.0])
        self.assertEqual(block.next_due, self._day(40))

    def test_write_off_at_payment_is_an_adjustment(self) -> None:
        self._pay(
            self._on(-3, self._bill, 100.0),
            98.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(
            self._rows()[1:], [("payment", -98.0, 2.0), ("adjustment", -2.0, 0.0)]
        )
        self.assertBalances(self._get())

    def test_bank_receipt_without_payment_is_a_payment(self) -> None:
        invoice = self._on(-3, self._bill, 100.0)
        self._bank_line(60.0, (invoice, 60.0))
        self.assertEqual(self._rows()[1:], [("payment", -60.0, 40.0)])
        self.assertEqual(self._get_block().rows[1].memo, "Transfer")

    def test_receipts_count_as_invoices(self) -> None:
        self._on(-3, self._bill, 30.0, move_type="out_receipt")
        self.assertEqual(self._rows(), [("invoice", 30.0, 30.0)])

    def test_client_without_entries_has_no_account(self) -> None:
        statement = self._get(client=self._create_client("Nobody"))
        self.assertEqual(statement.blocks, [])
        self.assertFalse(statement.says_something)

    def test_three_figures_make_the_balance(self) -> None:
        self._on(-3, self._bill, 100.0)
        self._prepay(30.0)
        self._entry(7.0)
        block = self._get_block()
        found = block.outstanding, block.unapplied, block.other, block.closing
        self.assertEqual(found, (100.0, 30.0, 7.0, 77.0))

    def test_matching_with_another_client_stays_in_the_ledger(self) -> None:
        stranger = self._create_client("Stranger")
        invoice = self._on(-3, self._bill, 100.0)
        payment = self._prepay(100.0, partner_id=stranger.id)
        self._reconcile(self._terms(invoice), self._terms(payment.move_id))
        block = self._get_block()
        self.assertEqual((block.closing, block.outstanding), (100.0, 0.0))
        self.assertEqual(block.other, 100.0)
        self.assertEqual(len(block.rows), 1)
        self.assertEqual(self._get_block(client=stranger).closing, -100.0)

    # ----------------------------------------------------------------- the period

    def test_opening_balance_is_the_closing_of_the_day_before(self) -> None:
        self._on(-40, self._bill, 100.0)
        self._prepay(30.0, date=self._day(-20))
        self._on(-10, self._bill, 5.0)
        for days in (-41, -40, -39, -20, -19, -10, -9, 0):
            first = self._day(days)
            before = self._get(None, first - timedelta(1)).blocks
            block = self._get_block(first)
            self.assertEqual(block.opening, sum(b.closing for b in before))
            self.assertEqual(block.closing, 75.0)

    def test_period_in_the_past_knows_nothing_later(self) -> None:
        invoice = self._on(-40, self._bill, 100.0)
        self._pay_on(-10, invoice, 60.0)
        self._on(-5, self._bill, 9.0)
        block = self._get_block(self._day(-60), self._day(-11))
        self.assertEqual([row.name for row in block.rows], [invoice.name])
        self.assertEqual([d.remaining for d in block.documents], [100.0])
        self.assertEqual((block.closing, block.unapplied), (100.0, 0.0))
        self.assertEqual(self._get_block().documents[0].paid, 60.0)

    def test_rows_and_documents_come_in_pages(self) -> None:
        for days in range(-9, 0):
            self._on(days, self._bill, 10.0)
        block = self._get_block(rows=slice(3, 6), documents=slice(0, 2))
        self.assertEqual([row.balance for row in block.rows], [40.0, 50.0, 60.0])
        self.assertEqual(block.brought_forward, 30.0)
        self.assertEqual((block.row_count, block.document_count), (9, 9))
        self.assertEqual(len(block.documents), 2)

    def test_entries_dated_after_today_are_booked_already(self) -> None:
        self._on(5, self._bill, 10.0)
        self.assertEqual(self._get_block().closing, self.client.client_outstanding)
        self.assertFalse(self._get(None, self._day(-1)).blocks)

    # --------------------------------------------------- what others' users found

    def test_ageing_adds_up_with_unclaimed_credit_notes(self) -> None:
        """account-financial-reporting 300"""
        self._on(-50, self._bill, 100.0, due=-20)
        self._on(-50, self._credit, 30.0, due=-40)
        block = self._get_block()
        self.assertEqual(block.ageing, [0.0, 100.0, -30.0, 0.0, 0.0])
        self.assertEqual((block.outstanding, block.overdue), (70.0, 70.0))
        self.assertBalances(self._get())

    def test_several_payments_of_several_invoices_count_once(self) -> None:
        """account-financial-reporting 546"""
        invoices = self._on(-50, self._bill, 70.0) + self._on(-45, self._bill, 50.0)
        payments = self._prepay(60.0) + self._prepay(40.0)
        self._reconcile(self._terms(invoices), self._terms(payments.move_id))
        block = self._get_block()
        self.assertEqual([d.remaining for d in block.documents], [20.0])
        self.assertEqual((block.outstanding, block.unapplied), (20.0, 0.0))
        self.assertBalances(self._get())

    def test_opening_balance_of_a_part_of_the_period(self) -> None:
        """account-financial-reporting 872"""
        self._on(-90, self._bill, 100.0)
        self._pay_on(-30, self._on(-60, self._bill, 50.0))
        self.assertEqual(self._get_block(self._day(-45)).opening, 150.0)
        self.assertEqual(self._get_block(self._day(-20)).opening, 100.0)

    def test_account_and_open_documents_end_with_one_balance(self) -> None:
        """account-financial-reporting 1103"""
        self._pay(self._on(-60, self._bill, 50.0), 20.0)
        self._on(-10, self._bill, 5.0)
        for last in (self._day(-59), self._day(-1), self.today):
            self.assertBalances(self._get(self._day(-30), last))

    def test_invoice_paid_after_the_day_was_open_then(self) -> None:
        """account-payment 386"""
        invoice = self._on(-40, self._bill, 100.0, due=-30)
        self._pay_on(-5, invoice)
        block = self._get_block(None, self._day(-10))
        [document] = block.documents
        self.assertEqual((document.name, document.remaining), (invoice.name, 100.0))
        self.assertEqual(block.ageing, [0.0, 100.0, 0.0, 0.0, 0.0])
        self.assertEqual(self._get_block().documents, [])

    def test_matching_outside_the_period_counts_as_of_its_end(self) -> None:
        """account-financial-reporting, lines matched outside of the dates"""
        invoice = self._on(-40, self._bill, 100.0)
        self._pay_on(-35, invoice, 40.0)
        block = self._get_block(self._day(-20), self._day(-10))
        self.assertEqual((block.rows, block.opening), ([], 60.0))
        self.assertEqual([d.remaining for d in block.documents], [60.0])

    def test_less_than_a_cent_is_nothing(self) -> None:
        """account-financial-reporting, residues of 0.00001"""
        invoice = self._on(-40, self._bill, 100.0)
        self._pay(invoice)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual_currency = 0.00001"
            " WHERE id = %s",
            [self._terms(invoice).id],
        )
        block = self._get_block()
        self.assertEqual(block.documents, [])
        self.assertEqual(block.document_count, 0)

    def test_blocked_document_has_its_balance(self) -> None:
        """account-financial-reporting, blocked lines without balance"""
        invoice = self._on(-40, self._bill, 100.0)
        invoice.action_toggle_block_payment()
        self.assertEqual(invoice.payment_state, "blocked")
        self.assertEqual(self._rows(), [("invoice", 100.0, 100.0)])
        self.assertEqual([d.remaining for d in self._get_block().documents], [100.0])

    def test_drafts_and_cancelled_documents_are_not_there(self) -> None:
        """account-financial-reporting 648"""
        self._bill(100.0, post=False)
        self._bill(50.0, post=False).button_cancel()
        self.assertEqual(self._get().blocks, [])

    def test_payment_of_a_document_reset_to_draft_is_unapplied(self) -> None:
        invoice = self._on(-40, self._bill, 100.0)
        self._pay(invoice)
        invoice.button_draft()
        block = self._get_block()
        self.assertEqual((block.closing, block.unapplied), (-100.0, 100.0))
        self.assertEqual(self.client.client_unapplied, 100.0)

    def test_document_settled_by_a_draft_credit_note_stays_settled(self) -> None:
        invoice = self._on(-40, self._bill, 100.0)
        credit = self._on(-20, self._credit, 100.0)
        self._reconcile(self._terms(invoice), self._terms(credit))
        credit.button_draft()
        self.assertEqual(invoice.amount_residual, 0.0)
        block = self._get_block()
        self.assertEqual((block.outstanding, block.documents), (0.0, []))
        self.assertEqual(block.outstanding, self.client.client_outstanding)
        self.assertEqual((block.closing, block.other), (100.0, 100.0))
        self.assertEqual(self._get_block(None, self._day(-30)).outstanding, 100.0)

    def test_matches_of_other_drafts_change_nothing(self) -> None:
        stranger = self._create_client("Stranger")
        draft = self._on(-40, self._bill, 70.0, partner_id=stranger.id)
        self._pay(draft)
        draft.button_draft()
        self._pay_on(-20, self._on(-40, self._bill, 100.0), 60.0)
        for last in (self._day(-1), self.today):
            block = self._get_block(None, last)
            self.assertEqual((block.outstanding, block.unapplied), (40.0, 0.0))

    def test_payment_of_a_draft_is_unapplied_as_of_a_past_day_too(self) -> None:
        invoice = self._on(-40, self._bill, 100.0)
        self._pay_on(-20, invoice)
        invoice.button_draft()
        self.assertEqual(self._get_block(None, self._day(-10)).unapplied, 100.0)
        self.assertEqual(self._get(None, self._day(-30)).blocks, [])

    def test_free_documents_are_called_what_they_are(self) -> None:
        self._on(-9, self._bill, 0.0)
        self._on(-8, self._credit, 0.0)
        self.assertEqual(
            self._rows(), [("invoice", 0.0, 0.0), ("credit_note", 0.0, 0.0)]
        )

    def test_documents_of_contacts_are_those_of_their_company(self) -> None:
        """account-financial-reporting 299"""
        self._on(-9, self._bill, 100.0, partner_id=self.contact.id)
        self._on(-8, self._bill, 10.0)
        self.assertEqual(self._get_block().closing, 110.0)

    def test_who_sees_a_part_sees_what_is_open_of_it(self) -> None:
        mine = self._on(-9, self._bill, 100.0, partner_id=self.contact.id)
        theirs = self._on(-8, self._bill, 10.0)
        self._pay_on(-3, mine + theirs, 90.0, group_payment=True)
        visible = SQL("move.partner_id = %s", self.contact.id)
        block = self._get_block(visible=visible)
        self.assertEqual([d.remaining for d in block.documents], [20.0])
        self.assertEqual(
            self._rows(visible=visible),
            [("invoice", 100.0, 100.0), ("payment", -80.0, 20.0)],
        )
        self.assertEqual((block.closing, block.other), (20.0, 0.0))
        self.assertEqual({row.name for row in block.rows}, {mine.name})
        before = self._get_block(None, self._day(-4), visible=visible)
        self.assertEqual(before.closing, 100.0)

    def test_number_of_queries_does_not_grow(self) -> None:
        counts = []
        for _times in range(2):
            for days in range(-9, 0):
                self._pay(self._on(days, self._bill, 10.0), 5.0)
            self._get()
            self.env.flush_all()
            begin = self.env.cr.sql_log_count
            self._get()
            counts.append(self.env.cr.sql_log_count - begin)
        self.assertEqual(counts, [1, 1])

    def test_oldest_date_there_is(self) -> None:
        self._on(-9, self._bill, 10.0)
        self.assertEqual(self._get_block(date.min).closing, 10.0)
        self.assertEqual(self._get(None, date.min).blocks, [])
