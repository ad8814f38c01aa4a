from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_payment_portal_common import OnlinePaymentHttpCommon

PAY = "/my/statement/pay"
LIST = "/my/statement/payments"


@tagged("post_install", "-at_install")
class TestOnlinePaymentStatement(OnlinePaymentHttpCommon):
    """Pay from the statement: ticked documents, and the whole balance."""

    # -------------------------------------------------------------------- the page

    def test_statement_offers_what_can_be_paid(self) -> None:
        self._sign_in()
        page = self._page("/my/statement")
        units = {
            int(tick.get("value")): tick.get("data-units")
            for tick in page.xpath("//input[@name='invoice_ids']")
        }
        self.assertEqual(
            units,
            {self.invoice.id: "10000", self.later.id: "1100", self.third.id: "3000"},
        )
        self.assertTrue(page.xpath(f"//button[@formaction='{PAY}']"))
        [form] = page.xpath("//form[@name='pay_balance']")
        self.assertEqual(form.get("method"), "post")
        buttons = [self._text(button) for button in form.xpath(".//button")]
        self.assertIn("141.00", buttons[0])
        self.assertIn("100.00", buttons[1])

    def test_statement_marks_what_is_on_its_way(self) -> None:
        self._transact(self.invoice, "pending")
        self._sign_in()
        page = self._page("/my/statement")
        [row] = page.xpath(f"//tr[@data-document='{self.invoice.id}']")
        self.assertIn("Payment in process", self._text(row))
        self.assertFalse(row.xpath(".//input[@data-units]"))

    def test_statement_of_a_past_day_offers_nothing(self) -> None:
        self._sign_in()
        page = self._page(f"/my/statement?date_to={self._day(-5)}")
        self.assertFalse(page.xpath("//form[@name='pay_balance']"))
        self.assertFalse(page.xpath(f"//button[@formaction='{PAY}']"))

    def test_nothing_is_offered_without_a_provider(self) -> None:
        self.provider.is_published = False
        self._sign_in()
        for path in (
            "/my/statement",
            "/my/invoices",
            f"/my/invoices/{self.invoice.id}",
        ):
            page = self._page(path)
            self.assertFalse(page.xpath(f"//*[@formaction='{PAY}']"), path)
            self.assertFalse(page.xpath("//form[contains(@action, '/pay')]"), path)

    def test_home_and_list_lead_there(self) -> None:
        self._sign_in()
        [card] = self._page("/my").xpath("//a[@href='/my/statement']")
        self.assertIn("Pay online", self._text(card))
        page = self._page("/my/invoices")
        self.assertTrue(page.xpath(f"//button[@formaction='{PAY}']"))
        self.assertFalse(page.xpath("//a[contains(@href, 'payment=True')]"))

    def test_core_s_page_of_overdue_invoices_leads_to_ours(self) -> None:
        self._sign_in()
        response = self._get("/my/invoices/overdue", 303)
        self.assertEqual(self._get_location(response), f"{LIST}?all=1&choice=due")
        page = self._page(f"{LIST}?all=1&choice=due")
        [form] = page.xpath("//form[@data-offer]")
        self.assertIn("100.00", self._text(form))

    def test_core_s_page_of_what_is_overdue_stays_where_ours_is_not(self) -> None:
        self._sign_in()
        response = self._get("/my/invoices/overdue", 303)
        self.assertIn(LIST, self._get_location(response))
        self.provider.write({"available_currency_ids": [(6, 0, self.eur.ids)]})
        with mute_logger("odoo.http"):
            response = self.url_open("/my/invoices/overdue", allow_redirects=False)
        self.assertIn(response.status_code, (200, 303))
        self.assertNotIn(LIST, response.headers.get("Location", ""))

    # ----------------------------------------------------------------- one payment

    def test_ticked_documents_are_one_payment(self) -> None:
        self._sign_in()
        transaction = self._assert_at_stripe(self._post_ids(self.invoice, self.later))
        self.assertEqual(transaction.amount, 111.0)
        self.assertEqual(transaction.invoice_ids, self.invoice + self.later)
        self.assertEqual(transaction.partner_id, self.contact)
        landing = self._pay_at_stripe(transaction)
        page = self._page(landing)
        [outcome] = page.xpath("//*[@name='outcome']")
        self.assertEqual(outcome.get("data-state"), "done")
        self.env.invalidate_all()
        self.assertEqual(
            {*(self.invoice + self.later).mapped("payment_state")}, {"paid"}
        )
        self.assertEqual(self.third.payment_state, "not_paid")
        [way] = page.xpath("//a[@class='button']/@href")
        self.assertIn("nothing_left", self._get(way).text)

    def test_whole_balance_with_credits(self) -> None:
        credit, payment = self._credit(20.0), self._prepay(5.0)
        self._sign_in()
        transaction = self._assert_at_stripe(self._post(PAY, all="1"))
        self.assertEqual(transaction.amount, 116.0)
        self._pay_at_stripe(transaction)
        self.env.invalidate_all()
        documents = self.invoice + self.later + self.third + credit
        self.assertEqual({*documents.mapped("payment_state")}, {"paid"})
        self.assertTrue(payment.is_reconciled)
        statements = self.env["client.hub.statement"].with_user(self.portal_user)
        [block] = statements._get_portal_totals()
        self.assertEqual(block.closing, 0.0)

    def test_what_is_due_of_the_balance(self) -> None:
        self._sign_in()
        transaction = self._assert_at_stripe(self._post(PAY, all="1", choice="due"))
        self.assertEqual(transaction.amount, 100.0)

    def test_amounts_are_not_the_browser_s(self) -> None:
        self._sign_in()
        forged = {"amount": "1", "currency_id": "1", "partner_id": str(self.rival.id)}
        transaction = self._assert_at_stripe(self._post_ids(self.invoice, **forged))
        self.assertEqual(transaction.amount, 100.0)
        self.assertEqual(transaction.currency_id, self.usd)
        self.assertEqual(transaction.partner_id, self.contact)

    def test_a_part_is_not_paid_of_several(self) -> None:
        self._sign_in()
        self._post_ids(self.invoice, self.later, choice="part", amount="1", status=422)
        self.assertFalse(self._get_transactions())

    def test_paid_twice_in_two_tabs_is_charged_once(self) -> None:
        self._sign_in()
        first = self._assert_at_stripe(self._post_ids(self.invoice))
        second = self._assert_at_stripe(self._post_ids(self.invoice))
        sessions = [
            self.standin.get(f"checkout/sessions/{one.client_checkout_session}")
            for one in first + second
        ]
        self.assertEqual([one["status"] for one in sessions], ["expired", "open"])
        self._pay_at_stripe(second)
        self.env.invalidate_all()
        self.assertEqual(self.invoice.payment_state, "paid")
        answer = self._post_ids(self.invoice)
        self.assertIn(LIST, self._get_location(answer))
        self.assertEqual(len(self._get_transactions()), 2)

    # ------------------------------------------------------------ several payments

    def test_mixed_currencies_are_a_payment_each(self) -> None:
        eur = self._bill(10.0, currency_id=self.eur.id)
        self._sign_in()
        path = self._get_location(self._post_ids(self.invoice, eur))
        page = self._page(path)
        forms = page.xpath("//form[@data-offer]")
        self.assertEqual(len(forms), 2)
        data = {
            field.get("name"): field.get("value")
            for field in forms[0].xpath(".//input[not(@name='csrf_token')]")
        }
        data["invoice_ids"] = forms[0].xpath(".//input[@name='invoice_ids']/@value")
        transaction = self._assert_at_stripe(self._post(PAY, **data))
        self.assertIn(transaction.invoice_ids, [self.invoice, eur])
        landing = self._page(self._pay_at_stripe(transaction))
        [way] = landing.xpath("//a[@class='button']/@href")
        page = self._page(way)
        self.assertEqual(len(page.xpath("//form[@data-offer]")), 1)
        [done] = page.xpath("//ul[@name='refused']/li")
        self.assertIn(transaction.invoice_ids.name, self._text(done))

    def test_a_document_that_was_paid_meanwhile_leaves_with_a_message(self) -> None:
        self._pay(self.later)
        self._sign_in()
        path = self._get_location(self._post_ids(self.invoice, self.later))
        self.assertFalse(self._get_transactions())
        page = self._page(path)
        [form] = page.xpath("//form[@data-offer]")
        self.assertIn("100.00", self._text(form))
        [left] = page.xpath("//ul[@name='refused']/li")
        self.assertIn("Nothing is left to pay", self._text(left))

    # --------------------------------------------------------------------- denials

    def test_documents_of_others_are_not_paid(self) -> None:
        draft = self._bill(5.0, post=False)
        bill = self._bill(5.0, move_type="in_invoice")
        self._sign_in()
        for moves in ([self.foreign], [draft], [bill], [2**31 - 1]):
            with self.subTest(moves):
                path = self._get_location(self._post_ids(*moves))
                page = self._page(path)
                self.assertFalse(page.xpath("//form[@data-offer]"))
                self.assertNotIn("777", self._text(page))
                self.assertNotIn(self.foreign.name, self._text(page))
        self.assertFalse(self._get_transactions())

    def test_own_documents_beside_those_of_others_are_paid_after_a_word(self) -> None:
        self._sign_in()
        path = self._get_location(self._post_ids(self.invoice, self.foreign))
        page = self._page(path)
        self.assertIn("Left out", self._text(page))
        [form] = page.xpath("//form[@data-offer]")
        self.assertEqual(
            form.xpath(".//input[@name='invoice_ids']/@value"), [str(self.invoice.id)]
        )

    def test_the_stranger_gets_nothing_of_it(self) -> None:
        self._sign_in("pay_stranger")
        ids = parse_qs(urlsplit(self._get_location(self._post_ids(self.invoice))).query)
        self.assertEqual(ids, {"invoice_ids": [str(self.invoice.id)]})
        page = self._page(f"{LIST}?invoice_ids={self.invoice.id}")
        self.assertNotIn(self.invoice.name, self._text(page))
        self.assertFalse(self._get_transactions())

    def test_contacts_who_see_their_own_pay_their_own(self) -> None:
        self.contact.client_portal_visibility = "addressed"
        mine = self._bill(7.0, partner_id=self.contact.id)
        self._prepay(3.0)
        self._sign_in()
        transaction = self._assert_at_stripe(self._post(PAY, all="1"))
        self.assertEqual((transaction.amount, transaction.invoice_ids), (7.0, mine))
        self.assertIn(
            "Left out",
            self._page(f"{LIST}?invoice_ids={self.invoice.id}").text_content(),
        )

    def test_ten_thousand_ids(self) -> None:
        self._sign_in()
        response = self._post_ids(*range(1, 10_001), status=422)
        self.assertIn("At most 200 documents", response.text)
        self.assertFalse(self._get_transactions())

    def test_nothing_ticked(self) -> None:
        self._sign_in()
        self.assertIn("Tick at least one", self._post(PAY, 422).text)

    def test_garbage(self) -> None:
        self._sign_in()
        for text in ("abc", "-1", "1e5", 2**40, "9" * 5000, "\x00", "١", " 1", ",,"):
            with self.subTest(text):
                self._post_ids(text, status=422)
                self._get(f"{LIST}?{urlencode({'invoice_ids': text})}", 422)
        for data in ({"offer": "x-y"}, {"choice": "x" * 9000}, {"all": "\x00"}):
            with self.subTest(data):
                self._post(PAY, 303, invoice_ids=[str(self.invoice.id)], **data)

    def test_get_pays_nothing(self) -> None:
        self._sign_in()
        self._get(f"{PAY}?invoice_ids={self.invoice.id}", 405)
        self.assertFalse(self._get_transactions())

    def test_a_page_of_others_pays_nothing(self) -> None:
        self._sign_in()
        for token in ("", "forged"):
            response = self._post_ids(self.invoice, status=400, token=token)
            self.assertNotIn("Location", response.headers)
        self.assertFalse(self._get_transactions())

    def test_nobody_pays_without_signing_in(self) -> None:
        self.authenticate(None, None)
        self.assertIn("/web/login", self._get(f"{LIST}?all=1", 303).headers["Location"])
        response = self._post(PAY, all="1")
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self._get_transactions())
