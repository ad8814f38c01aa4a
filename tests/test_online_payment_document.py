from __future__ import annotations

from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from lxml import html

from odoo.http import HTTPRequest, Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import STRIPE_RETRIES
from ..models import online_payment_link
from .online_payment_portal_common import OnlinePaymentHttpCommon

LOGGER = "odoo.addons.client_hub.models.payment_provider_stripe_client"


@tagged("post_install", "-at_install")
class TestOnlinePaymentInvoicePage(OnlinePaymentHttpCommon):
    """Pay one invoice from its page in the portal."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.path = f"/my/invoices/{cls.invoice.id}"
        cls.pay = f"{cls.path}/pay"

    def _form(self, page: Any) -> Any:
        [form] = page.xpath("//form[contains(@class, 'o_client_hub_pay_form')]")
        return form

    def test_our_button_is_the_one(self) -> None:
        self._sign_in()
        page = self._page(self.path)
        form = self._form(page)
        self.assertEqual((form.get("action"), form.get("method")), (self.pay, "post"))
        self.assertIn("100.00", self._text(form))
        # Nor anything of Stripe's, which core's dialog loads with each page.
        self.assertFalse(page.xpath("//a[@data-bs-target='#pay_with']"))
        self.assertFalse(page.xpath("//div[@id='pay_with']"))

    def test_other_ways_stay(self) -> None:
        other = self.env.ref("payment.payment_provider_demo").sudo()
        other.copy({"company_id": self.company.id}).write(
            {"state": "test", "is_published": True}
        )
        self._sign_in()
        page = self._page(self.path)
        [link] = page.xpath("//a[@data-bs-target='#pay_with']")
        self.assertEqual(self._text(link), "Other ways to pay")
        self.assertTrue(page.xpath("//div[@id='pay_with']"))

    def test_core_s_button_stays_where_ours_is_not(self) -> None:
        self.provider.write({"available_currency_ids": [(6, 0, self.eur.ids)]})
        self._sign_in()
        page = self._page(self.path)
        self.assertFalse(page.xpath("//form[contains(@action, '/pay')]"))
        self.assertTrue(page.xpath("//a[@data-bs-target='#pay_with']"))

    def test_paid_through_its_page(self) -> None:
        self._sign_in()
        transaction = self._assert_at_stripe(self._post(self.pay))
        self.assertEqual(transaction.amount, 100.0)
        landing = self._page(self._pay_at_stripe(transaction))
        self.assertIn("Thank you", self._text(landing))
        [way] = landing.xpath("//a[@class='button']/@href")
        self.assertEqual(way, self.path)
        self.assertFalse(self._page(way).xpath("//form[contains(@action, '/pay')]"))
        again = self._page_of(self._post(self.pay, 200))
        self.assertIn("Nothing is left to pay", self._text(again))
        self.assertEqual(len(self._get_transactions()), 1)

    def _page_of(self, response: Any) -> Any:
        return html.fromstring(response.text)

    def test_instalments_are_chosen(self) -> None:
        term = self._term((20, 0), (30, 30), (50, 60))
        invoice = self._bill(100.0, invoice_payment_term_id=term.id)
        self._sign_in()
        form = self._form(self._page(f"/my/invoices/{invoice.id}"))
        choices = form.xpath(".//input[@name='choice']")
        self.assertEqual([one.get("value") for one in choices], ["due", "next", "all"])
        self.assertEqual(
            [bool(one.get("checked")) for one in choices], [True, False, False]
        )
        pay = f"/my/invoices/{invoice.id}/pay"
        for choice, amount in [("", 20.0), ("next", 50.0), ("all", 100.0)]:
            transaction = self._assert_at_stripe(self._post(pay, choice=choice))
            self.assertEqual(transaction.amount, amount)
        self._assert_at_stripe(self._post(pay, choice="next"))
        self._pay_at_stripe(self._get_transactions()[-1])
        self.env.invalidate_all()
        self.assertEqual(invoice.amount_residual, 50.0)
        self.assertEqual(invoice.payment_state, "partial")

    def test_early_discount_pays_the_invoice(self) -> None:
        term = self._term(
            (100, 30), early_discount=True, discount_percentage=2, discount_days=10
        )
        invoice = self._bill(100.0, invoice_payment_term_id=term.id)
        self._sign_in()
        path = f"/my/invoices/{invoice.id}"
        form = self._form(self._page(path))
        self.assertIn("Early payment discount", self._text(form))
        self.assertIn("98.00", self._text(form))
        transaction = self._assert_at_stripe(self._post(f"{path}/pay"))
        self.assertEqual(transaction.amount, 98.0)
        self._pay_at_stripe(transaction)
        self.env.invalidate_all()
        self.assertEqual(invoice.payment_state, "paid")

    def test_partial_amounts_are_a_choice_of_the_company(self) -> None:
        self._sign_in()
        self.assertFalse(
            self._form(self._page(self.path)).xpath(".//input[@name='amount']")
        )
        self._post(self.pay, 422, choice="part", amount="60")
        self.company.client_hub_pay_partial = True
        self.assertTrue(
            self._form(self._page(self.path)).xpath(".//input[@name='amount']")
        )
        transaction = self._assert_at_stripe(
            self._post(self.pay, choice="part", amount="60")
        )
        self.assertEqual(transaction.amount, 60.0)
        self._pay_at_stripe(transaction)
        self.env.invalidate_all()
        self.assertEqual(self.invoice.amount_residual, 40.0)

    def test_what_was_typed_is_not_lost(self) -> None:
        self.company.client_hub_pay_partial = True
        self._sign_in()
        for amount in ("-5", "0", "NaN", "1e9", "99999999", "100.01", "ten", ""):
            with self.subTest(amount):
                page = self._page_of(
                    self._post(self.pay, 422, choice="part", amount=amount)
                )
                [error] = page.xpath("//*[@role='alert']")
                self.assertIn("Amount:", self._text(error))
                [typed] = page.xpath("//input[@name='amount']")
                self.assertEqual(typed.get("value") or "", amount)
                [chosen] = page.xpath("//input[@name='choice'][@checked]")
                self.assertEqual(chosen.get("value"), "part")
        self.assertFalse(self._get_transactions())

    def test_stripe_that_does_not_answer_is_said(self) -> None:
        self._sign_in()
        # As often as it is tried: what is left over would meet another test.
        times = STRIPE_RETRIES + 1
        self.standin.do("fault", match="POST /v1/checkout/sessions", times=times)
        with mute_logger(LOGGER):
            response = self._post(self.pay, 422)
        self.assertIn("Nothing was charged", response.text)

    # --------------------------------------------------------------------- denials

    def test_another_client_s_invoice_is_not_found(self) -> None:
        self._sign_in("pay_stranger")
        for number in (self.invoice.id, 2**31 - 1, 2**40):
            self._post(f"/my/invoices/{number}/pay", 404)
        self.assertFalse(self._get_transactions())

    def test_drafts_bills_and_credit_notes_are_not_paid(self) -> None:
        self._sign_in()
        credit = self._credit(5.0)
        response = self._post(f"/my/invoices/{credit.id}/pay", 200)
        self.assertFalse(self._page_of(response).xpath("//form"))
        for vals in ({"post": False}, {"move_type": "in_invoice"}):
            move = self._bill(5.0, **vals)
            response = self.url_open(
                f"/my/invoices/{move.id}/pay",
                data={"csrf_token": Request.csrf_token(self)},
                allow_redirects=False,
            )
            self.assertNotIn("Location", response.headers)
        self.assertFalse(self._get_transactions())

    def test_get_and_forms_of_others_pay_nothing(self) -> None:
        self._sign_in()
        self._get(self.pay, 405)
        self._post(self.pay, 400, token="forged")
        self.assertFalse(self._get_transactions())

    def test_visitors_pay_with_core_s_token_of_the_invoice_alone(self) -> None:
        token = self.invoice._portal_ensure_token()
        self.authenticate(None, None)
        self._post(self.pay, 404)
        self._post(self.pay, 404, access_token="x" * 36)
        self._post(f"/my/invoices/{self.later.id}/pay", 404, access_token=token)
        transaction = self._assert_at_stripe(self._post(self.pay, access_token=token))
        self.assertEqual(transaction.partner_id, self.client)
        landing = self._page(self._pay_at_stripe(transaction))
        [way] = landing.xpath("//a[@class='button']/@href")
        self.assertEqual(way, f"{self.path}?access_token={token}")


@tagged("post_install", "-at_install")
class TestOnlinePaymentLink(OnlinePaymentHttpCommon):
    """Pay by the code on the paper, without an account."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.path = cls.invoice._get_client_pay_path()
        cls.token = cls.path.partition("=")[2]

    def setUp(self) -> None:
        super().setUp()
        self.authenticate(None, None)
        # Of a server that ran on this database.
        self.env.cr.execute("DELETE FROM client_hub_access_attempt")

    def _link(self, invoice_id: int, token: str) -> str:
        return f"/my/pay/{invoice_id}?{urlencode({'access_token': token})}"

    def test_page_shows_number_due_date_and_remainder_alone(self) -> None:
        line = self.invoice.invoice_line_ids
        line.name = "Discreet advice"
        self._pay(self.invoice, 60.0)
        response = self._get(self.path)
        text = self._text(html.fromstring(response.text))
        self.assertIn(self.invoice.name, text)
        self.assertIn("40.00", text)
        self.assertIn(self.company.name, text)
        for secret in (self.client.name, self.contact.name, line.name, "100.00"):
            self.assertNotIn(secret, response.text)
        for word in ("o_portal", "web.assets", "/my/invoices"):
            self.assertNotIn(word, response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")

    def test_an_old_paper_shows_today_s_remainder(self) -> None:
        self.assertIn("100.00", self._get(self.path).text)
        self._pay(self.invoice, 99.0)
        self.assertEqual(self.invoice._get_client_pay_path(), self.path)
        page = self._get(self.path).text
        self.assertNotIn("100.00", page)
        self.assertIn("1.00", page)

    def test_paid_without_an_account(self) -> None:
        page = self._page(self.path)
        [form] = page.xpath("//form")
        data = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
        response = self._post(self.path, token=data.pop("csrf_token"), **data)
        transaction = self._assert_at_stripe(response)
        self.assertEqual(transaction.amount, 100.0)
        self.assertEqual(transaction.partner_id, self.client)
        landing = self._page(self._pay_at_stripe(transaction))
        self.assertIn("Thank you", self._text(landing))
        [way] = landing.xpath("//a[@class='button']/@href")
        self.assertEqual(way, self.path)
        again = self._page(self.path)
        self.assertIn("Nothing is left to pay", self._text(again))
        self.assertFalse(again.xpath("//form"))
        self._post(self.path, 200)
        self.assertEqual(len(self._get_transactions()), 1)

    def test_page_works_for_who_is_signed_in_as_somebody_else(self) -> None:
        self._sign_in("pay_stranger")
        transaction = self._assert_at_stripe(self._post(self.path))
        self.assertEqual(transaction.partner_id, self.client)

    def test_forms_of_the_page_may_lead_to_stripe(self) -> None:
        policy = self._get(self.path).headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("form-action 'self' https: http:;", f"{policy};")

    def test_forms_of_an_encrypted_page_lead_to_encrypted_ones_alone(self) -> None:
        with patch.object(HTTPRequest, "scheme", "https"):
            policy = self._get(self.path).headers["Content-Security-Policy"]
        self.assertIn("form-action 'self' https:;", f"{policy};")

    # --------------------------------------------------------------------- denials

    def test_unknown_and_forbidden_look_alike(self) -> None:
        credit = self._credit(5.0)
        parameters = self.env["ir.config_parameter"].sudo()
        uuid = parameters.get_param("database.uuid")
        parameters.set_param("database.uuid", "another")
        elsewhere = self.invoice._get_client_pay_path()
        parameters.set_param("database.uuid", uuid)
        self.assertNotEqual(elsewhere, self.path)
        wrong = [
            elsewhere,
            self._link(self.later.id, self.token),
            self._link(self.invoice.id, ""),
            self._link(self.invoice.id, self.token[:-1]),
            self._link(self.invoice.id, "é" * 22),
            self._link(self.invoice.id, self.invoice._portal_ensure_token()),
            self._link(2**31 - 1, self.token),
            self._link(2**40, self.token),
            credit._get_client_pay_path(),
            f"/my/pay/{self.invoice.id}",
        ]
        texts = {self._get(path, 404).text for path in wrong}
        self.assertEqual(len(texts), 1)
        for path in wrong:
            self._post(path, 404)
        self.assertFalse(self._get_transactions())

    def test_the_token_opens_nothing_else(self) -> None:
        for path in (
            f"/my/invoices/{self.invoice.id}",
            f"/my/invoices/{self.invoice.id}?report_type=pdf",
        ):
            separator = "&" if "?" in path else "?"
            response = self._get(f"{path}{separator}access_token={self.token}", 303)
            self.assertEqual(self._get_location(response), "/my")

    def test_a_form_of_others_pays_nothing(self) -> None:
        self._post(self.path, 400, token="forged")
        self.assertFalse(self._get_transactions())

    def test_guessing_is_limited(self) -> None:
        self.patch(online_payment_link, "_WRONG_LINKS", 3)
        wrong = self._link(self.invoice.id, "x" * 22)
        for _number in range(3):
            self._get(wrong, 404)
        self._get(wrong, 429)
        self._get(self.path, 200)

    def test_opening_pages_is_limited(self) -> None:
        self.patch(online_payment_link, "_CHECKOUTS_BY_DOCUMENT", 2)
        self._post(self.path)
        self._post(self.path)
        self._post(self.path, 429)
        self.assertEqual(len(self._get_transactions()), 2)

    def test_drafts_and_cancelled_ones_are_not_paid(self) -> None:
        for action in ("button_draft", "button_cancel"):
            getattr(self.invoice, action)()
            page = self._page(self.path)
            self.assertFalse(page.xpath("//form"))
            self.assertNotIn("100.00", self._text(page))
            self._post(self.path, 200)
        self.assertFalse(self._get_transactions())
