from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
import stripe

from dev import stripe_standin
from dev.stripe_standin import client

from .stripe_common import NEW, OLD, StripeCase


class TestProtocol(StripeCase):
    def test_port_is_local(self) -> None:
        table = Path("/proc/net/tcp").read_text().split()
        self.assertIn(f"0100007F:{self.standin.port:04X}", table)
        self.assertNotIn(f"00000000:{self.standin.port:04X}", table)

    def test_says_that_it_is_not_stripe(self) -> None:
        page = requests.get(self.standin.url, timeout=30)
        self.assertIn("not Stripe", page.text)
        self.assertIn("not-Stripe", page.headers["Server"])

    def test_keys(self) -> None:
        for key in ("sk_test_51HxYz", "", "pk_test_standin", "whsec_standin"):
            with self.subTest(key=key):
                sdk = self.sdk(OLD, key or "nothing")
                error = self.refused_without_id(sdk.customers.list)
                self.assertEqual(error.http_status, 401)
                self.assertNotIn("51HxYz", str(error.user_message)[:30])

    def refused_without_id(self, call: object) -> stripe.StripeError:
        with self.assertRaises(stripe.AuthenticationError) as caught:
            call()
        return caught.exception

    def test_basic_authorization(self) -> None:
        url = f"{self.standin.url}/v1/account"
        answer = requests.get(url, auth=(self.play.secret_key, ""), timeout=30)
        self.assertEqual(answer.json()["object"], "account")

    def test_accounts_are_apart(self) -> None:
        other = client.connect(self.standin.url)
        session = self.session()
        error = self.refused(
            self.sdk(OLD, other.secret_key).checkout.sessions.retrieve, session.id
        )
        self.assertEqual((error.http_status, error.code), (404, "resource_missing"))

    def test_live_and_test_are_apart(self) -> None:
        live_key = self.play.secret_key.replace("test", "live")
        live = self.sdk(OLD, live_key)
        session = live.checkout.sessions.create(self.params())
        self.assertTrue(session.livemode)
        self.assertTrue(session.id.startswith("cs_live_"))
        self.refused(self.old.checkout.sessions.retrieve, session.id)

    def test_connected_account(self) -> None:
        options = {"stripe_account": "acct_connected"}
        session = self.old.checkout.sessions.create(self.params(), options)
        self.refused(self.old.checkout.sessions.retrieve, session.id)
        again = self.old.checkout.sessions.retrieve(session.id, None, options)
        self.assertEqual(again.id, session.id)

    def test_connected_account_of_another_key(self) -> None:
        options = {"stripe_account": "acct_taken"}
        self.old.customers.list(None, options)
        other = self.sdk(OLD, client.connect(self.standin.url).secret_key)
        with self.assertRaises(stripe.PermissionError):
            other.customers.list(None, options)

    def test_versions(self) -> None:
        answer = self.raw("GET", "v1/account", headers={"Stripe-Version": OLD})
        self.assertEqual(answer.headers["Stripe-Version"], OLD)
        answer = self.raw("GET", "v1/account")
        self.assertEqual(answer.headers["Stripe-Version"], NEW)
        answer = self.raw("GET", "v1/account", headers={"Stripe-Version": "5"})
        self.assertEqual(answer.status_code, 400)

    def test_unknown_address(self) -> None:
        for method, path in (("GET", "v1/nothing"), ("DELETE", "v1/customers/cus_1")):
            answer = self.raw(method, path)
            self.assertEqual(answer.status_code, 404)
            self.assertIn("Unrecognized request URL", answer.text)

    def test_log_has_no_key(self) -> None:
        self.session()
        log = (
            self.standin.folder / f"{self.play.do('info')['account']}.log"
        ).read_text()
        self.assertIn("/v1/checkout/sessions", log)
        self.assertNotIn(self.play.secret_key, log)

    def test_stops(self) -> None:
        with stripe_standin.running(self.standin.folder / "other") as other:
            self.assertEqual(requests.get(other.url, timeout=30).status_code, 200)
        with self.assertRaises(requests.ConnectionError):
            requests.get(other.url, timeout=30)

    def test_keeps_its_accounts(self) -> None:
        folder = self.standin.folder / "kept"
        for kept in (True, False):
            with stripe_standin.running(folder, "--keep") as other:
                play = client.connect(other.url, key=self.play.secret_key)
                self.assertEqual(play.get("webhook_endpoints")["data"], [])
                play.listen("http://127.0.0.1:9/")
                if kept:
                    made = play.post("customers", name="A")
                found = play.get("customers")["data"]
                self.assertEqual([one["id"] for one in found], [made["id"]])

    def test_unknown_action(self) -> None:
        with self.assertRaisesRegex(AssertionError, "No such action"):
            self.play.do("nothing")
        with self.assertRaisesRegex(AssertionError, "unexpected keyword"):
            self.play.do("info", colour=1)


class TestLists(StripeCase):
    def setUp(self) -> None:
        super().setUp()
        self.made = [
            self.old.customers.create({"name": str(number)}).id for number in range(5)
        ]

    def test_newest_first_in_pages(self) -> None:
        first = self.old.customers.list({"limit": 2})
        self.assertEqual([one.id for one in first.data], self.made[:2:-1])
        self.assertTrue(first.has_more)
        last = self.old.customers.list(
            {"limit": 3, "starting_after": first.data[-1].id}
        )
        self.assertEqual([one.id for one in last.data], self.made[2::-1])
        self.assertFalse(last.has_more)

    def test_sdk_walks_through_all(self) -> None:
        found = self.old.customers.list({"limit": 2}).auto_paging_iter()
        self.assertEqual([one.id for one in found], self.made[::-1])

    def test_backwards(self) -> None:
        params = {"limit": 2, "ending_before": self.made[0]}
        found = self.old.customers.list(params)
        self.assertEqual([one.id for one in found.data], self.made[2:0:-1])

    def test_limits(self) -> None:
        for limit in (0, 101, -1):
            error = self.refused(self.old.customers.list, {"limit": limit})
            self.assertEqual(error.param, "limit")
        self.refused(self.old.customers.list, {"starting_after": "cus_absent"})

    def test_created(self) -> None:
        now = int(time.time())
        self.assertFalse(self.old.customers.list({"created": {"gt": now + 5}}).data)
        found = self.old.customers.list({"created": {"gte": now - 60, "lte": now + 5}})
        self.assertEqual(len(found.data), 5)


class TestIdempotency(StripeCase):
    def create(self, key: str, name: str = "A") -> requests.Response:
        return self.raw(
            "POST",
            "v1/customers",
            data={"name": name},
            headers={"Idempotency-Key": key},
        )

    def test_same_body(self) -> None:
        first, second = self.create("k"), self.create("k")
        self.assertEqual(first.json(), second.json())
        self.assertNotIn("Idempotent-Replayed", first.headers)
        self.assertEqual(second.headers["Idempotent-Replayed"], "true")
        self.assertEqual(second.headers["Request-Id"], first.headers["Request-Id"])
        self.assertEqual(len(self.old.customers.list().data), 1)

    def test_replay_is_the_old_state(self) -> None:
        first = self.create("k").json()
        self.old.customers.update(first["id"], {"name": "B"})
        self.assertEqual(self.create("k").json()["name"], "A")

    def test_other_parameters(self) -> None:
        self.create("k")
        answer = self.create("k", "B")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(answer.json()["error"]["type"], "idempotency_error")

    def test_other_address(self) -> None:
        self.create("k")
        headers = {"Idempotency-Key": "k"}
        answer = self.raw("POST", "v1/refunds", data={"name": "A"}, headers=headers)
        self.assertEqual(answer.json()["error"]["type"], "idempotency_error")

    def test_other_account(self) -> None:
        first = self.create("k").json()
        other = client.connect(self.standin.url)
        options = {"idempotency_key": "k"}
        made = self.sdk(OLD, other.secret_key).customers.create({"name": "A"}, options)
        self.assertNotEqual(made.id, first["id"])

    def test_at_once(self) -> None:
        self.play.do("fault", match="customers", status=200, delay=0.6, inside=True)
        with ThreadPoolExecutor(2) as pool:
            slow = pool.submit(self.create, "k")
            time.sleep(0.2)
            quick = self.create("k")
        self.assertEqual(quick.status_code, 409)
        self.assertEqual(quick.json()["error"]["type"], "idempotency_error")
        self.assertEqual(slow.result().status_code, 200)
        self.assertEqual(self.create("k").json(), slow.result().json())

    def test_refusal_is_kept(self) -> None:
        intent = self.paid()
        params, options = {"payment_intent": intent.id, "amount": 9999}, {}
        options["idempotency_key"] = "k"
        first = self.refused(self.old.refunds.create, params, options)
        second = self.refused(self.old.refunds.create, params, options)
        self.assertEqual(first.request_id, second.request_id)

    def test_wrong_parameter_is_not_kept(self) -> None:
        options = {"idempotency_key": "k"}
        self.refused(self.old.customers.create, {"colour": "red"}, options)
        self.assertTrue(self.old.customers.create({"name": "A"}, options).id)

    def test_kept_a_day(self) -> None:
        first = self.create("k").json()["id"]
        self.play.do("advance", seconds=23 * 3600)
        self.assertEqual(self.create("k").json()["id"], first)
        self.play.do("advance", seconds=3601)
        self.assertNotEqual(self.create("k").json()["id"], first)

    def test_length(self) -> None:
        self.assertEqual(self.create("k" * 255).status_code, 200)
        self.assertEqual(self.create("k" * 256).status_code, 400)

    def test_no_effect_on_reading(self) -> None:
        headers = {"Idempotency-Key": "k"}
        for name in ("a", "b"):
            self.old.customers.create({"name": name})
            found = self.raw("GET", "v1/customers", headers=headers).json()["data"]
            self.assertEqual(found[0]["name"], name)


class TestFaults(StripeCase):
    def test_before(self) -> None:
        self.play.do("fault", match="POST /v1/customers")
        error = self.refused(self.old.customers.create, {"name": "A"})
        self.assertEqual(error.http_status, 500)
        self.assertFalse(self.old.customers.list().data)
        self.assertTrue(self.old.customers.create({"name": "A"}).id)

    def test_broken_connection_after_the_work(self) -> None:
        self.play.do("fault", match="POST", status=0, after=True)
        options = {"idempotency_key": "k"}
        with self.assertRaises(stripe.APIConnectionError):
            self.old.customers.create({"name": "A"}, options)
        again = self.old.customers.create({"name": "A"}, options)
        self.assertEqual([one.id for one in self.old.customers.list().data], [again.id])

    def test_too_many_requests(self) -> None:
        self.play.do("fault", match="GET /v1/events", status=429)
        with self.assertRaises(stripe.RateLimitError):
            self.old.events.list()

    def test_requests_are_listed(self) -> None:
        self.old.customers.create({"name": "A"}, {"idempotency_key": "k"})
        [request] = self.play.do("requests")
        self.assertEqual(request["params"], "name=A")
        self.assertEqual((request["status"], request["version"]), (200, OLD))
        self.assertEqual(json.loads(json.dumps(request))["idempotency_key"], "k")
