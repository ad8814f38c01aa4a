"""Documents, payments and bank lines for the figures of clients."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import Command, fields
from odoo.tests import freeze_time

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")
AGEING = (
    "client_not_due",
    "client_overdue_1_30",
    "client_overdue_31_60",
    "client_overdue_61_90",
    "client_overdue_90",
)
BANDS = ("client_standing", "client_ageing_band", "client_value_band")
NAMES = {
    "invoiced": "client_total_invoiced",
    "paid": "client_total_paid",
    "outstanding": "client_outstanding",
    "overdue": "client_overdue",
    "unapplied": "client_unapplied",
}


class Client360Common(AccountTestInvoicingCommon):
    """A client with a contact, on a fixed day, and what one does with clients."""

    freeze_time = freeze_time("2024-06-15 12:00:00")

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.partners = cls.env["res.partner"]
        cls.client = cls._create_client("Harbor Workshop")
        cls.contact = cls._create_partner(name="Office", parent_id=cls.client.id)
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.bank = cls.company_data["default_journal_bank"]

    @classmethod
    def _create_client(cls, name: str, **vals: Any) -> Any:
        return cls._create_partner(name=name, is_company=True, **vals)

    # ------------------------------------------------------------------ documents

    @classmethod
    def _bill(cls, amount: float, due: int = 0, **vals: Any) -> Any:
        """Create a sale document, posted unless told otherwise.

        :param amount: of its only line, without tax
        :param due: days from today on which it is due; negative is past
        """
        post = vals.pop("post", True)
        lines = [cls._prepare_invoice_line(price_unit=amount, tax_ids=[])]
        vals = {"partner_id": cls.client.id, "invoice_line_ids": lines, **vals}
        if "invoice_payment_term_id" not in vals:
            vals["invoice_date_due"] = cls.today + timedelta(due)
        date = vals.pop("invoice_date", cls.today + timedelta(min(due, 0)))
        return cls._create_invoice(invoice_date=date, post=post, **vals)

    @classmethod
    def _credit(cls, amount: float, due: int = 0, **vals: Any) -> Any:
        return cls._bill(amount, due, move_type="out_refund", **vals)

    @classmethod
    def _entry(cls, amount: float, partner: Any = None, account: Any = None) -> Any:
        """Post a miscellaneous entry on the receivable account; return its item there.

        :param amount: debited there; negative is credited
        """
        other = account or cls.company_data["default_account_revenue"]
        partner = partner or cls.client
        move = cls.env["account.move"].create(
            {
                "date": cls.today,
                "line_ids": [
                    cls._item(cls.receivable, amount, partner),
                    cls._item(other, -amount, partner),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == cls.receivable)

    @classmethod
    def _item(cls, account: Any, balance: float, partner: Any) -> Any:
        return Command.create(
            {
                "account_id": account.id,
                "partner_id": partner and partner.id,
                "balance": balance,
            }
        )

    @classmethod
    def _terms(cls, documents: Any) -> Any:
        """Return the receivable items of documents or entries."""
        return documents.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    # ------------------------------------------------------------------- payments

    @classmethod
    def _pay(cls, documents: Any, amount: float | None = None, **vals: Any) -> Any:
        """Register a payment of documents, as the button of core does."""
        if amount is not None:
            vals["amount"] = amount
        return cls._register_payment(documents, payment_date=cls.today, **vals)

    @classmethod
    def _prepay(cls, amount: float, **vals: Any) -> Any:
        """Post a payment that belongs to no document; negative is paid back."""
        payment = cls.env["account.payment"].create(
            {
                "amount": abs(amount),
                "payment_type": "inbound" if amount > 0 else "outbound",
                "partner_type": "customer",
                "partner_id": cls.client.id,
                "date": cls.today,
                "journal_id": cls.bank.id,
                **vals,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def _bank_line(cls, amount: float, *splits: tuple[Any, float], **vals: Any) -> Any:
        """Book a bank line, as a reconciliation widget does.

        :param splits: what the line is booked on, and how much of it: a document
            (matched with its receivable), a client (on account) or an account; the
            rest stays on the suspense account
        """
        vals = {
            "payment_ref": "Transfer",
            "journal_id": cls.bank.id,
            "partner_id": cls.client.id,
            "date": cls.today,
            "amount": amount,
            **vals,
        }
        bank_line = cls.env["account.bank.statement.line"].create(vals)
        for target, part in splits:
            cls._book(bank_line, target, part)
        cls.env.flush_all()
        return bank_line

    @classmethod
    def _book(cls, bank_line: Any, target: Any, part: float) -> None:
        """Book a part of a bank line from the suspense account to its place."""
        account, partner = cls.receivable, bank_line.partner_id
        if target._name == "account.account":
            account = target
        else:
            partner = target.commercial_partner_id
        _liquidity, suspense, _others = bank_line._seek_for_lines()
        rest = suspense.balance + part
        before = bank_line.line_ids
        bank_line.move_id.with_context(
            force_delete=True,
            skip_readonly_check=True,
            skip_account_move_synchronization=True,
        ).write(
            {
                "line_ids": [
                    Command.update(suspense.id, {"balance": rest})
                    if rest
                    else Command.delete(suspense.id),
                    cls._item(account, -part, partner),
                ]
            }
        )
        if target._name == "account.move":
            cls._reconcile(bank_line.line_ids - before, cls._terms(target))

    @classmethod
    def _match_suspense(cls, bank_line: Any, document: Any) -> None:
        """Match all of a bank line, in its own currency, with a document."""
        suspense = bank_line._seek_for_lines()[1]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": cls.receivable.id}
        )
        cls._reconcile(suspense, cls._terms(document))
        cls.env.flush_all()

    @classmethod
    def _reconcile(cls, *items: Any) -> None:
        """Match journal items, as far as they are still open."""
        found = cls.env["account.move.line"].union(*items)
        found.filtered(lambda line: not line.reconciled).reconcile()

    # -------------------------------------------------------------------- figures

    def assertFigures(
        self,
        client: Any = None,
        *,
        other: float = 0.0,
        not_in_ledger: float = 0.0,
        **expected: float,
    ) -> None:
        """Check the figures, to the cent and wherever they can be seen.

        :param other: what other receivable entries than documents and money owe
        :param not_in_ledger: money received that is not booked on the receivable
            account: it waits for the bank, or stands on a suspense account
        :param expected: values by their short names; missing ones are 0
        """
        client = client or self.client
        self.env.flush_all()
        self.env.invalidate_all()
        values = {NAMES[key]: expected.get(key, 0.0) for key in NAMES}
        for name, value in values.items():
            with self.subTest(figure=name):
                self._assert_figure(client, name, value)
        self._assert_lists(client, values)
        self._assert_bands(client)
        self.assertAlmostEqual(
            client.client_outstanding - client.client_unapplied + other,
            self._get_ledger_balance(client) - not_in_ledger,
            2,
            "the statement does not balance with the ledger",
        )

    def _assert_figure(self, client: Any, name: str, value: float) -> None:
        """Read a figure of client and contact, find and sum it in the database."""
        self.assertAlmostEqual(client[name], value, 2)
        for contact in client.child_ids:
            self.assertAlmostEqual(contact[name], value, 2, "of the contact")
        with_contacts = [("id", "child_of", client.id)]
        partners = client.browse()
        found = partners.search([(name, "=", value), *with_contacts])
        self.assertEqual(found, client, "found by its value")
        [[total]] = partners._read_group(with_contacts, [], [f"{name}:sum"])
        self.assertAlmostEqual(total, value, 2, "summed by the database")

    def _assert_lists(self, client: Any, values: dict[str, float]) -> None:
        documents = client.env["account.move"].search(
            [
                ("commercial_partner_id", "=", client.id),
                ("move_type", "in", SALE_TYPES),
                ("state", "=", "posted"),
                ("company_id", "child_of", client.env.company.id),
            ]
        )
        money, items = self._get_money(client), self._get_items(client)
        late = items.filtered(lambda item: item.date_maturity < self.today)
        sums = {
            "client_total_invoiced": sum(documents.mapped("amount_total_signed")),
            "client_total_paid": sum(money.mapped("amount")),
            "client_outstanding": sum(items.mapped("amount")),
            "client_overdue": sum(late.mapped("amount")),
            "client_unapplied": sum(money.mapped("unapplied")),
        }
        for name, value in values.items():
            self.assertAlmostEqual(sums[name], value, 2, f"list of {name}")

    def _get_money(self, client: Any) -> Any:
        return self._search_rows("client.hub.money.received", client)

    def _get_items(self, client: Any) -> Any:
        return self._search_rows("client.hub.open.item", client)

    def _search_rows(self, model: str, client: Any) -> Any:
        """Return the rows of the list that a button of the client opens."""
        companies = ("company_id", "child_of", client.env.company.id)
        return client.env[model].search([("client_id", "=", client.id), companies])

    def _assert_three_queries(self, clients: Any) -> None:
        """Check what it takes to read all figures, when only the clients are known."""
        clients.mapped("client_overdue")  # fills the caches shared by all users
        self.env.flush_all()
        self.env.invalidate_all()
        clients.mapped("commercial_partner_id.name")
        self.assertTrue(self.env.company.currency_id.rounding)
        with self.assertQueryCount(3):
            for name in (*NAMES.values(), *AGEING, *BANDS):
                clients.mapped(name)

    def _assert_bands(self, client: Any) -> None:
        buckets = [client[name] for name in AGEING]
        self.assertAlmostEqual(sum(buckets), client.client_outstanding, 2)
        self.assertAlmostEqual(sum(buckets[1:]), client.client_overdue, 2)
        for name in BANDS:
            [[band, count]] = client._read_group(
                [("id", "=", client.id)], [name], ["__count"]
            )
            self.assertEqual((band, count), (client[name], 1), name)

    def _get_ledger_balance(self, client: Any) -> float:
        """Return the balance of the receivable accounts of a client."""
        [[balance]] = client.env["account.move.line"]._read_group(
            [
                ("partner_id", "child_of", client.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "child_of", client.env.company.id),
            ],
            [],
            ["balance:sum"],
        )
        return balance
