from __future__ import annotations

from typing import Any
from unittest.mock import patch

from odoo.tests import Form, freeze_time, tagged

from .client_360_common import AGEING
from .client_360_page_common import Client360PageCommon

_PAGE = "odoo.addons.client_hub.models.client_figure_page"


@tagged("post_install", "-at_install")
class TestClient360Chart(Client360PageCommon):
    """Invoiced against received, month by month."""

    def test_chart_shows_the_last_twelve_months(self) -> None:
        labels = self.client.client_chart["labels"]
        self.assertEqual(len(labels), 12)
        self.assertEqual((labels[0], labels[-1]), ("Jul 2023", "Jun 2024"))

    def test_documents_stand_in_their_month_also_at_its_ends(self) -> None:
        dates = {"2024-05-31": 10.0, "2024-06-01": 20.0, "2024-02-29": 30.0}
        for date, amount in dates.items():
            self._bill(amount, invoice_date=date)
        months = self._get_months("Invoiced")
        self.assertEqual(months, {"May 2024": 10.0, "Jun 2024": 20.0, "Feb 2024": 30.0})

    def test_money_stands_in_its_month_also_at_its_ends(self) -> None:
        self._prepay(10.0, date="2023-12-31")
        self._prepay(20.0, date="2024-01-01")
        self._prepay(-5.0, date="2024-01-31")
        months = self._get_months("Received")
        self.assertEqual(months, {"Dec 2023": 10.0, "Jan 2024": 15.0})

    def test_what_is_older_than_a_year_is_left_out(self) -> None:
        self._bill(10.0, invoice_date="2023-06-30")
        self._bill(20.0, invoice_date="2023-07-01")
        self.assertEqual(self._get_months("Invoiced"), {"Jul 2023": 20.0})

    def test_chart_sums_up_to_the_figures(self) -> None:
        invoice = self._bill(100.0, due=-70)
        self._credit(30.0)
        self._pay(invoice, 40.0)
        self.client.invalidate_recordset()
        invoiced = sum(self._get_months("Invoiced").values())
        received = sum(self._get_months("Received").values())
        self.assertEqual(invoiced, self.client.client_total_invoiced)
        self.assertEqual((invoiced, received), (70.0, 40.0))

    def test_month_is_that_of_the_companys_time_zone(self) -> None:
        self.env.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2024-06-30 23:30:00"):
            self.client.invalidate_recordset()
            self.assertEqual(self.client.client_chart["labels"][-1], "Jul 2024")

    def test_contact_shows_the_chart_of_its_company(self) -> None:
        self._bill(100.0)
        self.assertEqual(self.contact.client_chart, self.client.client_chart)
        self.assertEqual(self._get_months("Invoiced"), {"Jun 2024": 100.0})

    def _get_months(self, label: str) -> dict[str, float]:
        """Return the months of a bar that are not zero."""
        self.client.invalidate_recordset()
        chart = self.client.client_chart
        [row] = [row for row in chart["datasets"] if row["label"] == label]
        months = zip(chart["labels"], row["data"], strict=True)
        return {month: amount for month, amount in months if amount}


@tagged("post_install", "-at_install")
class TestClient360Page(Client360PageCommon):
    """What stands around the figures: ageing, currencies, payments, the verdict."""

    def test_ageing_bar_equals_the_figures(self) -> None:
        for due, amount in ((5, 1.0), (-5, 2.0), (-45, 3.0), (-75, 4.0), (-100, 5.0)):
            self._bill(amount, due)
        buckets = self.client.client_ageing["buckets"]
        self.assertEqual([row["name"] for row in buckets], list(AGEING))
        self.assertEqual([row["amount"] for row in buckets], [1.0, 2.0, 3.0, 4.0, 5.0])
        self.assertEqual([row["amount"] for row in buckets], self._get_ageing())
        currency = self.client.client_ageing["currency_id"]
        self.assertEqual(currency, self.env.company.currency_id.id)

    def _get_ageing(self) -> list[float]:
        return [self.client[name] for name in AGEING]

    def test_client_without_foreign_documents_shows_no_currencies(self) -> None:
        self._bill(100.0)
        self.assertFalse(self.client.client_by_currency)

    def test_client_with_foreign_documents_shows_each_currency(self) -> None:
        euro, own = self._euro(), self.env.company.currency_id
        self._bill(100.0, currency_id=euro.id)
        self._pay(self._bill(60.0, currency_id=euro.id))
        self._bill(10.0)
        rows = {row["currency_id"]: row for row in self.client.client_by_currency}
        self.assertEqual(set(rows), {euro.id, own.id})
        self.assertEqual(self._get_amounts(rows[euro.id]), (160.0, 100.0))
        self.assertEqual(self._get_amounts(rows[own.id]), (10.0, 10.0))

    def _get_amounts(self, row: dict[str, Any]) -> tuple[float, float]:
        return row["invoiced"], row["outstanding"]

    def test_last_payment_is_the_latest_by_date(self) -> None:
        self._prepay(70.0, date="2024-06-10")
        self._prepay(50.0, date="2024-03-01")
        self._prepay(-5.0, date="2024-06-12")
        self.assertEqual(str(self.contact.client_last_payment_date), "2024-06-10")
        self.assertEqual(self.contact.client_last_payment_amount, 70.0)

    # --------------------------------------------------------------- days to pay

    def test_days_to_pay_are_the_average_over_paid_invoices(self) -> None:
        self._pay(self._bill(100.0, invoice_date="2024-06-05"))
        self._pay(self._bill(900.0, invoice_date="2024-05-16"))
        self._bill(50.0, invoice_date="2024-01-01")
        self.assertEqual(self.client.client_days_to_pay, 20)
        self.assertEqual(self.client.client_paid_invoice_count, 2)

    def test_partly_paid_invoice_does_not_count_as_paid(self) -> None:
        self._pay(self._bill(100.0, invoice_date="2024-06-05"), 40.0)
        self.assertEqual(self.client.client_paid_invoice_count, 0)

    def test_days_run_to_the_last_of_several_payments(self) -> None:
        invoice = self._bill(100.0, invoice_date="2024-06-01")
        self._register_payment(invoice, amount=30.0, payment_date="2024-06-03")
        self._register_payment(invoice, payment_date="2024-06-11")
        self.assertEqual(self.client.client_days_to_pay, 10)

    def test_invoice_settled_by_a_credit_note_says_nothing(self) -> None:
        invoice = self._bill(100.0, invoice_date="2024-01-01")
        self._reconcile(self._terms(invoice + self._credit(100.0)))
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(self.client.client_paid_invoice_count, 0)
        self.assertFalse(self.client.client_verdict)

    def test_invoice_written_off_as_bad_debt_says_nothing(self) -> None:
        invoice = self._bill(100.0, invoice_date="2024-01-01")
        expense = self.company_data["default_account_expense"]
        self._reconcile(self._terms(invoice), self._entry(-100.0, account=expense))
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(self.client.client_paid_invoice_count, 0)

    def test_invoice_paid_straight_by_a_bank_line_counts(self) -> None:
        invoice = self._bill(100.0, invoice_date="2024-06-05")
        self._bank_line(100.0, (invoice, 100.0))
        self.assertEqual(self.client.client_days_to_pay, 10)
        self.assertEqual(self.client.client_paid_invoice_count, 1)

    def test_days_are_those_of_the_latest_paid_invoices(self) -> None:
        for date in ("2024-06-05", "2024-01-01", "2024-05-26"):
            self._pay(self._bill(100.0, invoice_date=date))
        with patch(f"{_PAGE}.LATEST_PAID", 2):
            self.assertEqual(self.client.client_days_to_pay, 15)
            self.assertEqual(self.client.client_paid_invoice_count, 2)

    # --------------------------------------------------------------- empty, rights

    def test_client_with_nothing_has_an_empty_page_and_no_error(self) -> None:
        values = self._read_page(self._as_user(self.client))
        self.assertEqual(values["client_last_payment_amount"], 0.0)
        self.assertFalse(values["client_last_payment_date"])
        self.assertFalse(values["client_by_currency"])
        data = [row["data"] for row in values["client_chart"]["datasets"]]
        self.assertEqual(data, [[0.0] * 12] * 2)
        buckets = values["client_ageing"]["buckets"]
        self.assertEqual([row["amount"] for row in buckets], [0.0] * 5)

    def test_new_client_can_be_filled_in(self) -> None:
        with Form(self.env["res.partner"].with_user(self.accountant)) as form:
            form.name = "New Workshop"
        self.assertFalse(form.record.client_verdict)

    def test_staff_without_rights_open_the_form_without_figures(self) -> None:
        self._bill(100.0, due=-5)
        values = self._read_page(self._as(self.plain_user, self.client))
        self.assertEqual(values["name"], "Harbor Workshop")
        self.assertFalse([name for name in values if name in self.page_fields])

    def test_form_reads_credit_limits_only_where_the_company_has_some(self) -> None:
        company = self.env.company
        for limits in (True, False, True):
            company.account_use_credit_limit = limits
            values = self._read_page(self._as_user(self.client))
            self.assertEqual("credit" in values, limits)
            self.assertEqual("days_sales_outstanding" in values, limits)

    def test_form_shows_one_total_only(self) -> None:
        self.assertNotIn("total_invoiced", self._read_page(self._as_user(self.client)))

    # ----------------------------------------------------------------------- speed

    def test_reading_the_page_takes_no_more_queries_with_more_invoices(self) -> None:
        for _number in range(20):
            self._bill(10.0, due=-5)
        self._pay(self._bill(10.0))
        self._count_queries()
        before = self._count_queries()
        drafts = [self._bill(10.0, due=-5, post=False) for _number in range(180)]
        self.env["account.move"].union(*drafts).action_post()
        self.assertEqual(self._count_queries(), before)

    def _count_queries(self) -> int:
        client = self._as_user(self.client)
        start = self.env.cr.sql_log_count
        values = self._read_page(client)
        self.assertTrue(values["client_total_invoiced"])
        return self.env.cr.sql_log_count - start
