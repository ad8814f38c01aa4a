from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import (
    EIN,
    EIN_TYPED,
    SECOND_SIREN,
    SIREN,
    SIREN_TYPED,
    ClientHubUsersCommon,
)

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
}
Rows = Sequence[Sequence[Any]]


def write_csv(rows: Rows) -> bytes:
    """Return the bytes of a file as a spreadsheet program saves it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def write_xlsx(rows: Rows) -> bytes:
    """Return the bytes of a workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class ImportCommon(ClientHubUsersCommon):
    """Files are imported by a partner manager, with Odoo's own import."""

    model: str

    def _import(self, rows: Rows, mimetype: str = CSV, dryrun: bool = False) -> Any:
        """Import rows whose first one names the fields; return the answer."""
        content = write_csv(rows) if mimetype == CSV else write_xlsx(rows)
        imports = self.env["base_import.import"].with_user(self.partner_manager)
        wizard = imports.create(
            {"res_model": self.model, "file": content, "file_type": mimetype}
        )
        fields = list(rows[0])
        return wizard.execute_import(fields, fields, dict(OPTIONS), dryrun=dryrun)

    def _assert_problem(self, answer: dict[str, Any], message: str, row: int) -> None:
        # Core repeats the first problem on the first row, so the last one counts.
        problem = answer["messages"][-1]
        self.assertEqual(problem["type"], "error")
        self.assertRegex(problem["message"], message)
        self.assertEqual(problem["record"], row)
        self.assertFalse(answer["ids"])


@tagged("post_install", "-at_install")
class TestIdentifierImport(ImportCommon):
    """A list of numbers of clients that are already here."""

    model = "client.hub.identifier"
    HEADER = ("partner_id", "country_id", "scheme", "number", "label")

    def _get_numbers(self, client: Any) -> list[str]:
        return sorted(client.client_identifier_ids.mapped("number"))

    def test_a_csv_file(self) -> None:
        answer = self._import(
            [
                self.HEADER,
                ("Atelier du Quai", "", "FR_SIREN", SIREN_TYPED, ""),
                ("Atelier du Quai", "", "OTHER", "K-17", "Supplier code"),
                ("Werkstatt am Fluss", "France", "FR_SIREN", SECOND_SIREN, ""),
            ]
        )
        self.assertFalse(answer["messages"])
        self.assertEqual(self._get_numbers(self.client_fr), [SIREN, "K-17"])
        self.assertEqual(self._get_numbers(self.client_de), [SECOND_SIREN])

    def test_a_workbook_with_numbers_in_cells(self) -> None:
        answer = self._import(
            [
                self.HEADER,
                ("Atelier du Quai", None, "FR_SIREN", int(SIREN), None),
                ("Harbor Workshop", None, "US_EIN", EIN_TYPED, None),
            ],
            XLSX,
        )
        self.assertFalse(answer["messages"])
        self.assertEqual(self._get_numbers(self.client_fr), [SIREN])
        self.assertEqual(self._get_numbers(self.client_us), [EIN])

    def test_schemes_may_be_written_as_the_list_shows_them(self) -> None:
        self._import(
            [self.HEADER, ("Atelier du Quai", "", "FR · SIREN", SIREN_TYPED, "")]
        )
        self.assertEqual(self.client_fr.client_identifier_ids.scheme, "FR_SIREN")

    def test_a_bad_row_is_named_and_nothing_is_saved(self) -> None:
        for mimetype in (CSV, XLSX):
            with self.subTest(mimetype):
                answer = self._import(
                    [
                        self.HEADER,
                        ("Atelier du Quai", "", "FR_SIREN", SIREN_TYPED, ""),
                        ("Atelier du Quai", "", "FR_SIREN", "303265046", ""),
                    ],
                    mimetype,
                )
                self._assert_problem(answer, "^Number: its check digit is wrong", 1)
                self.assertFalse(self.client_fr.client_identifier_ids)

    def test_each_bad_row_is_named(self) -> None:
        answer = self._import(
            [
                self.HEADER,
                ("Atelier du Quai", "", "FR_SIREN", "303265046", ""),
                ("Atelier du Quai", "", "OTHER", "K-17", ""),
                ("Workshop Nowhere", "", "FR_SIREN", SIREN, ""),
            ]
        )
        fields = [problem["message"].split(":")[0] for problem in answer["messages"]]
        self.assertEqual(fields, ["Number", "Label", "Country"])

    @mute_logger("odoo.sql_db")
    def test_an_unknown_scheme_is_named(self) -> None:
        answer = self._import(
            [self.HEADER, ("Atelier du Quai", "", "FR_NONE", SIREN, "")]
        )
        problem = answer["messages"][0]
        self.assertRegex(problem["message"], "'FR_NONE' not found in .*'Scheme'")
        self.assertEqual(problem["record"], 0)
        self.assertFalse(answer["ids"])

    def test_a_number_that_the_client_has_is_named(self) -> None:
        self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        answer = self._import(
            [self.HEADER, ("Atelier du Quai", "", "FR_SIREN", SIREN_TYPED, "")]
        )
        self._assert_problem(answer, "^Number: Atelier du Quai already has SIREN", 0)

    def test_a_number_that_stands_twice_in_the_file_is_named(self) -> None:
        row = ("Atelier du Quai", "", "FR_SIREN")
        answer = self._import([self.HEADER, (*row, SIREN, ""), (*row, SIREN_TYPED, "")])
        self._assert_problem(answer, "^Number: Atelier du Quai already has SIREN", 1)
        self.assertFalse(self.client_fr.client_identifier_ids)

    def test_a_trial_run_saves_nothing(self) -> None:
        answer = self._import(
            [self.HEADER, ("Atelier du Quai", "", "FR_SIREN", SIREN, "")], dryrun=True
        )
        self.assertFalse(answer["messages"])
        self.assertFalse(self.client_fr.client_identifier_ids)

    def test_an_exported_list_is_imported_again(self) -> None:
        line = self._create_identifier(self.client_fr, "FR_SIREN", SIREN)
        header = ("id", "scheme", "number", "print_on_documents")
        [row] = line.export_data(header)["datas"]
        answer = self._import([header, (*row[:3], "False")])
        self.assertFalse(answer["messages"])
        self.assertFalse(line.print_on_documents)

    def test_an_internal_user_imports_nothing(self) -> None:
        self.partner_manager = self.internal_user
        answer = self._import(
            [self.HEADER, ("Atelier du Quai", "", "FR_SIREN", SIREN, "")]
        )
        self._assert_problem(answer, "not allowed to create", 0)


@tagged("post_install", "-at_install")
class TestClientImport(ImportCommon):
    """A list of new clients, with their numbers as sub-lines."""

    model = "res.partner"
    HEADER = (
        "name",
        "company_type",
        "country_id",
        "client_identifier_ids/scheme",
        "client_identifier_ids/number",
        "client_identifier_ids/print_on_documents",
    )

    def _find(self, name: str) -> Any:
        return self.env["res.partner"].search([("name", "=", name)])

    def test_clients_come_with_their_numbers(self) -> None:
        for mimetype, name in ((CSV, "Imported CSV"), (XLSX, "Imported XLSX")):
            answer = self._import(
                [
                    self.HEADER,
                    (name, "Company", "France", "FR_SIREN", SIREN_TYPED, "True"),
                    ("", "", "", "DUNS", "15-048-3782", "False"),
                    (f"{name} 2", "Company", "United States", "US_EIN", EIN, "True"),
                ],
                mimetype,
            )
            with self.subTest(mimetype):
                self.assertFalse(answer["messages"])
                lines = self._find(name).client_identifier_ids
                self.assertEqual(lines.mapped("number"), [SIREN, "150483782"])
                self.assertEqual(lines.mapped("print_on_documents"), [True, False])
                other = self._find(f"{name} 2")
                self.assertEqual(other.client_identifier_ids.number, EIN)

    def test_a_bad_number_saves_no_client(self) -> None:
        answer = self._import(
            [
                self.HEADER,
                ("Imported 1", "Company", "France", "FR_SIREN", SIREN, "True"),
                ("Imported 2", "Company", "France", "FR_SIREN", "303265046", "True"),
            ]
        )
        self._assert_problem(answer, "^Number: its check digit is wrong", 1)
        self.assertFalse(self._find("Imported 1"))

    def test_numbers_are_added_to_a_client_that_is_here(self) -> None:
        [[external_id]] = self.client_fr.export_data(["id"])["datas"]
        answer = self._import(
            [
                ("id", "client_identifier_ids/scheme", "client_identifier_ids/number"),
                (external_id, "FR_SIREN", SIREN_TYPED),
            ]
        )
        self.assertFalse(answer["messages"])
        self.assertEqual(self.client_fr.client_identifier_ids.number, SIREN)
