from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .client_360_page_common import Client360PageCommon


@tagged("post_install", "-at_install")
class TestClient360Verdict(Client360PageCommon):
    """One sentence says whether a client is good for more."""

    def _paid(self, days: int, terms: int, amount: float = 100.0) -> Any:
        """Create an invoice that is paid today.

        :param days: ago, of its date
        :param terms: days after which it is due
        """
        invoice = self._bill(
            amount,
            due=terms - days,
            invoice_date=self.today - timedelta(days),
        )
        self._pay(invoice)
        return invoice

    def _get_verdict(self, lang: str | None = None, client: Any = None) -> str | bool:
        self.env.flush_all()
        client = self._as_user(client or self.client)
        client.invalidate_recordset()
        return client.with_context(lang=lang).client_verdict

    # --------------------------------------------------------------- how they pay

    def test_client_who_pays_on_time(self) -> None:
        self._paid(10, terms=30)
        self._paid(14, terms=30)
        self.assertEqual(self._get_verdict(), "Pays on time, 12 days on average")

    def test_client_who_pays_on_the_very_day(self) -> None:
        self._paid(30, terms=30)
        self.assertEqual(self._get_verdict(), "Pays on time, 30 days on average")

    def test_client_who_pays_late(self) -> None:
        self._paid(45, terms=25)
        self.assertEqual(
            self._get_verdict(), "Pays late, 45 days on average, 20 after the due date"
        )

    def test_client_who_pays_a_day_late(self) -> None:
        self._paid(1, terms=0)
        self.assertEqual(
            self._get_verdict(), "Pays late, 1 day on average, 1 after the due date"
        )

    def test_early_payments_make_up_for_late_ones(self) -> None:
        self._paid(40, terms=30)
        self.assertIn("late", self._get_verdict())
        self._paid(5, terms=30)
        self.assertEqual(self._get_verdict(), "Pays on time, 22 days on average")

    def test_instalments_are_late_after_the_last_of_them(self) -> None:
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 30 days",
                "line_ids": [
                    self._instalment(0),
                    self._instalment(30),
                ],
            }
        )
        invoice = self._bill(
            100.0,
            invoice_date=self.today - timedelta(20),
            invoice_payment_term_id=terms.id,
        )
        self._pay(invoice, 100.0)
        self.assertEqual(self._get_verdict(), "Pays on time, 20 days on average")

    def _instalment(self, days: int) -> Any:
        return (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})

    def test_what_is_open_but_not_due_changes_nothing(self) -> None:
        self._paid(12, terms=30)
        self._bill(100.0, due=5)
        self.assertEqual(
            self._get_verdict(client=self.contact), "Pays on time, 12 days on average"
        )

    # -------------------------------------------------------------- what they owe

    def test_client_who_owes_several_invoices(self) -> None:
        for due in (-61, -10, -3, 5):
            self._bill(1400.0, due)
        self.assertEqual(
            self._get_verdict(), "Owes 3 overdue invoices, $\xa04,200.00 since 61 days"
        )

    def test_client_who_owes_one_invoice(self) -> None:
        self._bill(100.0, due=-1)
        self.assertEqual(
            self._get_verdict(), "Owes 1 overdue invoice, $\xa0100.00 since 1 day"
        )

    def test_overdue_comes_before_paying_on_time(self) -> None:
        self._paid(12, terms=30)
        self._bill(100.0, due=-1)
        self.assertIn("Owes 1 overdue invoice", self._get_verdict())

    def test_overdue_credit_is_no_debt(self) -> None:
        self._paid(12, terms=30)
        self._credit(10.0, due=-5)
        self.assertEqual(self._get_verdict(), "Pays on time, 12 days on average")

    def test_nothing_is_said_of_a_new_client(self) -> None:
        self.assertFalse(self._get_verdict())
        self._bill(100.0, due=5)
        self.assertFalse(self._get_verdict())

    # --------------------------------------------------------------------- chinese

    def test_verdict_in_chinese(self) -> None:
        self.env["res.lang"]._activate_lang("zh_CN")
        self._paid(45, terms=25)
        self.assertEqual(
            self._get_verdict("zh_CN"), "付款较晚，平均 45天，超过到期日 20 天"
        )
        self._paid(3, terms=60)
        self._paid(3, terms=60)
        self.assertEqual(self._get_verdict("zh_CN"), "按时付款，平均 17天")
        self._bill(100.0, due=-61)
        self.assertEqual(
            self._get_verdict("zh_CN"), "有 1 张逾期发票，$\xa0100.00，已逾期 61天"
        )
        self._bill(100.0, due=-2)
        self.assertEqual(
            self._get_verdict("zh_CN"), "有 2 张逾期发票，$\xa0200.00，已逾期 61天"
        )

    # ---------------------------------------------------------------------- rights

    def test_staff_without_rights_read_no_verdict(self) -> None:
        for name in ("client_verdict", "client_days_late", "client_days_to_pay"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._as(self.plain_user, self.client).read([name])
