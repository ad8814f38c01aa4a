"""Who of staff is told of a payment, and in which language."""

from __future__ import annotations

from odoo import Command
from odoo.tests import tagged

from .online_payment_common import OnlinePaymentCommon


@tagged("post_install", "-at_install")
class TestActivity(OnlinePaymentCommon):
    def test_an_activity_is_somebodys_in_his_language(self) -> None:
        """Nobody looks after the document: an accountant of the company is told."""
        invoice = self._create_document()
        invoice.invoice_user_id = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_uid = 1 WHERE id = %s", [invoice.id]
        )
        self.env.invalidate_all()
        transaction = self._open_checkout(invoice)
        user = transaction._get_responsible(invoice)
        self.assertTrue(user.has_group("account.group_account_invoice"))
        self.assertIn(self.company, user.company_ids)
        user.lang = "zh_CN"
        transaction.with_context(lang="en_US")._note_not_booked()
        [activity] = self._activities(invoice)
        self.assertEqual(activity.user_id, user)
        self.assertIn(transaction.reference, activity.note)
        self.assertNotIn("arrived at Stripe", activity.note)

    def test_accountants_of_other_companies_are_not_told(self) -> None:
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = self._create_user(
            "elsewhere",
            "account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        invoice = self._create_document()
        invoice.sudo().invoice_user_id = user
        transaction = self._open_checkout(invoice)
        self.assertNotEqual(transaction._get_responsible(invoice), user)
