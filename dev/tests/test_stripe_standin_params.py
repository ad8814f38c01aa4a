from __future__ import annotations

import random
import time
import unittest
from typing import Any

import stripe.params as sdk
from stripe.params.checkout import SessionCreateParams

from dev.stripe_standin import forms, money, params
from dev.stripe_standin.errors import ParamError

from .stripe_common import StripeCase


class TestForms(unittest.TestCase):
    def test_nesting(self) -> None:
        text = "a=1&b[c][d]=2&e[0][f]=3&e[1][f]=4&g[]=5&g[]=6&h[0]=7&i%5Bj%5D=8"
        self.assertEqual(
            forms.parse(text),
            {
                "a": "1",
                "b": {"c": {"d": "2"}},
                "e": [{"f": "3"}, {"f": "4"}],
                "g": ["5", "6"],
                "h": ["7"],
                "i": {"j": "8"},
            },
        )

    def test_gaps_make_no_list(self) -> None:
        self.assertEqual(forms.parse("a[1]=x"), {"a": {"1": "x"}})

    def test_malformed(self) -> None:
        for text in ("[a]=1", "a[=1", "a]=1", "a[b]c=1", "a=1&a[b]=2", "a[b]=1&a=2"):
            with self.subTest(text=text), self.assertRaises(ParamError):
                forms.parse(text)

    def test_depth(self) -> None:
        with self.assertRaises(ParamError):
            forms.parse("a" + "[b]" * 500 + "=1")

    def test_garbage_is_refused_or_read(self) -> None:
        chance = random.Random(7)
        for _number in range(2000):
            text = "".join(chance.choices("ab[]=&01%.\u00e9 ", k=chance.randrange(30)))
            try:
                self.assertIsInstance(forms.parse(text), dict)
            except ParamError:
                pass


class TestTypes(unittest.TestCase):
    def refused(self, shape: type, raw: dict[str, Any], param: str) -> ParamError:
        with self.assertRaises(ParamError) as caught:
            params.check(shape, raw)
        self.assertEqual(caught.exception.error.get("param"), param)
        return caught.exception

    def test_types(self) -> None:
        raw = {"amount": "12", "currency": "eur", "confirm": "true"}
        checked = params.check(sdk.PaymentIntentCreateParams, raw)
        self.assertEqual(checked, {"amount": 12, "currency": "eur", "confirm": True})

    def test_unknown(self) -> None:
        raw = {"amount": "12", "currency": "eur", "colour": "red"}
        error = self.refused(sdk.PaymentIntentCreateParams, raw, "colour")
        self.assertEqual(error.error["code"], "parameter_unknown")
        raw = {"line_items": [{"price_data": {"price": "1"}}], "mode": "payment"}
        self.refused(SessionCreateParams, raw, "line_items[0][price_data][price]")

    def test_options_of_the_sdk_are_no_parameters(self) -> None:
        self.refused(sdk.RefundCreateParams, {"api_key": "x"}, "api_key")

    def test_missing(self) -> None:
        error = self.refused(sdk.PaymentIntentCreateParams, {"amount": "1"}, "currency")
        self.assertEqual(error.error["code"], "parameter_missing")

    def test_integers(self) -> None:
        for text in ("1.5", "1e3", "12a", " 1", "\u0661", "9" * 30, "0x1"):
            with self.subTest(text=text):
                self.refused(sdk.RefundCreateParams, {"amount": text}, "amount")

    def test_empty(self) -> None:
        error = self.refused(sdk.RefundCreateParams, {"charge": ""}, "charge")
        self.assertEqual(error.error["code"], "parameter_invalid_empty")
        checked = params.check(sdk.CustomerUpdateParams, {"metadata": ""})
        self.assertEqual(checked, {"metadata": ""})

    def test_booleans(self) -> None:
        raw = {"amount": "1", "currency": "eur", "confirm": "yes"}
        self.refused(sdk.PaymentIntentCreateParams, raw, "confirm")

    def test_choices(self) -> None:
        self.refused(SessionCreateParams, {"mode": "gift"}, "mode")
        self.refused(sdk.RefundCreateParams, {"reason": "mood"}, "reason")
        raw = {"mode": "payment", "locale": "xx"}
        self.refused(SessionCreateParams, raw, "locale")
        raw = {"url": "http://x/", "enabled_events": ["invoice.exploded"]}
        self.refused(sdk.WebhookEndpointCreateParams, raw, "enabled_events[0]")

    def test_kinds(self) -> None:
        self.refused(SessionCreateParams, {"line_items": "x"}, "line_items")
        self.refused(SessionCreateParams, {"line_items": ["x"]}, "line_items[0]")
        self.refused(sdk.RefundCreateParams, {"charge": {"a": "b"}}, "charge")
        self.refused(sdk.RefundCreateParams, {"metadata": "x"}, "metadata")

    def test_time_or_range(self) -> None:
        check = params.check
        self.assertEqual(check(sdk.EventListParams, {"created": "5"}), {"created": 5})
        raw = {"created": {"gte": "5"}}
        self.assertEqual(check(sdk.EventListParams, raw), {"created": {"gte": 5}})
        self.refused(sdk.EventListParams, {"created": {"from": "5"}}, "created[from]")
        self.refused(sdk.EventListParams, {"created": "soon"}, "created")

    def test_metadata(self) -> None:
        good = {"k" * 40: "v" * 500} | {str(number): "" for number in range(49)}
        params.check(sdk.RefundCreateParams, {"metadata": good})
        for bad in (
            {str(number): "" for number in range(51)},
            {"k" * 41: ""},
            {"a": {"b": "c"}},
        ):
            with self.subTest(bad=str(bad)[:40]), self.assertRaises(ParamError):
                params.check(sdk.RefundCreateParams, {"metadata": bad})
        raw = {"metadata": {"a": "v" * 501}}
        self.refused(sdk.RefundCreateParams, raw, "metadata[a]")

    def test_nothing_but_expand(self) -> None:
        self.assertEqual(params.check(None, {"expand": ["a"]}), {"expand": ["a"]})
        with self.assertRaises(ParamError):
            params.check(None, {"limit": "1"})

    def test_empty_parts_of_addresses(self) -> None:
        raw = {"amount": "50", "currency": "eur", "shipping": {"address": {"city": ""}}}
        raw["shipping"]["name"] = "Client"
        params.check(sdk.PaymentIntentCreateParams, raw)


class TestMoney(unittest.TestCase):
    def test_currencies(self) -> None:
        self.assertEqual(money.check_currency("EUR"), "eur")
        for code in ("zzz", "", "eurx", "\u20ac"):
            with self.subTest(code=code), self.assertRaises(ParamError):
                money.check_currency(code)

    def test_listed_zero_decimals(self) -> None:
        listed = [
            "bif",
            "clp",
            "djf",
            "gnf",
            "jpy",
            "kmf",
            "krw",
            "mga",
            "pyg",
            "rwf",
            "vnd",
            "vuv",
            "xaf",
            "xof",
            "xpf",
        ]
        self.assertEqual(sorted(money.ZERO_DECIMAL), listed)
        for code in listed:
            money.check_charge(10001, code)

    def test_three_decimals(self) -> None:
        for code in sorted(money.THREE_DECIMAL):
            money.check_charge(5120, code)
            with self.subTest(code=code), self.assertRaises(ParamError):
                money.check_charge(5123, code)

    def test_hundreds(self) -> None:
        for code in ("isk", "ugx"):
            money.check_charge(500, code)
            with self.subTest(code=code), self.assertRaises(ParamError):
                money.check_charge(550, code)

    def test_bounds(self) -> None:
        for amount, currency in ((50, "usd"), (50, "jpy"), (30, "gbp")):
            money.check_charge(amount, currency)
            with self.assertRaises(ParamError) as caught:
                money.check_charge(amount - 1, currency)
            self.assertEqual(caught.exception.error["code"], "amount_too_small")
        money.check_charge(99_999_999, "usd")
        with self.assertRaises(ParamError) as caught:
            money.check_charge(100_000_000, "usd")
        self.assertEqual(caught.exception.error["code"], "amount_too_large")

    def test_shown(self) -> None:
        self.assertEqual(money.shown(123456, "eur"), "1,234.56 EUR")
        self.assertEqual(money.shown(1234, "jpy"), "1,234 JPY")
        self.assertEqual(money.shown(1230, "kwd"), "1.230 KWD")


class TestSessionParameters(StripeCase):
    def bad(self, param: str, **more: Any) -> Any:
        error = self.refused(self.session_of, more)
        self.assertEqual(error.http_status, 400)
        self.assertEqual(error.param, param)
        return error

    def session_of(self, more: dict[str, Any]) -> Any:
        values = {key: value for key, value in self.params(**more).items() if value}
        return self.old.checkout.sessions.create(values)

    def test_what_is_needed(self) -> None:
        self.bad("mode", mode=None)
        self.bad("success_url", success_url=None)
        self.bad("line_items", line_items=None)

    def test_lines(self) -> None:
        first = "line_items[0]"
        self.bad(f"{first}[price_data][unit_amount]", line_items=[self.line(-5)])
        self.bad(f"{first}[price_data][currency]", line_items=[self.line(50, "zzz")])
        self.bad(first, line_items=[self.line(quantity=0)])
        price = {"currency": "eur", "unit_amount": 100}
        line = {"quantity": 1, "price_data": price}
        self.bad(f"{first}[price_data]", line_items=[line])
        self.bad(f"{first}[quantity]", line_items=[{"price_data": price}])
        self.bad(f"{first}[price]", line_items=[{"quantity": 1, "price": "price_1"}])
        lines = [self.line(), self.line(500, "usd")]
        self.bad("line_items", line_items=lines)
        self.bad("line_items", line_items=[self.line()] * 101)

    def test_total(self) -> None:
        error = self.bad("line_items", line_items=[self.line(20), self.line(29)])
        self.assertEqual(error.code, "amount_too_small")
        error = self.bad("line_items", line_items=[self.line(60_000_000)] * 2)
        self.assertEqual(error.code, "amount_too_large")
        session = self.session(line_items=[self.line(20), self.line(15, quantity=2)])
        self.assertEqual(session.amount_total, 50)

    def test_addresses(self) -> None:
        for url in ("/my", "javascript:alert(1)", "seller.example.com", "http://"):
            self.bad("success_url", success_url=url)
            self.bad("cancel_url", cancel_url=url)

    def test_client(self) -> None:
        self.bad("customer_email", customer_email="nobody")
        self.bad("customer", customer="cus_1")
        made = self.old.customers.create({"name": "A"})
        self.bad("customer", customer=made.id, customer_email="a@example.com")
        self.assertEqual(self.session(customer=made.id).customer, made.id)
        self.bad("client_reference_id", client_reference_id="x" * 201)

    def test_end(self) -> None:
        now = int(time.time())
        for seconds in (29 * 60, 24 * 3600 + 60, -5):
            self.bad("expires_at", expires_at=now + seconds)
        session = self.session(expires_at=now + 1805)
        self.assertEqual(session.expires_at, now + 1805)

    def test_what_the_standin_has_not(self) -> None:
        self.bad("mode", mode="subscription")
        self.bad("ui_mode", ui_mode="embedded_page")

    def test_unknown_inside(self) -> None:
        data = {"payment_intent_data": {"payment_method": "pm_1"}}
        self.bad("payment_intent_data[payment_method]", **data)
