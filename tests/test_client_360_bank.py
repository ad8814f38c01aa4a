from __future__ import annotations

from odoo.tests import tagged

from .client_360_common import Client360Common


@tagged("post_install", "-at_install")
class TestClient360Bank(Client360Common):
    """Bank lines matched straight to a receivable are money received as well."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.other = cls._create_client("Second Workshop")
        cls.fees = cls.company_data["default_account_expense"]

    def test_bank_line_matched_with_an_invoice(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._bank_line(100.0, (invoice, 100.0))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFigures(invoiced=100.0, paid=100.0)
        self.assertEqual(self._get_money(self.client).source, "bank")

    def test_bank_line_matched_with_two_invoices(self) -> None:
        first, second = self._bill(100.0), self._bill(50.0)
        self._bank_line(120.0, (first, 100.0), (second, 20.0))
        self.assertFigures(invoiced=150.0, paid=120.0, outstanding=30.0)
        self.assertEqual(len(self._get_money(self.client)), 1)

    def test_two_bank_lines_for_one_invoice(self) -> None:
        invoice = self._bill(100.0, due=-5)
        self._bank_line(30.0, (invoice, 30.0))
        self._bank_line(20.0, (invoice, 20.0))
        self.assertFigures(invoiced=100.0, paid=50.0, outstanding=50.0, overdue=50.0)

    def test_rest_on_account_is_unapplied(self) -> None:
        self._bank_line(130.0, (self._bill(100.0), 100.0), (self.client, 30.0))
        self.assertFigures(invoiced=100.0, paid=130.0, unapplied=30.0)

    def test_rest_in_suspense_is_received_and_unapplied(self) -> None:
        self._bank_line(130.0, (self._bill(100.0), 100.0))
        self.assertFigures(
            invoiced=100.0, paid=130.0, unapplied=30.0, not_in_ledger=30.0
        )

    def test_bank_fee_is_not_received_and_leaves_nothing_open(self) -> None:
        invoice = self._bill(100.0)
        self._bank_line(97.0, (invoice, 100.0), (self.fees, -3.0))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFigures(invoiced=100.0, paid=97.0)

    def test_bank_fee_and_a_rest_on_account(self) -> None:
        invoice = self._bill(100.0)
        splits = (invoice, 100.0), (self.client, 30.0), (self.fees, -3.0)
        self._bank_line(127.0, *splits)
        self.assertFigures(invoiced=100.0, paid=127.0, unapplied=30.0)

    def test_bank_line_of_several_clients_is_shared_out(self) -> None:
        mine, theirs = self._bill(100.0), self._bill(40.0, partner_id=self.other.id)
        self._bank_line(140.0, (mine, 100.0), (theirs, 40.0))
        self.assertFigures(invoiced=100.0, paid=100.0)
        self.assertFigures(self.other, invoiced=40.0, paid=40.0)

    def test_rest_of_several_clients_goes_to_the_first(self) -> None:
        mine, theirs = self._bill(100.0), self._bill(40.0, partner_id=self.other.id)
        self._bank_line(150.0, (mine, 100.0), (theirs, 40.0))
        self.assertFigures(
            invoiced=100.0, paid=110.0, unapplied=10.0, not_in_ledger=10.0
        )
        self.assertFigures(self.other, invoiced=40.0, paid=40.0)
        rows = self._get_money(self.client) + self._get_money(self.other)
        self.assertEqual(rows.mapped("amount_in_currency"), [110.0, 40.0])

    def test_company_and_contact_in_one_line_are_one_client(self) -> None:
        mine = self._bill(100.0)
        theirs = self._bill(40.0, partner_id=self.contact.id)
        self._bank_line(140.0, (mine, 100.0), (theirs, 40.0))
        self.assertFigures(invoiced=140.0, paid=140.0)
        self.assertEqual(len(self._get_money(self.client)), 1)

    def test_bank_line_without_partner_is_nobodys(self) -> None:
        bank_line = self._bank_line(50.0, partner_id=False)
        self._book(bank_line, self.receivable, 50.0)
        self.assertFalse(bank_line.line_ids.partner_id)
        money = self.env["client.hub.money.received"]
        rows = money.search([("move_id", "=", bank_line.move_id.id)])
        self.assertFalse(rows)
        self.assertFigures()

    def test_bank_line_only_in_suspense_is_not_yet_received(self) -> None:
        self._bank_line(50.0)
        self.assertFigures()

    def test_bank_line_on_account_is_unapplied(self) -> None:
        self._bank_line(50.0, (self.client, 50.0))
        self.assertFigures(paid=50.0, unapplied=50.0)

    def test_bank_line_that_pays_a_credit_note_back(self) -> None:
        self._bank_line(100.0, (self._bill(100.0), 100.0))
        self._bank_line(-30.0, (self._credit(30.0), -30.0))
        self.assertFigures(invoiced=70.0, paid=70.0)

    def test_undone_matching_opens_the_invoice_again(self) -> None:
        bank_line = self._bank_line(100.0, (self._bill(100.0), 100.0))
        bank_line.action_undo_reconciliation()
        self.assertFigures(invoiced=100.0, outstanding=100.0)

    def test_invoice_reset_to_draft_frees_the_bank_line(self) -> None:
        invoice = self._bill(100.0)
        self._bank_line(100.0, (invoice, 100.0))
        invoice.button_draft()
        self.assertFigures(paid=100.0, unapplied=100.0)

    def test_foreign_invoice_matched_leaves_the_exchange_difference_out(self) -> None:
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        invoice = self._bill(100.0, due=-1, currency_id=euro.id)
        bank_line = self._bank_line(
            45.0, foreign_currency_id=euro.id, amount_currency=90.0
        )
        self._match_suspense(bank_line, invoice)
        self.assertFigures(invoiced=50.0, paid=45.0, outstanding=5.0, overdue=5.0)

    def test_row_opens_the_journal_entry(self) -> None:
        bank_line = self._bank_line(50.0, (self.client, 50.0))
        action = self._get_money(self.client).action_open_document()
        self.assertEqual(action["res_model"], "account.move")
        self.assertEqual(action["res_id"], bank_line.move_id.id)

    def test_row_of_a_payment_opens_the_payment(self) -> None:
        payment = self._prepay(50.0)
        action = self._get_money(self.client).action_open_document()
        self.assertEqual(action["res_model"], "account.payment")
        self.assertEqual(action["res_id"], payment.id)
