"""Random histories of a client, and what a statement of them says, done by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from odoo import Command
from odoo.exceptions import UserError, ValidationError


class History:
    """Books what may happen with a client, at random but repeatable by its seed.

    :param case: a test case with the helpers of ``Client360Common``
    """

    def __init__(self, case: Any, seed: int) -> None:
        self.case = case
        self.env = case.env
        self.random = random.Random(seed)
        self.client = case._create_client(f"Client {seed}")
        contact = case._create_partner(name="Office", parent_id=self.client.id)
        self.partners = [self.client, contact]
        self.documents = self.env["account.move"]
        self.events = (
            [self.bill] * 5
            + [self.pay] * 4
            + [self.credit, self.receipt, self.prepay, self.prepay, self.pay_back]
            + [self.entry, self.match, self.match, self.match, self.write_off]
            + [self.reset, self.draft, self.bank_receipt]
        )

    def run(self, length: int) -> None:
        """Book ``length`` events."""
        for _number in range(length):
            event = self.random.choice(self.events)
            try:
                with self.env.cr.savepoint():
                    event()
            except (UserError, ValidationError):
                continue  # what Odoo refuses cannot happen

    # ------------------------------------------------------------------- choices

    def day(self) -> date:
        return self.case.today - timedelta(self.random.randrange(150))

    def amount(self) -> float:
        return self.random.randrange(1, 200_000) / 100

    def company(self) -> Any:
        return self.random.choice(self.case.companies)

    def open_documents(self, company: Any) -> Any:
        found = self.documents.filtered(
            lambda move: (
                move.state == "posted"
                and move.company_id == company
                and move.amount_residual
            )
        )
        picked = self.random.sample(found.ids, min(len(found), 3))
        return self.documents.browse(picked)

    # -------------------------------------------------------------------- events

    def bill(self, move_type: str = "out_invoice", post: bool = True) -> None:
        company = self.company()
        term = self.random.choice([False, False, self.case.instalments])
        journal = self.case.journals[company]["sale"]
        vals = {
            "move_type": move_type,
            "partner_id": self.random.choice(self.partners).id,
            "journal_id": journal.id,
            "invoice_date": self.day(),
            "currency_id": self.random.choice([self.case.usd, self.case.eur]).id,
            "invoice_line_ids": [
                Command.create(
                    {"name": "Work", "price_unit": self.amount(), "tax_ids": []}
                )
            ],
        }
        if term:
            vals["invoice_payment_term_id"] = term.id
        else:
            vals["invoice_payment_term_id"] = False
            vals["invoice_date_due"] = self.day() + timedelta(30)
        move = self.env["account.move"].with_company(company).create(vals)
        if post:
            move.action_post()
            self.documents += move

    def credit(self) -> None:
        self.bill("out_refund")

    def receipt(self) -> None:
        self.bill("out_receipt")

    def draft(self) -> None:
        self.bill(post=False)

    def pay(self, **vals: Any) -> None:
        company = self.company()
        documents = self.open_documents(company)
        if not documents:
            return
        if self.random.random() < 0.5:
            documents = documents[:1]
        wizard = (
            self.env["account.payment.register"]
            .with_company(company)
            .with_context(active_model="account.move", active_ids=documents.ids)
            .create(
                {
                    "payment_date": self.day(),
                    "group_payment": True,
                    "currency_id": self.random.choice(
                        [documents[:1].currency_id, self.case.usd, self.case.eur]
                    ).id,
                }
            )
        )
        part = self.random.choice([1, 1, 0.5, 0.98])
        wizard.write({"amount": round(wizard.amount * part, 2), **vals})
        wizard._create_payments()

    def write_off(self) -> None:
        account = self.case.company_data["default_account_expense"]
        self.pay(
            payment_difference_handling="reconcile", writeoff_account_id=account.id
        )

    def prepay(self, payment_type: str = "inbound") -> None:
        company = self.company()
        payment = (
            self.env["account.payment"]
            .with_company(company)
            .create(
                {
                    "amount": self.amount(),
                    "payment_type": payment_type,
                    "partner_type": "customer",
                    "partner_id": self.client.id,
                    "date": self.day(),
                    "currency_id": self.random.choice(
                        [self.case.usd, self.case.eur]
                    ).id,
                    "journal_id": self.case.journals[company]["bank"].id,
                }
            )
        )
        payment.action_post()

    def pay_back(self) -> None:
        self.prepay("outbound")

    def bank_receipt(self) -> None:
        company = self.company()
        bank_line = (
            self.env["account.bank.statement.line"]
            .with_company(company)
            .create(
                {
                    "payment_ref": "Transfer",
                    "journal_id": self.case.journals[company]["bank"].id,
                    "partner_id": self.client.id,
                    "date": self.day(),
                    "amount": self.amount(),
                }
            )
        )
        suspense = bank_line._seek_for_lines()[1]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self.case.receivables[company].id}
        )

    def entry(self) -> None:
        company = self.company()
        amount = self.amount() * self.random.choice([1, -1])
        receivable = self.case.receivables[company]
        other = self.case.incomes[company]
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "date": self.day(),
                    "line_ids": [
                        self.case._item(receivable, amount, self.client),
                        self.case._item(other, -amount, self.client),
                    ],
                }
            )
        )
        move.action_post()

    def match(self) -> None:
        """Match whatever is open: several debits with several credits."""
        company = self.company()
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", self.client.id),
                ("account_id", "=", self.case.receivables[company].id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        picked = self.random.sample(items.ids, min(len(items), 4))
        items.browse(picked).reconcile()

    def reset(self) -> None:
        documents = self.documents.filtered(lambda move: move.state == "posted")
        if documents:
            self.random.choice(documents).button_draft()


def by_hand(
    history: History, company: Any, last: date, today: date
) -> dict[Any, dict[str, Any]]:
    """Return the figures of the account with a company by currency, one by one.

    Deliberately naive: every item is looked at, and every match of it, in Python.
    """
    until = last if last < today else date.max
    env = history.env
    env.flush_all()
    env.invalidate_all()
    items = [
        line
        for line in env["account.move.line"].search([("company_id", "=", company.id)])
        if line.partner_id.commercial_partner_id == history.client
        and line.account_id.account_type == "asset_receivable"
        and line.move_id.state == "posted"
        and line.move_id.date <= until
    ]
    accounts: dict[Any, dict[str, Any]] = defaultdict(lambda: defaultdict(float))
    for item in items:
        account = accounts[item.currency_id]
        account["closing"] += item.amount_currency
        account["ledger_closing"] += item.balance
        rest = item.amount_currency
        for match in [*item.matched_debit_ids, *item.matched_credit_ids]:
            is_debit = match.debit_move_id == item
            other = match.credit_move_id if is_debit else match.debit_move_id
            is_booked = other.move_id.state == "posted"
            # Money is free again; a document stays settled, as on its own page.
            counts = is_booked or item.move_id.is_sale_document(True)
            if other.date > until or not counts:
                continue
            sign = -1 if is_debit else 1
            name = "debit_amount_currency" if is_debit else "credit_amount_currency"
            rest += sign * match[name]
            if other in items and other.currency_id != item.currency_id:
                account["closing"] += sign * match[name]
                account["ledger_closing"] += sign * match.amount
        _add_rest(account, item, rest, last)
    return accounts


def _add_rest(account: dict[str, Any], item: Any, rest: float, last: date) -> None:
    """Add what is open of an item to the figure it belongs to."""
    move = item.move_id
    if move.move_type in ("out_invoice", "out_refund", "out_receipt"):
        account["outstanding"] += rest
        account["overdue"] += rest if item.date_maturity < last else 0.0
        account[move.id] += rest
    elif move.origin_payment_id or move.statement_line_id:
        account["unapplied"] -= rest
