from __future__ import annotations

import json
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

from .stripe_common import NEW, OLD, StripeCase

_MINUTES = 300


class _Ear(BaseHTTPRequestHandler):
    """An endpoint that keeps what it gets, and answers as it is told."""

    heard: list[tuple[bytes, str | None]]
    answers: list[int]

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((body, self.headers.get("Stripe-Signature")))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class WebhookCase(StripeCase):
    def setUp(self) -> None:
        super().setUp()
        self.heard: list[tuple[bytes, str | None]] = []
        self.answers: list[int] = []
        parts = {"heard": self.heard, "answers": self.answers}
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Ear", (_Ear,), parts))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        serve = partial(server.serve_forever, 0.02)
        threading.Thread(target=serve, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/hook"
        self.endpoint = self.play.listen(self.url, version=OLD)

    def verify(self, place: int = -1, secret: str = "") -> Any:
        """Return the event heard at ``place``, checked by the real SDK."""
        body, header = self.heard[place]
        return stripe.Webhook.construct_event(
            body, header, secret or self.play.webhook_secret, _MINUTES
        )

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _header in self.heard]


class TestSignatures(WebhookCase):
    def setUp(self) -> None:
        super().setUp()
        self.paid()

    def test_right(self) -> None:
        self.assertTrue(all(answer["status"] == 200 for answer in self.play.deliver()))
        for place in range(len(self.heard)):
            self.assertTrue(self.verify(place).id.startswith("evt_"))

    def test_accepted(self) -> None:
        for sign in ("right", "rotated", "twice"):
            with self.subTest(sign=sign):
                self.play.deliver([self.letter(sign=sign)])
                self.verify()

    def letter(self, **values: Any) -> dict[str, Any]:
        return {"event": self.play.events()[-1]["id"], "url": self.url, **values} | {
            "secret": self.play.webhook_secret
        }

    def test_refused(self) -> None:
        for sign in ("wrong", "none", "old", "no_time", "only_v0", "garbage"):
            with self.subTest(sign=sign):
                self.play.deliver([self.letter(sign=sign)])
                with self.assertRaises(stripe.SignatureVerificationError):
                    self.verify()

    def test_future(self) -> None:
        self.play.deliver([self.letter(sign="future")])
        stamp = int(self.heard[-1][1].split(",")[0][2:])
        self.assertGreater(stamp, time.time() + _MINUTES)

    def test_old_secret_after_rotation(self) -> None:
        self.play.deliver([self.letter()])
        with self.assertRaises(stripe.SignatureVerificationError):
            self.verify(secret="whsec_other")

    def test_altered_is_signed(self) -> None:
        alter = {"data.object.amount_total": 1, "livemode": True, "account": "acct_x"}
        self.play.deliver([self.letter(alter=alter)])
        event = self.verify()
        self.assertEqual(event.data.object.amount_total, 1)
        self.assertEqual((event.livemode, event.account), (True, "acct_x"))
        self.assertFalse(self.play.events()[-1]["livemode"])

    def test_forged(self) -> None:
        forged = {"id": "evt_forged", "type": "payment_intent.succeeded"}
        [answer] = self.play.deliver([self.letter() | {"event": forged}])
        self.assertEqual((answer["event"], answer["status"]), ("evt_forged", 200))
        self.assertEqual(self.bodies()[-1], forged)


class TestDelivery(WebhookCase):
    def test_shape_of_the_endpoint(self) -> None:
        self.play.listen(self.url, version=NEW, events=["payment_intent.succeeded"])
        self.paid()
        self.play.deliver()
        shapes = [
            ("charges" in event["data"]["object"], event["api_version"])
            for event in self.bodies()
            if event["type"] == "payment_intent.succeeded"
        ]
        self.assertEqual(sorted(shapes), [(False, NEW), (True, OLD)])

    def test_event(self) -> None:
        options = {"idempotency_key": "k7"}
        self.old.customers.create({"name": "A"}, options)
        self.play.deliver()
        [event] = self.bodies()
        self.assertEqual(event["object"], "event")
        self.assertEqual(event["pending_webhooks"], 1)
        self.assertEqual(event["request"]["idempotency_key"], "k7")
        self.assertTrue(event["request"]["id"].startswith("req_"))
        self.assertNotIn("account", event)

    def test_content_does_not_change_later(self) -> None:
        session = self.session()
        self.play.pay(session.id, "pm_sepa_debit")
        self.play.do("settle", number=session.id)
        self.play.deliver()
        status = {
            event["type"]: event["data"]["object"].get("payment_status")
            for event in self.bodies()
        }
        self.assertEqual(status["checkout.session.completed"], "unpaid")
        self.assertEqual(status["checkout.session.async_payment_succeeded"], "paid")

    def test_only_what_is_asked_for(self) -> None:
        self.old.webhook_endpoints.delete(self.endpoint["id"])
        self.play.listen(self.url, events=["charge.succeeded"])
        self.paid()
        self.play.deliver()
        self.assertEqual([one["type"] for one in self.bodies()], ["charge.succeeded"])

    def test_order_and_repetition(self) -> None:
        self.paid()
        expected = [event["id"] for event in self.play.events()]
        self.play.deliver(order="reversed")
        self.assertEqual([one["id"] for one in self.bodies()], expected[::-1])
        self.heard.clear()
        letters = [{"event": number} for number in expected]
        self.play.deliver(letters, repeat=3, order="shuffled", seed=5, parallel=4)
        heard = [one["id"] for one in self.bodies()]
        self.assertEqual(sorted(heard), sorted(expected * 3))
        self.assertNotEqual(heard, expected * 3)

    def test_failed_waits_for_another_try(self) -> None:
        self.old.customers.create({"name": "A"})
        self.answers += [500, 200]
        [answer] = self.play.deliver()
        self.assertEqual(answer["status"], 500)
        self.assertEqual(self.play.do("queued")[0]["attempts"], 1)
        self.assertFalse(self.old.events.list({"delivery_success": True}).data)
        self.play.deliver()
        self.assertEqual(self.play.do("queued"), [])
        self.assertTrue(self.old.events.list({"delivery_success": True}).data)
        self.assertEqual(len(self.play.do("attempts")), 2)

    def test_dropped_counts_as_not_delivered(self) -> None:
        self.old.customers.create({"name": "A"})
        self.assertEqual(self.play.do("drop"), 1)
        self.assertEqual(self.play.deliver(), [])
        self.assertEqual(self.heard, [])
        [event] = self.old.events.list({"delivery_success": False}).data
        self.assertEqual(event.type, "customer.created")

    def test_delay(self) -> None:
        self.old.customers.create({"name": "A"})
        begin = time.monotonic()
        self.play.deliver(delay=0.3)
        self.assertGreater(time.monotonic() - begin, 0.3)

    def test_nobody_listens(self) -> None:
        self.old.webhook_endpoints.delete(self.endpoint["id"])
        self.play.listen("http://127.0.0.1:9/")
        self.old.customers.create({"name": "A"})
        [answer] = self.play.deliver()
        self.assertEqual(answer["status"], 0)
        self.assertIn("refused", answer["error"])

    def test_by_itself_with_retries(self) -> None:
        self.answers += [503]
        self.play.do("settings", auto=True)
        self.old.customers.create({"name": "A"})
        end = time.monotonic() + 15
        while len(self.heard) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        first, second = self.bodies()
        self.assertEqual(first["id"], second["id"])

    def test_held_back(self) -> None:
        self.old.customers.create({"name": "A"})
        time.sleep(0.3)
        self.assertEqual(self.heard, [])

    def test_connected_account(self) -> None:
        self.play.listen(self.url, connect=True, events=["customer.created"])
        self.old.customers.create({"name": "A"}, {"stripe_account": "acct_shop"})
        self.play.deliver()
        [event] = self.bodies()
        self.assertEqual(event["account"], "acct_shop")


class TestEndpoints(StripeCase):
    def test_secret_is_shown_once(self) -> None:
        params = {"url": "https://seller.example.com/hook", "api_version": OLD}
        params["enabled_events"] = ["charge.refunded"]
        made = self.old.webhook_endpoints.create(params)
        self.assertTrue(made.secret.startswith("whsec_"))
        found = self.old.webhook_endpoints.retrieve(made.id)
        self.assertNotIn("secret", found.to_dict())
        self.assertEqual(found.api_version, OLD)

    def test_events_are_replaced(self) -> None:
        made = self.play.listen("https://seller.example.com/hook")
        kinds = ["charge.refunded", "checkout.session.completed"]
        self.old.webhook_endpoints.update(made["id"], {"enabled_events": kinds})
        [found] = self.old.webhook_endpoints.list().data
        self.assertEqual(found.enabled_events, kinds)

    def test_disabled_gets_nothing(self) -> None:
        made = self.play.listen("https://seller.example.com/hook")
        self.old.webhook_endpoints.update(made["id"], {"disabled": True})
        self.old.customers.create({"name": "A"})
        self.assertEqual(self.play.do("queued"), [])

    def test_wrong_address(self) -> None:
        for url in ("seller.example.com", "/hook", "ftp://seller.example.com/"):
            params = {"url": url, "enabled_events": ["*"]}
            error = self.refused(self.old.webhook_endpoints.create, params)
            self.assertEqual(error.param, "url")


class TestEvents(StripeCase):
    def test_types(self) -> None:
        self.paid()
        for params, count in (
            ({"type": "charge.succeeded"}, 1),
            ({"types": ["charge.succeeded", "payment_intent.succeeded"]}, 2),
            ({"type": "payment_intent.*"}, 2),
            ({"type": "nothing.happened"}, 0),
        ):
            with self.subTest(params=params):
                self.assertEqual(len(self.old.events.list(params).data), count)
        self.refused(self.old.events.list, {"type": "a", "types": ["b"]})

    def test_shape_of_the_account(self) -> None:
        self.paid()
        [event] = self.old.events.list({"type": "payment_intent.succeeded"}).data
        self.assertEqual(event.api_version, NEW)
        self.assertIn("latest_charge", event.data.object.to_dict())
        self.play.do("settings", api_version=OLD)
        event = self.new.events.retrieve(event.id)
        self.assertIn("charges", event.data.object.to_dict())

    def test_thirty_days(self) -> None:
        self.old.customers.create({"name": "A"})
        self.play.do("advance", seconds=31 * 24 * 3600)
        self.assertEqual(self.old.events.list().data, [])

    def test_pages(self) -> None:
        for number in range(5):
            self.old.customers.create({"name": str(number)})
        found = self.old.events.list({"limit": 2}).auto_paging_iter()
        names = [event.data.object.name for event in found]
        self.assertEqual(names, ["4", "3", "2", "1", "0"])
