from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import openpyxl

from odoo.tests import HttpCase, tagged

from .document_common import pdf_pages, plain
from .statement_common import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementFile(StatementCommon, HttpCase):
    """PDF and spreadsheet say what the page says."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["client_hub"], ["zh_CN"])
        cls.statements = cls.env["client.hub.statement"]
        for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
            cls.env["ir.qweb"]._get_asset_bundle(
                bundle, js=False, autoprefix=True
            ).css()

    def _pdf(self, **kwargs: Any) -> str:
        statements = self.statements.with_context(force_report_rendering=True)
        statements = statements.with_context(**kwargs)
        content, kind = statements._make_pdf(self._get(self._day(-90)))
        self.assertEqual(kind, "application/pdf")
        # Odoo keeps signs and amounts together by a space without width.
        return " ".join(pdf_pages(content)).replace(" \u200b ", "")

    def _book(self, **kwargs: Any) -> Any:
        statements = self.statements.with_context(**kwargs)
        content = statements._make_sheet(self._get(self._day(-90)))
        return openpyxl.load_workbook(io.BytesIO(content))

    @staticmethod
    def _cells(sheet: Any) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def _rich(self) -> Any:
        invoice = self._on(-60, self._bill, 1234.5, due=-40)
        self._pay_on(-20, invoice, 234.5)
        self._on(-10, self._bill, 50.0, currency_id=self.eur.id)
        return invoice

    def test_pdf_shows_the_figures_of_the_page(self) -> None:
        invoice = self._rich()
        self.client.vat = "BE0477472701"
        text = self._pdf()
        for shown in ("1,000.00", "1,234.50", "-234.50", invoice.name, "BE0477472701"):
            self.assertIn(shown, text)
        self.assertIn("50.00", text)
        self.assertIn("/my/access/document/res.partner/", text)

    def test_pdf_says_how_to_pay_with_a_sepa_code(self) -> None:
        self._rich()
        self.env["res.partner.bank"].create(
            {
                "acc_number": "BE71096123456769",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        statement = self._get()
        dollars, euros = statement.blocks
        with self._sepa() as asked:
            self.assertIsNone(self.statements._get_bank_qr(statement, dollars))
            code = self.statements._get_bank_qr(statement, euros)
            self.assertTrue(code.startswith("data:image/png;base64,"))
            self.assertEqual(asked[-1][:2], (50.0, "EUR"))
            self.assertIn("Harbor Workshop", asked[-1][2])
            text = self._pdf()
        for shown in ("How to pay", "BE71096123456769", "Scan this QR code"):
            self.assertIn(shown, text)

    @contextmanager
    def _sepa(self) -> Iterator[list[tuple]]:
        """Stand in for the module of SEPA transfers, which need not be installed."""
        asked: list[tuple] = []

        def parameters(
            _account: Any, _method: str, amount: float, currency: Any, *args: Any
        ) -> dict[str, Any]:
            asked.append((amount, currency.name, args[1]))
            return {"barcode_type": "QR", "width": 9, "height": 9, "value": "BCD"}

        def error(_account: Any, _method: str, _debtor: Any, currency: Any) -> Any:
            return None if currency.name == "EUR" else "Only euro"

        accounts = self.env.registry["res.partner.bank"]
        methods = [("sct_qr", "SEPA", 20)]
        with (
            patch.object(accounts, "_get_available_qr_methods", lambda _a: methods),
            patch.object(accounts, "_get_error_messages_for_qr", error),
            patch.object(accounts, "_get_qr_code_generation_params", parameters),
        ):
            yield asked

    def test_no_code_for_what_is_not_owed(self) -> None:
        self._prepay(5.0, currency_id=self.eur.id)
        statement = self._get()
        with self._sepa():
            [block] = statement.blocks
            self.assertIsNone(self.statements._get_bank_qr(statement, block))

    def test_pdf_without_bank_account_says_nothing_of_it(self) -> None:
        self._rich()
        self.assertNotIn("How to pay", self._pdf())

    def test_pdf_in_chinese(self) -> None:
        self._rich()
        text = self._pdf(lang="zh_CN")
        self.assertIn(plain("对账单"), text)
        self.assertNotIn("Account Statement", text)

    def test_pdf_of_a_client_without_entries(self) -> None:
        self.assertIn("Nothing has been booked", self._pdf())

    def test_sheet_for_each_currency_with_real_numbers(self) -> None:
        invoice = self._rich()
        book = self._book()
        self.assertEqual(book.sheetnames, ["USD", "EUR"])
        cells = self._cells(book["USD"])
        [row] = [row for row in cells if row[2] == invoice.name and row[1] == "Invoice"]
        self.assertEqual(row[0].date(), invoice.date)
        self.assertEqual(row[5:7], [1234.5, 1234.5])
        self.assertEqual(cells[-1][6], 1000.0)
        self.assertEqual(self._cells(book["EUR"])[-1][6], 50.0)

    def test_sheet_lists_open_documents_as_the_page_does(self) -> None:
        invoice = self._on(-30, self._bill, 100.0)
        self._pay(invoice, 40.0)
        cells = self._cells(self._book()["USD"])
        [head] = [row for row in cells if row[6] == "Remaining"]
        self.assertEqual(head[4:6], ["Amount", "Paid"])
        row = cells[cells.index(head) + 1]
        self.assertEqual((row[1], row[4:7]), (invoice.name, [100.0, 40.0, 60.0]))
        self.assertEqual(row[2].date(), invoice.invoice_date_due)

    def test_every_row_has_date_amount_and_balance(self) -> None:
        self._rich()
        statement = self._get(self._day(-90))
        cells = self._cells(self._book()["USD"])
        rows = cells[-1 - len(statement.blocks[0].rows) : -1]
        self.assertEqual(
            [(row[0].date(), row[5], row[6]) for row in rows],
            [(row.date, row.amount, row.balance) for row in statement.blocks[0].rows],
        )

    def test_sheet_in_chinese(self) -> None:
        self._rich()
        cells = self._cells(self._book(lang="zh_CN")["USD"])
        self.assertEqual(cells[0][0], "对账单")

    def test_sheet_of_a_client_without_entries(self) -> None:
        [[text]] = self._cells(self._book().worksheets[0])
        self.assertIn("Nothing has been booked", text)

    def test_text_is_never_a_formula(self) -> None:
        self.client.name = "=1+1"
        self._on(-3, self._bill, 5.0, ref='=HYPERLINK("http://example.com")')
        sheet = self._book()["USD"]
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        self.assertNotIn("f", kinds)
        self.assertIn("=1+1", [row[2] for row in self._cells(sheet)])

    def test_sheets_of_companies_of_one_name(self) -> None:
        second = self.setup_other_company(name="Second: [a/b] " + "x" * 40)
        journal = second["default_journal_sale"]
        self._on(-3, self._bill, 5.0)
        self._on(-3, self._bill, 7.0, journal_id=journal.id)
        statement = self._get(companies=self.company + second["company"])
        content = self.statements._make_sheet(statement)
        names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
        self.assertEqual(len(names), 2)
        self.assertTrue(all(len(name) <= 31 for name in names))
