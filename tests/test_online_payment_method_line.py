from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

_KEYS = {"stripe_secret_key": "sk_test", "stripe_publishable_key": "pk_test"}


@tagged("post_install", "-at_install")
class TestOnlinePaymentMethodLine(TransactionCase):
    @contextmanager
    def _request(self) -> Iterator[Any]:
        """Yield a provider without method line, as another request has it."""
        with db_connect(self.env.cr.dbname).cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            provider = env.ref("payment.payment_provider_stripe")
            self._get_lines(provider).unlink()
            yield provider
            cursor.rollback()

    def _get_lines(self, provider: Any) -> Any:
        lines = provider.env["account.payment.method.line"]
        return lines.search([("payment_provider_id", "=", provider.id)])

    def test_one_line_is_made(self) -> None:
        with self._request() as provider:
            provider.write({"state": "test"} | _KEYS)
            for _reading in range(3):
                provider.env.invalidate_all()
                self.assertEqual(provider.journal_id.type, "bank")
                self.assertEqual(len(self._get_lines(provider)), 1)

    def test_two_requests_do_not_both_make_one(self) -> None:
        with self._request() as first, self._request() as second:
            first._ensure_payment_method_line()
            second.env.cr.execute("SET LOCAL lock_timeout = '300ms'")
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.LockNotAvailable),
            ):
                second._ensure_payment_method_line()
