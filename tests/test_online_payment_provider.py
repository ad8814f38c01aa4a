"""Keys, addresses, the webhook's health, and who may see what."""

from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import config, mute_logger

from odoo.addons.payment_stripe import const as stripe_const

from ..const import STRIPE_API_BASE_OPTION, STRIPE_EVENTS
from .online_payment_common import OnlinePaymentCommon

CLIENT = "odoo.addons.client_hub.models.payment_provider_stripe_client"


@tagged("post_install", "-at_install")
class TestClient(OnlinePaymentCommon):
    def test_the_version_is_pinned(self) -> None:
        """S24: in one place, for every call."""
        self._open_checkout(self._create_document())
        self.transactions.search([], limit=1)._send_api_request("GET", "account")
        versions = {one["version"] for one in self.standin.do("requests")}
        self.assertEqual(versions, {stripe_const.API_VERSION})

    def test_another_address_only_on_this_machine_with_test_keys(self) -> None:
        """S26: real money goes to Stripe alone."""
        provider = self.provider.sudo()
        stripe = "https://api.stripe.com/v1/refunds"
        self._assert_base("http://127.0.0.1:5000/", "http://127.0.0.1:5000/v1/refunds")
        self._assert_base("http://localhost:5000", "http://localhost:5000/v1/refunds")
        for base in (
            "",
            "http://10.0.0.1",
            "http://127.0.0.1.evil.example",
            "http://evil.example#127.0.0.1",
            "http://127.0.0.1@evil.example",
            "127.0.0.1",
        ):
            self._assert_base(base, stripe)
        for key in ("sk_live_x", "rk_live_x", "x"):
            provider.stripe_secret_key = key
            self._assert_base("http://127.0.0.1:5000", stripe)

    def _assert_base(self, base: str, expected: str) -> None:
        provider = self.provider.sudo()
        before = config[STRIPE_API_BASE_OPTION]
        config[STRIPE_API_BASE_OPTION] = base
        try:
            self.assertEqual(provider._build_request_url("refunds"), expected, base)
        finally:
            config[STRIPE_API_BASE_OPTION] = before

    def test_the_kind_of_a_key(self) -> None:
        """S26."""
        provider = self.provider.sudo()
        for key, live in (
            ("sk_test_1", False),
            ("rk_live_1", True),
            ("sk_live_1", True),
            ("strange", None),
        ):
            provider.stripe_secret_key = key
            self.assertEqual(provider._stripe_is_live(), live)

    def test_without_a_key(self) -> None:
        provider = self.provider.sudo()
        provider.state = "disabled"
        provider.stripe_secret_key = False
        with self.assertRaisesRegex(UserError, "Secret Key"):
            provider._stripe_client()

    def test_errors_of_stripe_name_no_data(self) -> None:
        with self.assertLogs(CLIENT, "WARNING") as logs, self.assertRaises(UserError):
            self._open_checkout(self._create_document(0.1))
        text = "\n".join(logs.output)
        self.assertNotIn("compta@example.com", text)
        self.assertNotIn(self.standin.secret_key, text)


@tagged("post_install", "-at_install")
class TestWebhookHealth(OnlinePaymentCommon):
    def setUp(self) -> None:
        super().setUp()
        self.admin = self._create_user(
            "stripe_admin",
            "base.group_system",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.form = self.provider.with_user(self.admin)
        self.url = self.provider._get_stripe_webhook_url()

    def _listen(self, events: list[str], **values: Any) -> dict[str, Any]:
        return self.standin.listen(self.url, events=events, **values)

    def _check(self) -> str:
        self.form.action_client_check_webhook()
        return self.form.client_webhook_health

    def test_stripe_has_none(self) -> None:
        self.assertEqual(self._check(), "missing")
        self.standin.listen("https://elsewhere.example/hook", events=["*"])
        self.assertEqual(self._check(), "missing")
        self.form.action_client_complete_webhook()
        self.assertEqual(self.form.client_webhook_health, "missing")

    def test_odoos_own_is_incomplete_and_can_be_completed(self) -> None:
        """S12: on the webhook that is there, without a second."""
        events = [*stripe_const.HANDLED_WEBHOOK_EVENTS, "price.created"]
        self._listen(events, version=stripe_const.API_VERSION)
        self.assertEqual(self._check(), "incomplete")
        self.assertIn("charge.dispute.created", self.form.client_webhook_missing)
        self.assertNotIn("charge.refunded", self.form.client_webhook_missing)
        self.form.action_client_complete_webhook()
        self.assertEqual(self.form.client_webhook_health, "complete")
        self.assertFalse(self.form.client_webhook_missing)
        [endpoint] = self.standin.get("webhook_endpoints")["data"]
        self.assertEqual(
            set(endpoint["enabled_events"]), {*STRIPE_EVENTS, "price.created"}
        )
        [update] = [
            one
            for one in self.standin.do("requests")
            if one["path"] == f"/v1/webhook_endpoints/{endpoint['id']}"
        ]
        self.assertTrue(update["idempotency_key"])

    def test_all_events_are_enough(self) -> None:
        self._listen(["*"], version=stripe_const.API_VERSION)
        self.assertEqual(self._check(), "complete")

    def test_another_version_is_shown(self) -> None:
        """S24."""
        self._listen(["*"], version="2024-06-20")
        self.assertEqual(self._check(), "version")

    def test_one_that_is_switched_off_is_shown(self) -> None:
        """S12."""
        found = self._listen(["*"])
        self.standin.post(f"webhook_endpoints/{found['id']}", disabled="true")
        self.assertEqual(self._check(), "disabled")

    def test_a_new_one_is_complete(self) -> None:
        self.form.stripe_webhook_secret = False
        self.form.action_stripe_create_webhook()
        self.assertTrue(self.form.stripe_webhook_secret)
        self.assertEqual(self.form.client_webhook_health, "complete")
        [endpoint] = self.standin.get("webhook_endpoints")["data"]
        self.assertLessEqual(set(STRIPE_EVENTS), set(endpoint["enabled_events"]))

    def test_the_account_is_learnt(self) -> None:
        """S27."""
        self._check()
        account = self.standin.do("info")["account"]
        self.assertEqual(self.form.client_stripe_account, account)

    def test_no_answer_is_said(self) -> None:
        self.standin.do("fault", match="GET /v1/webhook", status=500)
        with mute_logger(CLIENT), self.assertRaisesRegex(UserError, "does not answer"):
            self._check()

    def test_the_form_shows_it(self) -> None:
        """S7: and warns while every event is refused."""
        self._listen(["charge.refunded"], version=stripe_const.API_VERSION)
        self._check()
        with Form(self.form) as form:
            self.assertEqual(form.client_webhook_health, "incomplete")
            self.assertIn("checkout.session.expired", form.client_webhook_missing)
        view = self.form.get_view(view_type="form")["arch"]
        self.assertIn("Every event of Stripe is refused", view)

    def test_only_administrators(self) -> None:
        """Denied to accountants and to managers of the hub."""
        for name, groups in (
            ("stripe_book", "account.group_account_manager"),
            ("stripe_hub", "client_hub.group_manager"),
        ):
            user = self._create_user(name, groups)
            provider = self.provider.with_user(user)
            for action in ("check", "complete"):
                with self.assertRaises(AccessError):
                    getattr(provider, f"action_client_{action}_webhook")()


@tagged("post_install", "-at_install")
class TestWebhookSecret(OnlinePaymentCommon):
    """S7: without it every event is refused, which somebody has to know."""

    def setUp(self) -> None:
        super().setUp()
        others = self.env["payment.provider"].sudo().search([("code", "=", "stripe")])
        (others - self.provider).state = "disabled"
        self.admin = self._user("secret_admin", "base.group_system", lang="zh_CN")
        self.clerk = self._user("secret_clerk", "account.group_account_manager")

    def _user(self, name: str, groups: str, **vals: Any) -> Any:
        company = {"company_id": self.company.id, "company_ids": self.company.ids}
        return self._create_user(name, groups, **company, **vals)

    def _warnings(self, user: Any) -> Any:
        kind = self.env.ref("client_hub.mail_activity_type_stripe_secret")
        # sudo: activities of others.
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("activity_type_id", "=", kind.id), ("user_id", "=", user.id)])
        )

    def test_administrators_are_told_once_in_their_language(self) -> None:
        provider = self.provider.with_user(self.admin)
        self.assertFalse(self._warnings(self.admin))
        provider.stripe_webhook_secret = False
        [activity] = self._warnings(self.admin)
        self.assertIn("Stripe", activity.note)
        self.assertNotIn("refused", activity.note)
        self.assertFalse(self._warnings(self.clerk))
        provider.state = "disabled"
        self.assertFalse(self._warnings(self.admin))
        provider.state = "test"
        provider.state = "enabled"
        self.assertEqual(len(self._warnings(self.admin)), 1)

    def test_the_warning_goes_with_the_cause(self) -> None:
        self.provider.sudo().stripe_webhook_secret = " "
        self.provider.sudo().stripe_webhook_secret = False
        self.assertTrue(self._warnings(self.admin))
        self.provider.sudo().stripe_webhook_secret = "whsec_x"
        self.assertFalse(self._warnings(self.admin))

    def test_administrators_of_other_companies_are_not_told(self) -> None:
        other = self.env["res.company"].create({"name": "Other"})
        self.admin.write({"company_id": other.id, "company_ids": other.ids})
        self.provider.sudo().stripe_webhook_secret = False
        self.assertFalse(self._warnings(self.admin))

    def test_a_provider_in_use_on_installation(self) -> None:
        self.provider.sudo().stripe_webhook_secret = False
        self._warnings(self.admin).unlink()
        self.env["payment.provider"]._client_warn_without_secret()
        [activity] = self._warnings(self.admin)
        self.assertFalse(activity.res_model)


@tagged("post_install", "-at_install")
class TestRights(OnlinePaymentCommon):
    def setUp(self) -> None:
        super().setUp()
        self.invoice = self._create_document()
        self.transaction = self._open_checkout(self.invoice)
        self._pay(self.transaction)
        self._receive("payment_intent.succeeded")
        self.standin.do("dispute", number=self.transaction.client_checkout_session)
        self._receive("charge.dispute.created")
        self.entries = self.stripe_events.search(
            [("provider_id", "=", self.provider.id)]
        )
        self.found = self.disputes.search(
            [("transaction_id", "=", self.transaction.id)]
        )

    def _user(self, name: str, groups: str, company: Any = None) -> Any:
        company = company or self.company
        return self._create_user(
            name, groups, company_id=company.id, company_ids=[(6, 0, company.ids)]
        )

    def test_accountants_read_and_change_nothing(self) -> None:
        for name, group in (
            ("stripe_clerk", "account.group_account_invoice"),
            ("stripe_auditor", "account.group_account_readonly"),
        ):
            user = self._user(name, group)
            for records in (self.entries, self.found):
                mine = records.with_user(user)
                self.assertTrue(mine.mapped("name"))
                with self.assertRaises(AccessError):
                    mine.write({"name": "x"})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({"name": "x"})

    def test_others_read_nothing(self) -> None:
        for name, group in (
            ("stripe_employee", "base.group_user"),
            ("stripe_seller", "sales_team.group_sale_salesman"),
            ("stripe_viewer", "client_hub.group_user"),
            ("stripe_portal", "base.group_portal"),
        ):
            user = self._user(name, group)
            for records in (self.entries, self.found):
                with self.assertRaises(AccessError):
                    records.with_user(user).mapped("name")

    def test_other_companies_read_nothing(self) -> None:
        other = self.env["res.company"].create({"name": "Other"})
        user = self._user("stripe_other", "account.group_account_manager", other)
        for records in (self.entries, self.found):
            self.assertFalse(
                records.with_user(user).search([("id", "in", records.ids)])
            )

    def test_portal_users_learn_nothing_of_disputes(self) -> None:
        user = self._create_user("payer", "base.group_portal")
        self.assertNotIn(
            "client_is_disputed",
            self.env["account.move"].with_user(user).fields_get(),
        )

    def test_keys_are_for_administrators(self) -> None:
        """S26."""
        user = self._user("stripe_manager", "account.group_account_manager")
        names = self.provider.with_user(user).fields_get()
        for name in (
            "stripe_secret_key",
            "stripe_webhook_secret",
            "client_stripe_account",
            "client_webhook_health",
        ):
            self.assertNotIn(name, names)
