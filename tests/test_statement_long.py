from __future__ import annotations

import io
from typing import Any

import openpyxl
from lxml import html

from odoo import sql_db
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .statement_common import StatementCommon

URL = "/my/statement"
COPIES = 10_000


@tagged("post_install", "-at_install")
class TestStatementLong(StatementCommon, HttpCase):
    """An account of ten thousand documents is a page and a sheet like others."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # The server runs on the real day; so do these documents.
        cls.freeze_time.stop()
        cls.addClassCleanup(cls.freeze_time.start)
        cls.today = cls.env["client.hub.figure"]._get_today()
        cls._user("sl_portal", "base.group_portal", partner_id=cls.contact.id)
        invoice = cls._on(-300, cls._bill, 10.0)
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE long_account ON COMMIT DROP AS
                SELECT n, nextval('account_move_id_seq') AS move_id,
                       nextval('account_move_line_id_seq') AS line_id,
                       %s - mod(n, 300) AS date
                  FROM generate_series(1, %s) n
                """,
                cls.today,
                COPIES,
            )
        )
        name, date = SQL("'LONG/' || made.n"), SQL("made.date")
        cls._copy(invoice, id=SQL("made.move_id"), name=name, date=date)
        item = cls._terms(invoice)
        cls._copy(item, id=SQL("made.line_id"), move_id=SQL("made.move_id"), date=date)
        cls.env.invalidate_all()

    @classmethod
    def _copy(cls, record: Any, **values: SQL) -> None:
        """Copy the row of a record, as Odoo wrote it, for each row of the plan."""
        table = SQL.identifier(record._table)
        columns = [
            name
            for (name,) in cls.env.execute_query(
                SQL(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = %s",
                    record._table,
                )
            )
        ]
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s original, long_account made"
                " WHERE original.id = %s",
                table,
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(
                    values.get(name, SQL.identifier("original", name))
                    for name in columns
                ),
                table,
                record.id,
            )
        )

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("sl_portal", "sl_portal")

    def _page(self, path: str = "") -> Any:
        response = self.url_open(URL + path)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def test_first_and_last_page(self) -> None:
        first = self._page()
        self.assertEqual(len(first.xpath("//tr[@data-kind]")), 80)
        self.assertEqual(len(first.xpath("//tr[@data-document]")), 40)
        last = self._page("/page/126")
        self.assertEqual(len(last.xpath("//tr[@data-kind]")), COPIES + 1 - 125 * 80)
        [closing] = last.xpath("//tr[@name='closing']")
        self.assertIn("100,010.00", closing.text_content())
        documents = self._page("?documents=251")
        self.assertEqual(len(documents.xpath("//tr[@data-document]")), 1)

    def test_page_takes_as_few_queries_as_a_short_one(self) -> None:
        self._page()
        begin = sql_db.sql_counter
        self._page()
        self.assertLessEqual(sql_db.sql_counter - begin, 45)

    def test_sheet_holds_every_row(self) -> None:
        response = self.url_open(f"{URL}/xlsx?filterby=all")
        self.assertEqual(response.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(response.content), read_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        self.assertEqual(len([row for row in rows if row[1] == "Invoice"]), COPIES + 1)
        self.assertEqual(rows[-1][6], 100_010)
