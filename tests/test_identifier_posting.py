from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .document_common import EORI, SNAPSHOT, VAT, DocumentCommon


@tagged("post_install", "-at_install")
class TestIdentifierPosting(DocumentCommon):
    """Who posts, in which way, and what it costs."""

    def test_posting_by_the_cron(self) -> None:
        yesterday = fields.Date.today() - timedelta(days=1)
        invoice = self.make_invoice(
            post=False, auto_post="at_date", invoice_date=yesterday, date=yesterday
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "account.ir_cron_auto_post_draft_entry"
            ).method_direct_trigger()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.client_identifiers_printed, SNAPSHOT)

    def test_invoice_of_a_later_date_is_frozen_when_it_is_posted(self) -> None:
        later = fields.Date.today() + timedelta(days=3)
        invoice = self.make_invoice(post=False, invoice_date=later, date=later)
        self.assertFalse(invoice._post(soft=True))
        self.assertFalse(invoice.client_identifiers_printed)

    def test_posting_in_a_journal_that_is_hashed(self) -> None:
        journal = self.env["account.journal"].create(
            {
                "name": "Secured",
                "code": "SECUR",
                "type": "sale",
                "default_account_id": self.company_data["default_account_revenue"].id,
                "restrict_mode_hash_table": True,
            }
        )
        invoice = self.make_invoice(journal_id=journal.id)
        self.assertTrue(invoice.inalterable_hash)
        self.assertEqual(invoice.client_identifiers_printed, SNAPSHOT)

    def test_freezing_is_stored_along_with_the_state(self) -> None:
        invoice = self.make_invoice(post=False)
        self.env.flush_all()
        update = r'UPDATE "account_move" .*"client_identifiers_printed" .*"state" '
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            invoice.action_post()
            self.env.flush_all()
        stored = [
            query
            for query in (" ".join(line.split()) for line in log.output)
            if "UPDATE" in query and "client_identifiers_printed" in query
        ]
        self.assertEqual(len(stored), 1)
        self.assertRegex(stored[0], update)
        self.assertEqual(invoice.client_identifiers_printed, SNAPSHOT)

    def queries_of_posting(self, clients: Any) -> int:
        """Return the number of queries for posting one invoice of each client."""
        vals_list = [self.invoice_vals(client) for client in clients]
        invoices = self.env["account.move"].create(vals_list)
        self.reread(invoices)
        before = self.env.cr.sql_log_count
        invoices.action_post()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def extra_queries(self, clients: Any) -> int:
        """Return how many more queries posting takes because of freezing."""
        with_freezing = self.queries_of_posting(clients)
        model = self.env.registry["account.move"]
        with patch.object(model, "_freeze_client_identifiers", lambda moves: None):
            return with_freezing - self.queries_of_posting(clients)

    def test_freezing_a_batch_takes_few_queries_whatever_its_size(self) -> None:
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}", "vat": VAT} for number in range(30)]
        )
        for client in clients:
            self._create_identifier(client, *EORI)
        self.queries_of_posting(clients)  # what is done once per client
        small, large = self.extra_queries(clients[:15]), self.extra_queries(clients)
        self.assertGreater(small, 0)
        # One more or less, by what others have read already; not one for each client.
        self.assertAlmostEqual(small, large, delta=1)
        self.assertLessEqual(large, 4)


@tagged("post_install", "-at_install")
class TestIdentifierPostingOnline(DocumentCommon, AccountPaymentCommon):
    """Posting that is caused by somebody without any right to do so."""

    def test_posting_for_the_public_and_for_a_portal_user(self) -> None:
        for user in (self.public_user, self.portal_user):
            with self.subTest(user=user.id):
                invoice = self.make_invoice(post=False)
                self._as(user, invoice).sudo().action_post()
                self.assertEqual(
                    self.reread(invoice).client_identifiers_printed, SNAPSHOT
                )

    def test_resetting_for_the_public(self) -> None:
        invoice = self.make_invoice()
        self._as(self.public_user, invoice).sudo().button_draft()
        self.assertFalse(self.reread(invoice).client_identifiers_printed)

    def test_online_payment_of_an_order(self) -> None:
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("sale.automatic_invoice", "True")
        parameters.set_param("sale.async_emails", "False")
        order = self.make_order(self.contact).with_env(self.env)
        transaction = self.pay(order, self.public_user)
        invoice = self.reread(transaction).invoice_ids
        self.assertEqual((order.state, invoice.state), ("sale", "posted"))
        self.assertEqual(invoice.client_identifiers_printed, SNAPSHOT)
        self.assertTrue(invoice.invoice_pdf_report_id)

    def pay(self, order: Any, user: Any) -> Any:
        """Pay an order online, and let the request of this user book it."""
        transaction = self._create_transaction(
            flow="direct",
            amount=order.amount_total,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            state="done",
        )
        self._as(user, transaction).sudo()._post_process()
        return transaction
