from __future__ import annotations

from datetime import date
from typing import Any

from lxml import html

from odoo.tests import tagged

from .invoice_archive_common import PDF, InvoiceArchiveCommon

XML = b"<Invoice>1</Invoice>"


@tagged("post_install", "-at_install")
class TestInvoiceArchiveChoice(InvoiceArchiveCommon):
    """Which documents a client asks for, and what comes beside them."""

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("archive_portal", "archive_portal")

    # ------------------------------------------------------------------- periods

    def _days(self, period: str, today: str) -> tuple[str, str]:
        self.patch(
            self.registry["client.hub.figure"],
            "_get_today",
            lambda _self: date.fromisoformat(today),
        )
        first, last = self.archives._get_days(period)
        return str(first), str(last)

    def test_each_period(self) -> None:
        for today, period, first, last in (
            ("2026-11-23", "this_month", "2026-11-01", "2026-11-30"),
            ("2026-11-23", "last_month", "2026-10-01", "2026-10-31"),
            ("2026-11-23", "this_quarter", "2026-10-01", "2026-12-31"),
            ("2026-11-23", "last_quarter", "2026-07-01", "2026-09-30"),
            ("2026-11-23", "this_year", "2026-01-01", "2026-12-31"),
            ("2026-11-23", "last_year", "2025-01-01", "2025-12-31"),
            ("2024-03-31", "last_month", "2024-02-01", "2024-02-29"),
            ("2026-01-01", "last_month", "2025-12-01", "2025-12-31"),
            ("2026-01-01", "last_quarter", "2025-10-01", "2025-12-31"),
            ("2026-12-31", "this_month", "2026-12-01", "2026-12-31"),
        ):
            with self.subTest(today=today, period=period):
                self.assertEqual(self._days(period, today), (first, last))

    def test_every_period_that_is_offered_is_known(self) -> None:
        for period, _name in self.archives._get_periods():
            day = "2026-01-01"
            self.assertTrue(self.archives._get_period_domain(period, day, day))

    def test_first_and_last_day_belong_to_the_period(self) -> None:
        self._days("this_year", "2026-02-01")
        for day, found in (("2026-02-01", True), ("2026-02-02", False)):
            days = {"date_from": day, "date_to": "2026-12-31"}
            response = self._download(period="free", **days)
            self.assertEqual(response.status_code == 200, found)
        days = {"date_from": "2026-01-01", "date_to": "2026-02-01"}
        self.assertEqual(self._download(period="free", **days).status_code, 200)

    def test_period_over_http(self) -> None:
        self._days("last_year", "2027-06-01")
        response = self._download(period="last_year")
        self.assertEqual(response.content, PDF + self.sent[1].name.encode())

    # ------------------------------------------------------------ all that match

    def _label(self, filterby: str) -> str:
        page = html.fromstring(self.url_open(f"/my/invoices?filterby={filterby}").text)
        [label] = page.xpath("//label[@for='client_archive_all']")
        return label.text_content().strip()

    def test_as_many_as_the_page_says(self) -> None:
        self._create_sent(move_type="out_refund")
        self.make_invoice(move_type="in_invoice")
        for filterby, count in (("all", 4), ("invoices", 4)):
            with self.subTest(filterby=filterby):
                self.assertEqual(self._label(filterby), f"All {count} that match")
                data = {"all_matching": "1", "filterby": filterby, "as_zip": "1"}
                archive = self._open(self._download(**data))
                pdfs = [name for name in archive.namelist() if name.endswith(".pdf")]
                self.assertEqual(len(pdfs), count)

    def test_filter_of_the_page_counts(self) -> None:
        response = self._download(all_matching="1", filterby="bills")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Choose another period", response.text)

    def _get_statement_form(self, path: str) -> dict[str, str]:
        page = html.fromstring(self.url_open(path).text)
        [form] = page.xpath("//form[@id='client_archive_statement']")
        self.assertEqual(form.get("action"), "/my/invoices/download")
        self.assertTrue(page.xpath("//button[@form='client_archive_statement']"))
        return dict(form.form_values())

    def test_all_of_the_period_of_a_statement(self) -> None:
        days = "date_from=2026-01-01&date_to=2026-12-31"
        values = self._get_statement_form(f"/my/statement?{days}")
        response = self.url_open("/my/invoices/download", data=values)
        self.assertEqual(response.content, PDF + self.sent[1].name.encode())

    def test_all_that_is_on_a_statement(self) -> None:
        values = self._get_statement_form("/my/statement?filterby=all")
        self.assertEqual(values["date_from"], "1970-01-01")
        response = self.url_open("/my/invoices/download", data=values)
        names = self._open(response).namelist()
        self.assertEqual(len([name for name in names if name.endswith(".pdf")]), 3)

    def test_unknown_filter_is_none(self) -> None:
        archive = self._open(self._download(all_matching="1", filterby="' OR 1"))
        self.assertEqual(len(archive.namelist()), 4)

    # ------------------------------------------------------- electronic invoices

    def _add_xml(self, invoice: Any, name: str = "factur-x.xml") -> None:
        self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": XML + invoice.name.encode(),
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "ubl_cii_xml_file",
            }
        )
        invoice.invalidate_recordset()

    def test_xml_lies_beside_its_pdf(self) -> None:
        first, second = self.sent
        self._add_xml(first)
        archive = self._open(self._download(first, second, with_xml="1"))
        stem = f"{first.invoice_date}_{first.name.replace('/', '-')}"
        self.assertEqual(len(archive.namelist()), 3)
        self.assertEqual(archive.read(f"{stem}.pdf"), PDF + first.name.encode())
        self.assertEqual(archive.read(f"{stem}.xml"), XML + first.name.encode())

    def test_xml_comes_only_if_asked(self) -> None:
        self._add_xml(self.sent[0])
        names = self._open(self._download(*self.sent)).namelist()
        self.assertFalse([name for name in names if not name.endswith(".pdf")])

    def test_single_document_with_xml_is_a_zip(self) -> None:
        self._add_xml(self.sent[0])
        archive = self._open(self._download(self.sent[0], with_xml="1"))
        self.assertEqual(len(archive.namelist()), 2)

    def test_xml_whose_name_has_no_extension(self) -> None:
        for name in ("ubl_cii_xml_file", "x.</../evil", "x.averylongextension"):
            self.sent[0].sudo().ubl_cii_xml_id.unlink()
            self._add_xml(self.sent[0], name)
            archive = self._open(self._download(self.sent[0], with_xml="1"))
            with self.subTest(name=name):
                endings = [name.rpartition(".")[2] for name in archive.namelist()]
                self.assertEqual(sorted(endings), ["pdf", "xml"])

    # --------------------------------------------------------------------- names

    def test_any_number_of_a_document_gives_a_safe_name(self) -> None:
        number = "../发票/№ 1:<CON>|\u202e?"
        self.env.cr.execute(
            "UPDATE account_move SET name = %s WHERE id = %s", [number, self.sent[0].id]
        )
        self.env.invalidate_all()
        names = self._open(self._download(*self.sent)).namelist()
        self.assertIn("2024-05-06_..-发票-№ 1-CON.pdf", names)
        self.assertFalse(set("/\\:") & set("".join(names)))
