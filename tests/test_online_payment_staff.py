from __future__ import annotations

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .online_payment_portal_common import OnlinePaymentPortalCommon


@tagged("post_install", "-at_install")
class TestOnlinePaymentStaff(OnlinePaymentPortalCommon):
    """What staff see of payments under way, and what they choose."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.biller = cls._user("pay_biller", "account.group_account_invoice")
        cls.hub_user = cls._user("pay_hub", "client_hub.group_user")
        cls.clerk = cls._user("pay_clerk", "base.group_user")
        cls.invoice = cls._bill(100.0)

    def test_invoice_says_how_far_its_payment_is(self) -> None:
        for user in (self.biller, self.hub_user):
            self.assertFalse(self._as(user, self.invoice).client_pay_state)
        transaction = self._transact(self.invoice, "pending")
        for state, shown in [
            ("pending", "processing"),
            ("authorized", "authorized"),
            ("done", "processing"),
            ("cancel", False),
            ("error", False),
            ("draft", False),
        ]:
            with self.subTest(state):
                transaction.state = state
                invoice = self._as(self.biller, self.invoice)
                self.assertEqual(invoice.client_pay_state, shown)

    def test_invoice_leads_to_the_payment(self) -> None:
        transaction = self._transact(self.invoice, "pending")
        invoice = self._as(self.biller, self.invoice)
        action = invoice.action_view_payment_transactions()
        self.assertEqual(action["res_id"], transaction.id)
        arch = invoice.get_view(view_type="form")["arch"]
        [notice] = etree.fromstring(arch).xpath("//div[@name='client_pay_state']")
        self.assertTrue(
            notice.xpath("button[@name='action_view_payment_transactions']")
        )

    def test_nobody_else_reads_it(self) -> None:
        for user in (self.clerk, self.portal_user):
            with self.subTest(user.id), self.assertRaises(AccessError):
                self._as(user, self.invoice).read(["client_pay_state"])

    def test_settings_are_of_the_company(self) -> None:
        manager = self._user(
            "pay_manager", "client_hub.group_manager,base.group_system"
        )
        with Form(self.env["res.config.settings"].with_user(manager)) as form:
            form.client_hub_pay_partial = True
            form.client_hub_pay_qr = True
            form.client_hub_pay_minutes = "240"
        form.record.execute()
        company = self.company
        self.assertTrue(company.client_hub_pay_partial and company.client_hub_pay_qr)
        self.assertEqual(company.client_hub_pay_minutes, "240")

    def test_settings_are_off_until_somebody_chooses_them(self) -> None:
        company = self.env["res.company"].create({"name": "New"})
        self.assertFalse(company.client_hub_pay_partial or company.client_hub_pay_qr)
        self.assertEqual(company.client_hub_pay_minutes, "60")

    def test_settings_are_not_read_by_clients(self) -> None:
        with self.assertRaises(AccessError):
            self._as(self.portal_user, self.company).read(["client_hub_pay_partial"])
