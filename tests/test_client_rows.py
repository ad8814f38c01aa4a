from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .client_360_page_common import Client360PageCommon

MODELS = ("client.hub.event", "client.hub.money.received")
NAMES = ["client_id", "company_id", "date", "name", "amount"]


@tagged("post_install", "-at_install")
class TestClientRows(Client360PageCommon):
    """A row of payments or of the history is read without reading all others."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        invoice = cls._bill(100.0)
        cls._pay(invoice, 40.0)
        cls._bank_line(60.0, (invoice, 60.0))
        cls._bill(7.0, partner_id=cls._create_client("Second Workshop").id)

    def _rows(self, model: str) -> Any:
        rows = self._as_user(self.env[model])
        return rows.search([("client_id", "=", self.client.id)])

    def test_ids_find_the_same_rows(self) -> None:
        for model in MODELS:
            rows = self._rows(model)
            self.assertGreater(len(rows), 1)
            expected = rows.read(NAMES)
            rows.invalidate_model()
            self.assertEqual(rows.read(NAMES), expected)
            for row, values in zip(rows, expected, strict=True):
                rows.invalidate_model()
                self.assertEqual(row.read(NAMES), [values])
                self.assertEqual(rows.search([("id", "in", row.ids)]), row)

    def test_missing_row_does_not_exist(self) -> None:
        for model in MODELS:
            last = max(self.env[model].search([]).ids)
            self.assertFalse(self.env[model].search([("id", "in", [last + 1600])]))
            self.assertFalse(self.env[model].browse(last + 1600).exists())

    def test_row_of_another_company_is_denied(self) -> None:
        company = self.setup_other_company(name="Sister Company")["company"]
        other = self._user(
            "rows_other",
            "account.group_account_invoice",
            company_id=company.id,
            company_ids=company.ids,
        )
        for model in MODELS:
            row = self._as(other, self._rows(model)[0])
            with self.assertRaises(AccessError):
                row.read(NAMES)
            self.assertFalse(row.search([("id", "in", row.ids)]))

    def test_context_of_a_caller_hides_no_row(self) -> None:
        for model in MODELS:
            rows = self._rows(model)
            asked = rows.with_context(client_hub_rows=[1])
            self.assertEqual(asked.search([("client_id", "=", self.client.id)]), rows)
