from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.tests import tagged

from ..models import online_payment_checkout
from .online_payment_portal_common import OnlinePaymentPortalCommon


@tagged("post_install", "-at_install")
class TestOnlinePaymentOffer(OnlinePaymentPortalCommon):
    """What a client can pay online, and how much that is today."""

    # -------------------------------------------------------------------- amounts

    def test_one_invoice_is_its_remainder(self) -> None:
        invoice = self._bill(100.0, due=-3)
        self.assertEqual(self._options(invoice), [("all", 100.0)])
        self._pay(invoice, 60.0)
        self.assertEqual(self._options(invoice), [("all", 40.0)])

    def test_fault_4_a_part_paid_overdue_invoice_is_not_charged_in_full(self) -> None:
        invoice = self._bill(100.0, due=-30)
        self._pay(invoice, 99.0)
        self.assertEqual(self._options(invoice), [("all", 1.0)])

    def test_instalments(self) -> None:
        term = self._term((20, 0), (30, 30), (50, 60))
        invoice = self._bill(100.0, invoice_payment_term_id=term.id)
        self.assertEqual(
            self._options(invoice), [("due", 20.0), ("next", 50.0), ("all", 100.0)]
        )
        [offer] = self._offers(invoice)
        self.assertEqual(offer.options[1].until, self.today + timedelta(30))
        self._pay(invoice, 20.0)
        self.assertEqual(self._options(invoice), [("next", 30.0), ("all", 80.0)])

    def test_early_discount_that_is_valid(self) -> None:
        invoice = self._bill(100.0, invoice_payment_term_id=self._discount().id)
        [offer] = self._offers(invoice)
        self.assertEqual(self._options(invoice), [("all", 98.0)])
        self.assertEqual(offer.discount_of(offer.options[0]), 2.0)

    def test_early_discount_that_is_over(self) -> None:
        late = self._on(
            -11, self._bill, 100.0, invoice_payment_term_id=self._discount().id
        )
        self.assertEqual(self._options(late), [("all", 100.0)])

    def test_early_discount_is_lost_with_a_part_payment(self) -> None:
        invoice = self._bill(100.0, invoice_payment_term_id=self._discount().id)
        self._pay(invoice, 10.0)
        self.assertEqual(self._options(invoice), [("all", 90.0)])

    def test_early_discounts_of_several_invoices_add_up(self) -> None:
        term = self._discount().id
        invoices = self._bill(100.0, invoice_payment_term_id=term)
        invoices += self._bill(50.0, invoice_payment_term_id=term)
        invoices += self._bill(7.0, due=40)
        self.assertEqual(self._options(invoices)[-1], ("all", 154.0))
        [payable] = self._prepare(invoices)
        self.assertEqual(payable.discounted, invoices[:2].sudo())
        self.assertEqual(payable.amount, 154.0)

    def _discount(self) -> Any:
        return self._term(
            (100, 30), early_discount=True, discount_percentage=2, discount_days=10
        )

    # -------------------------------------------------------------------- set off

    def test_credit_note_is_set_off_against_what_is_due_first(self) -> None:
        first, second = self._bill(100.0, due=-9), self._bill(50.0, due=-1)
        credit = self._credit(120.0)
        moves = second + first + credit
        self.assertEqual(self._options(moves), [("all", 30.0)])
        [payable] = self._prepare(moves)
        lines = [(line.invoice_id, line.amount) for line in payable.lines]
        self.assertEqual(lines, [(second.id, 30.0)])
        self.assertEqual(payable.invoices, (credit + second).sudo())

    def test_credit_that_covers_all_leaves_nothing_to_pay(self) -> None:
        moves = self._bill(100.0) + self._credit(100.0)
        self.assertEqual(self._offers(moves), [])
        self.assertEqual(self._offers(self._credit(5.0)), [])

    def test_unapplied_money_counts_for_the_whole_balance_alone(self) -> None:
        invoice = self._bill(100.0)
        payment = self._prepay(30.0)
        self.assertEqual(self._options(invoice), [("all", 100.0)])
        self.assertEqual(self._options(invoice, everything=True), [("all", 70.0)])
        [payable] = self._prepare(invoice, everything=True)
        self.assertEqual(payable.invoices, (invoice + payment.move_id).sudo())
        self.assertEqual([line.amount for line in payable.lines], [70.0])

    def test_opening_balance_counts_for_the_whole_balance(self) -> None:
        invoice = self._bill(100.0)
        self._entry(25.0)
        self.assertEqual(self._options(invoice, everything=True)[-1], ("all", 125.0))

    def test_receipts_count_for_the_whole_balance(self) -> None:
        invoice = self._bill(100.0)
        self._bill(7.0, move_type="out_receipt")
        self._bill(9.0, move_type="out_receipt").action_toggle_block_payment()
        self.assertEqual(self._options(invoice, everything=True), [("all", 107.0)])

    def test_money_of_others_does_not_count(self) -> None:
        invoice = self._bill(100.0)
        self._prepay(30.0, partner_id=self.rival.id)
        self._entry(25.0, partner=self.rival)
        self.assertEqual(self._options(invoice, everything=True), [("all", 100.0)])

    # ---------------------------------------------------------------- one payment each

    def test_each_currency_is_a_payment(self) -> None:
        usd = self._bill(100.0)
        eur = self._bill(10.0, currency_id=self.eur.id)
        found = {offer.currency: offer.total for offer in self._offers(usd + eur)}
        self.assertEqual(found, {self.usd: 100.0, self.eur: 10.0})

    def test_each_receivable_account_is_a_payment(self) -> None:
        one = self._bill(100.0)
        other = self.receivable.copy()
        self.client.property_account_receivable_id = other
        two = self._bill(10.0)
        found = {offer.account: offer.total for offer in self._offers(one + two)}
        self.assertEqual(found, {self.receivable: 100.0, other: 10.0})
        self.assertEqual(len({offer.key for offer in self._offers(one + two)}), 2)

    def test_each_company_is_a_payment(self) -> None:
        data = self.setup_other_company()
        company = data["company"]
        self._create_provider(company)
        self.portal_user.company_ids += company
        here = self._bill(100.0)
        there = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.client.id,
                    "invoice_date": self.today,
                    "invoice_line_ids": [
                        self._prepare_invoice_line(price_unit=10.0, tax_ids=[])
                    ],
                }
            )
        )
        there.action_post()
        found = {offer.company: offer.total for offer in self._offers(here + there)}
        self.assertEqual(found, {self.company: 100.0, company: 10.0})

    # ----------------------------------------------------------------- not payable

    def test_what_cannot_be_paid(self) -> None:
        draft, cancelled = self._bill(1.0, post=False), self._bill(2.0)
        cancelled.button_draft()
        cancelled.button_cancel()
        blocked, paid = self._bill(3.0), self._bill(4.0)
        blocked.action_toggle_block_payment()
        self._pay(paid)
        bill = self._bill(5.0, move_type="in_invoice")
        moves = draft + cancelled + blocked + paid + bill
        self.assertEqual(
            self._refusals(moves), ["closed", "closed", "blocked", "paid", "closed"]
        )
        self.assertEqual(self._offers(moves), [])

    def test_a_payment_on_its_way_blocks_a_second_one(self) -> None:
        for state in ("pending", "authorized", "done"):
            with self.subTest(state):
                invoice = self._bill(10.0)
                self._transact(invoice, state)
                self.assertEqual(self._refusals(invoice), ["processing"])
                self.assertEqual(self._offers(invoice), [])

    def test_a_payment_that_ended_does_not_block(self) -> None:
        for state in ("draft", "cancel", "error"):
            with self.subTest(state):
                invoice = self._bill(10.0)
                self._transact(invoice, state)
                self.assertEqual(self._options(invoice), [("all", 10.0)])

    def test_money_in_a_payment_on_its_way_is_not_used_again(self) -> None:
        invoice, other = self._bill(100.0), self._bill(50.0)
        payment = self._prepay(30.0)
        self._transact(invoice + payment.move_id, "pending")
        self.assertEqual(self._options(other, everything=True), [("all", 50.0)])

    def test_a_transfer_that_was_announced_does_not_block(self) -> None:
        invoice = self._bill(10.0)
        wire = self.env.ref("payment.payment_provider_transfer").sudo()
        wire = wire.copy({"company_id": self.company.id})
        self._transact(invoice, "pending", provider_id=wire.id)
        self.assertEqual(self._options(invoice), [("all", 10.0)])

    # ------------------------------------------------------------------ provider

    def test_nothing_is_offered_without_a_published_provider(self) -> None:
        invoice = self._bill(10.0)
        for vals in ({"is_published": False}, {"state": "disabled"}):
            with self.subTest(vals):
                before = {name: self.provider[name] for name in vals}
                self.provider.write(vals)
                self.assertEqual(self._offers(invoice), [])
                self.provider.write(before)
        self.assertTrue(self._offers(invoice))

    def test_nothing_is_offered_in_a_currency_the_provider_does_not_take(self) -> None:
        self.provider.available_currency_ids = self.eur
        self.assertEqual(self._offers(self._bill(10.0)), [])
        eur = self._bill(10.0, currency_id=self.eur.id)
        self.assertEqual(self._options(eur), [("all", 10.0)])

    def test_nothing_is_offered_where_core_s_switch_is_off(self) -> None:
        invoice = self._bill(10.0)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_payment.enable_portal_payment", "False")
        self.assertEqual(self._offers(invoice), [])

    def test_nothing_is_offered_to_a_contact_of_another_company(self) -> None:
        other = self.setup_other_company()["company"]
        payer = self._create_partner(name="Elsewhere", company_id=other.id)
        asked = self.company, self.usd
        self.assertFalse(self.payments._get_provider(*asked, payer))
        payer.company_id = self.company
        self.assertEqual(self.payments._get_provider(*asked, payer), self.provider)

    # --------------------------------------------------------------------- payer

    def test_the_client_pays_by_the_contact_that_is_signed_in(self) -> None:
        [offer] = self._offers(self._bill(10.0))
        self.assertEqual(offer.partner, self.contact.sudo())

    def test_whoever_else_pays_does_so_for_who_was_billed(self) -> None:
        invoice = self._bill(10.0)
        staff = self._user("pay_staff", "account.group_account_invoice")
        public = self.env.ref("base.public_user")
        for user in (staff, public, self.stranger):
            with self.subTest(user.id):
                payments = self.env["client.hub.online.payment"].with_user(user)
                [offer] = payments._get_payables(invoice.sudo()).offers
                self.assertEqual(offer.partner, self.client.sudo())

    # ------------------------------------------------------------------ preparing

    def _prepare(self, moves: Any, *args: Any, **kwargs: Any) -> Any:
        self.env.flush_all()
        self.env.invalidate_all()
        payments = self.env["client.hub.online.payment"].with_user(self.portal_user)
        return payments._prepare(moves.with_user(self.portal_user), *args, **kwargs)

    def test_lines_sum_up_to_the_amount(self) -> None:
        moves = self.env["account.move"]
        for cents in (10, 20, 30, 1999, 435):
            moves += self._bill(cents / 100)
        [payable] = self._prepare(moves)
        self.assertEqual(payable.amount, 24.94)
        self.assertEqual(
            payable.currency.compare_amounts(
                sum(line.amount for line in payable.lines), payable.amount
            ),
            0,
        )
        labels = {line.label for line in payable.lines}
        self.assertEqual(labels, {*moves.mapped("name")})

    def test_more_documents_than_stripe_shows_become_one_line(self) -> None:
        self.patch(online_payment_checkout, "_MAX_LINES", 3)
        moves = self.env["account.move"]
        for amount in (10.0, 20.0, 30.0, 40.0, 50.0):
            moves += self._bill(amount, due=int(amount))
        [payable] = self._prepare(moves)
        self.assertEqual([line.amount for line in payable.lines], [10.0, 20.0, 120.0])
        self.assertEqual(payable.lines[-1].label, "3 further documents")
        self.assertEqual(payable.invoices, moves.sudo().sorted())

    def test_what_is_due_is_paid_alone(self) -> None:
        due, later = self._bill(100.0, due=-1), self._bill(50.0, due=9)
        [payable] = self._prepare(due + later, "due")
        self.assertEqual((payable.amount, payable.invoices), (100.0, due.sudo()))

    def test_a_choice_that_makes_no_difference_or_none_is_everything(self) -> None:
        invoice = self._bill(100.0, due=9)
        for choice in ("next", "all", "due", "garbage", ""):
            with self.subTest(choice):
                [payable] = self._prepare(invoice, choice)
                self.assertEqual(payable.amount, 100.0)

    def test_partial_amount(self) -> None:
        invoice = self._bill(100.0, due=-1) + self._bill(50.0, due=-3)
        with self.assertRaisesRegex(UserError, "amounts that are offered"):
            self._prepare(invoice, "part", "60")
        self.company.client_hub_pay_partial = True
        [payable] = self._prepare(invoice, "part", "60,50")
        self.assertEqual(payable.amount, 60.5)
        lines = [(line.invoice_id, line.amount) for line in payable.lines]
        self.assertEqual(lines, [(invoice[1].id, 50.0), (invoice[0].id, 10.5)])

    def test_partial_amount_earns_no_discount_unless_it_is_all(self) -> None:
        self.company.client_hub_pay_partial = True
        invoice = self._bill(100.0, invoice_payment_term_id=self._discount().id)
        [payable] = self._prepare(invoice, "part", "97")
        self.assertFalse(payable.discounted)
        [payable] = self._prepare(invoice, "part", "98")
        self.assertEqual(payable.discounted, invoice.sudo())

    def test_partial_amounts_that_are_none(self) -> None:
        self.company.client_hub_pay_partial = True
        invoice = self._bill(100.0)
        for amount, text in [
            ("-1", "write a number"),
            ("NaN", "write a number"),
            ("1e9", "write a number"),
            ("", "write a number"),
            ("0", "the least"),
            ("0.49", "the least"),
            ("1.005", "at most 2 decimals"),
            ("100.01", "no more than"),
            ("999999999999", "no more than"),
        ]:
            with self.subTest(amount), self.assertRaisesRegex(UserError, text):
                self._prepare(invoice, "part", amount)

    def test_s16_amounts_that_stripe_does_not_take(self) -> None:
        with self.assertRaisesRegex(UserError, "the least"):
            self._prepare(self._bill(0.49))
        with self.assertRaisesRegex(UserError, "at once"):
            self._prepare(self._bill(1_000_000.0))

    def test_who_comes_second_waits_for_who_pays_already(self) -> None:
        invoice = self._bill(10.0)
        for model in ("account.move", "account.move.line"):
            busy = patch.object(
                self.registry[model], "lock_for_update", side_effect=LockError("Busy")
            )
            with self.subTest(model), busy, self.assertRaises(ConcurrencyError):
                self._prepare(invoice)

    def test_query_count_does_not_grow_with_the_documents(self) -> None:
        moves = self.env["account.move"]
        for _number in range(12):
            moves += self._bill(10.0)
        self._bill(1.0)
        self._count(moves)
        self.assertEqual(self._count(moves[:2]), self._count(moves))

    def _count(self, moves: Any) -> int:
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        payments = self.env["client.hub.online.payment"].with_user(self.portal_user)
        payments._get_payables(moves.with_user(self.portal_user), everything=True)
        return self.env.cr.sql_log_count - before
