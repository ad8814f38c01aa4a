from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.tests import Form, tagged

from .client_360_page_common import Client360PageCommon

WARNING = "client_overdue_warning"


@tagged("post_install", "-at_install")
class TestClient360Warning(Client360PageCommon):
    """Whoever starts new work for a client who is overdue is told so."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls._bill(100.0, due=-61)
        cls.good_client = cls._create_client("Second Workshop")
        cls._bill(100.0, due=5, partner_id=cls.good_client.id)
        cls.sales_accountant = cls._user(
            "page_both",
            "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
        )
        cls.text = "Owes 1 overdue invoice, $\xa0100.00 since 61 days"

    # ------------------------------------------------------------------ estimates

    def test_new_estimate_of_an_overdue_client_warns(self) -> None:
        form = self._new_estimate(self.client)
        self.assertEqual(form[WARNING], self.text)
        self.assertEqual(form.save()[WARNING], self.text)

    def test_new_estimate_of_a_contact_warns_of_its_company(self) -> None:
        self.assertEqual(self._new_estimate(self.contact)[WARNING], self.text)

    def test_new_estimate_of_another_client_does_not_warn(self) -> None:
        self.assertFalse(self._new_estimate(self.good_client)[WARNING])

    def test_choosing_another_client_takes_the_warning_away(self) -> None:
        form = self._new_estimate(self.client)
        self.assertTrue(form[WARNING])
        form.partner_id = self.good_client
        self.assertFalse(form[WARNING])

    def test_estimate_warns_until_it_is_confirmed(self) -> None:
        order = self._create_order()
        self.assertEqual(order[WARNING], self.text)
        order.action_quotation_sent()
        self.assertEqual(order[WARNING], self.text)
        order.action_confirm()
        self.assertFalse(order[WARNING])

    def test_cancelled_estimate_does_not_warn(self) -> None:
        order = self._create_order()
        order._action_cancel()
        self.assertFalse(order[WARNING])

    def _new_estimate(self, client: Any) -> Form:
        form = Form(self.env["sale.order"].with_user(self.sales_accountant))
        form.partner_id = client
        return form

    def _create_order(self) -> Any:
        line = Command.create({"product_id": self.product_a.id})
        return self._as(self.sales_accountant, self.env["sale.order"]).create(
            {"partner_id": self.client.id, "order_line": [line]}
        )

    # ------------------------------------------------------------------- invoices

    def test_new_invoice_of_an_overdue_client_warns(self) -> None:
        self.assertEqual(self._new_invoice(self.client)[WARNING], self.text)

    def test_new_invoice_of_another_client_does_not_warn(self) -> None:
        self.assertFalse(self._new_invoice(self.good_client)[WARNING])

    def test_new_receipt_warns_but_no_credit_note_or_vendor_bill(self) -> None:
        for move_type, warns in (
            ("out_receipt", True),
            ("out_refund", False),
            ("in_invoice", False),
        ):
            invoice = self._bill(10.0, post=False, move_type=move_type)
            warning = self._as_user(invoice)[WARNING]
            self.assertEqual(bool(warning), warns, move_type)

    def test_posted_or_cancelled_invoice_does_not_warn(self) -> None:
        posted, cancelled = self._bill(10.0, due=5), self._bill(10.0, post=False)
        self.assertEqual(self._as_user(cancelled)[WARNING], self.text)
        cancelled.button_cancel()
        for invoice in (posted, cancelled):
            self.assertFalse(self._as_user(invoice)[WARNING])

    def test_paid_client_does_not_warn(self) -> None:
        self._pay(
            self.env["account.move"].search([("partner_id", "=", self.client.id)])
        )
        self.assertFalse(self._new_invoice(self.client)[WARNING])

    def test_warning_is_of_the_company_of_the_document(self) -> None:
        company = self.setup_other_company(name="Sister Company")["company"]
        self.env.user.company_ids |= company
        self.accountant.company_ids |= company
        invoice = self._bill(10.0, post=False, company_id=company.id)
        here = self._bill(10.0, post=False)
        both = {"allowed_company_ids": (self.env.company + company).ids}
        seen = self._as_user(invoice + here).with_context(**both)
        self.assertEqual(seen.mapped(WARNING), [False, self.text])

    def _new_invoice(self, client: Any) -> Form:
        model = self.env["account.move"].with_user(self.accountant)
        form = Form(model.with_context(default_move_type="out_invoice"))
        form.partner_id = client
        return form

    # -------------------------------------------------------------- switch, rights

    def test_company_switch_turns_the_warning_off(self) -> None:
        self.assertTrue(self._new_invoice(self.client)[WARNING])
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.client_hub_warn_overdue)
        settings.client_hub_warn_overdue = False
        settings.execute()
        self.assertFalse(self.env.company.client_hub_warn_overdue)
        self.assertFalse(self._new_estimate(self.client)[WARNING])
        self.assertFalse(self._new_invoice(self.client)[WARNING])

    def test_salesperson_without_accounting_rights_sees_none_and_no_error(
        self,
    ) -> None:
        form = Form(self.env["sale.order"].with_user(self.salesman))
        form.partner_id = self.client
        self.assertNotIn(WARNING, form._view["fields"])
        self.assertEqual(form.save().partner_id, self.client)

    def test_hub_user_with_sales_rights_is_warned(self) -> None:
        self.salesman.group_ids |= self.env.ref("client_hub.group_user")
        form = Form(self.env["sale.order"].with_user(self.salesman))
        form.partner_id = self.client
        self.assertEqual(form[WARNING], self.text)

    def test_client_opens_for_every_kind_of_staff(self) -> None:
        users = self.accountant, self.hub_user, self.salesman, self.plain_user
        for user in users:
            with self.subTest(user=user.login):
                form = Form(self._as(user, self.client))
                shown = "client_overdue" in form._view["fields"]
                self.assertEqual(shown, user in (self.accountant, self.hub_user))
                self.assertEqual(form.name, "Harbor Workshop")
