from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .client_360_page_common import Client360PageCommon

BUTTONS = {
    "action_client_invoiced": ("client_total_invoiced", "amount_total_signed"),
    "action_client_paid": ("client_total_paid", "amount"),
    "action_client_outstanding": ("client_outstanding", "amount"),
    "action_client_overdue": ("client_overdue", "amount"),
}


@tagged("post_install", "-at_install")
class TestClient360Buttons(Client360PageCommon):
    """Each figure is a button that opens what it sums, and new work starts there."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls._pay(cls._bill(100.0, due=-5), 30.0)
        cls._bill(50.0, due=-40, partner_id=cls.contact.id)
        cls._bill(20.0, due=5)
        cls._credit(7.0)
        cls._prepay(11.0)
        cls._bill(999.0, post=False)
        cls._bill(333.0, partner_id=cls._create_client("Second Workshop").id)
        cls.figures = (163.0, 41.0, 133.0, 120.0)

    def test_each_button_opens_what_its_figure_sums(self) -> None:
        self._assert_buttons(self.client, self.figures)

    def test_each_button_of_a_contact_opens_the_same(self) -> None:
        self._assert_buttons(self.contact, self.figures)

    def test_documents_of_another_company_are_left_out(self) -> None:
        other = self._bill_in_other_company(400.0)
        self.accountant.company_ids |= other
        self._assert_buttons(self.client, self.figures)
        self._assert_buttons(
            self.client.with_context(allowed_company_ids=other.ids), (400, 0, 400, 0)
        )

    def test_both_companies_at_once_show_the_figures_of_the_first(self) -> None:
        other = self._bill_in_other_company(400.0)
        self.accountant.company_ids |= other
        both = (self.env.company + other).ids
        self._assert_buttons(
            self.client.with_context(allowed_company_ids=both), self.figures
        )

    def test_branches_count_for_their_company(self) -> None:
        branch = self._bill_in_branch(500.0)
        self.accountant.company_ids |= branch
        more = (663.0, 41.0, 633.0, 620.0)
        self._assert_buttons(self.client, more)
        head_office = self.client.with_context(allowed_company_ids=self.env.company.ids)
        self._assert_buttons(head_office, more)
        action = self._as_user(head_office).action_client_paid()
        companies = action["context"]["allowed_company_ids"]
        self.assertEqual(companies, (self.env.company + branch).ids)

    def test_branch_that_the_user_has_no_access_to_does_not_count(self) -> None:
        branch = self._bill_in_branch(500.0)
        self._assert_buttons(self.client, self.figures)
        self._assert_money_buttons(self.hub_user)
        self.hub_user.company_ids |= branch
        self._assert_money_buttons(self.hub_user)
        # One user's figures are not another's, also within one transaction.
        hub_client = self._as(self.hub_user, self.client)
        self.assertEqual(hub_client.client_outstanding, 633.0)
        self.assertEqual(self._as_user(self.client).client_outstanding, 133.0)

    def test_branch_without_access_is_not_found_sorted_or_summed(self) -> None:
        self._bill_in_branch(500.0)
        client = self._as_user(self.client)
        mine = ("id", "=", client.id)
        self.assertFalse(client.search_count([mine, ("client_outstanding", "=", 633)]))
        self.assertTrue(client.search_count([mine, ("client_outstanding", "=", 133)]))
        [[total]] = client._read_group([mine], [], ["client_total_invoiced:sum"])
        self.assertEqual(total, 163.0)
        invoiced = client.client_chart["datasets"][0]["data"]
        self.assertEqual(sum(invoiced), 163.0)

    def test_branch_alone_shows_its_own_documents(self) -> None:
        branch = self._bill_in_branch(500.0)
        self.accountant.company_ids |= branch
        alone = self.client.with_context(allowed_company_ids=branch.ids)
        self._assert_buttons(alone, (500.0, 0.0, 500.0, 500.0))

    def test_lists_of_a_client_with_nothing_are_empty(self) -> None:
        self._assert_buttons(self._create_client("New Workshop"), (0, 0, 0, 0))

    def test_user_without_accounting_rights_opens_what_is_owed_and_paid(self) -> None:
        self._assert_money_buttons(self.hub_user)

    def _assert_money_buttons(self, user: Any) -> None:
        """Check the buttons that need no right to read invoices."""
        client = self._as(user, self.client)
        for button in list(BUTTONS)[1:]:
            figure, column = BUTTONS[button]
            rows = self._open(client, button)
            self.assertTrue(rows)
            self.assertAlmostEqual(sum(rows.mapped(column)), client[figure], 2)

    def test_only_who_reads_all_invoices_is_offered_their_list(self) -> None:
        seller = self._user(
            "page_hub_seller",
            "client_hub.group_user,sales_team.group_sale_salesman_all_leads",
        )
        auditor = self._user("page_auditor", "account.group_account_readonly")
        for user, offered in (
            (self.accountant, True),
            (auditor, True),
            (self.hub_user, False),
            (seller, False),
        ):
            arch = self.client.with_user(user).get_view(False, "form")["arch"]
            with self.subTest(user=user.login):
                self.assertEqual('name="action_client_invoiced"' in arch, offered)
                self.assertEqual(arch.count('name="client_total_invoiced"'), 1)
                self.assertIn('name="action_client_paid"', arch)

    def test_rows_of_those_who_may_not_read_documents_open_a_notice(self) -> None:
        for button in list(BUTTONS)[1:]:
            rows = self._open(self._as(self.hub_user, self.client), button)
            with self.subTest(button=button):
                [shown] = rows[0].web_read(
                    {"move_id": {"fields": {"display_name": {}}}}
                )
                self.assertIn("move_id", shown)
                action = rows[0].action_open_document()
                self.assertEqual(action["tag"], "display_notification")
                self.assertNotIn("res_id", str(action))

    def test_rows_of_accountants_open_documents(self) -> None:
        for button in list(BUTTONS)[1:]:
            for row in self._open(self._as_user(self.client), button):
                action = row.action_open_document()
                self.assertTrue(
                    self.env[action["res_model"]].browse(action["res_id"]).exists()
                )

    def test_user_without_any_rights_opens_no_money(self) -> None:
        client = self._as(self.plain_user, self.client)
        for button in ("action_client_paid", "action_client_outstanding"):
            with self.assertRaises(AccessError):
                self._open(client, button)

    def _assert_buttons(self, client: Any, expected: tuple[float, ...]) -> None:
        client = self._as_user(client)
        for (button, (name, column)), value in zip(
            BUTTONS.items(), expected, strict=True
        ):
            with self.subTest(figure=name, of=client.name):
                self.assertAlmostEqual(client[name], value, 2)
                rows = self._open(client, button)
                self.assertAlmostEqual(sum(rows.mapped(column)), value, 2)
                self.assertTrue(rows._fields[column].store)

    def _open(self, client: Any, button: str) -> Any:
        """Return the records that a button lists, searched as the user."""
        action = getattr(client, button)()
        self.assertEqual(action["views"][0][1], "list")
        model = client.env[action["res_model"]].with_context(**action["context"])
        return model.search(action["domain"])

    def _bill_in_other_company(self, amount: float) -> Any:
        data = self.setup_other_company(name="Sister Company")
        self._bill_in(data["company"], amount)
        return data["company"]

    def _bill_in_branch(self, amount: float) -> Any:
        company = self.env.company
        company.write({"child_ids": [Command.create({"name": "Branch"})]})
        self.cr.precommit.run()  # load the chart of the branch
        branch = company.child_ids
        self._bill_in(branch, amount, due=-5)
        return branch

    def _bill_in(self, company: Any, amount: float, due: int = 0) -> Any:
        self.env.user.company_ids |= company
        invoice = self._bill(amount, due, company_id=company.id)
        self.assertEqual((invoice.company_id, invoice.state), (company, "posted"))
        return invoice

    # ------------------------------------------------------------- new documents

    def test_new_invoice_is_for_this_client(self) -> None:
        form = self._new_document(self.accountant, "action_client_new_invoice")
        self.assertEqual(form.partner_id, self.client)
        self.assertEqual(form.move_type, "out_invoice")

    def test_new_estimate_is_for_this_client(self) -> None:
        form = self._new_document(self.salesman, "action_client_new_estimate")
        self.assertEqual(form.partner_id, self.client)
        self.assertEqual(form.state, "draft")

    def _new_document(self, user: Any, button: str) -> Form:
        action = getattr(self._as(user, self.contact), button)()
        return self._open_form(user, action)

    def _open_form(self, user: Any, action: dict[str, Any]) -> Form:
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def test_register_payment_pays_what_is_open(self) -> None:
        action = self._as_user(self.client).action_client_register_payment()
        self.assertEqual(action["res_model"], "account.payment.register")
        wizard = self._open_form(self.accountant, action).save()
        wizard.action_create_payments()
        self.client.invalidate_recordset()
        # Only the credit note is left.
        self.assertEqual(self.client.client_outstanding, -7.0)

    def test_register_payment_of_branches_pays_each(self) -> None:
        branch = self._bill_in_branch(500.0)
        self.accountant.company_ids |= branch
        action = self._as_user(self.client).action_client_register_payment()
        self._open_form(self.accountant, action).save().action_create_payments()
        self.client.invalidate_recordset()
        self.assertEqual(self.client.client_outstanding, -7.0)

    def test_register_payment_of_a_client_who_owes_nothing_is_a_prepayment(
        self,
    ) -> None:
        client = self._create_client("New Workshop")
        action = self._as_user(client).action_client_register_payment()
        self.assertEqual(action["res_model"], "account.payment")
        form = self._open_form(self.accountant, action)
        form.amount = 25.0
        payment = form.save()
        self.assertEqual(payment.partner_id, client)
        self.assertEqual((payment.payment_type, payment.partner_type), INBOUND)

    def test_new_documents_are_buttons_of_the_form(self) -> None:
        for user, buttons in (
            (self.accountant, {"action_client_new_invoice", PAYMENT}),
            (self.salesman, {"action_client_new_estimate"}),
            (self.plain_user, set()),
        ):
            arch = self.client.with_user(user).get_view(False, "form")["arch"]
            found = {name for name in NEW_DOCUMENTS if f'name="{name}"' in arch}
            self.assertEqual(found, buttons, user.login)


INBOUND = ("inbound", "customer")
PAYMENT = "action_client_register_payment"
NEW_DOCUMENTS = ("action_client_new_invoice", "action_client_new_estimate", PAYMENT)
