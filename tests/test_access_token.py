from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from odoo import Command
from odoo.http import request
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_http import IrHttp

from .access_link_common import AccessLinkHttpCommon
from .browser_common import BrowserMixin

# Long, and with a digit, as all random ones have.
_TOKEN = re.compile(rb"(?=[A-Za-z_.+-]*\d)[A-Za-z0-9_.+-]{20,}")


class AccessTokenCommon(AccessLinkHttpCommon):
    """An invoice and a quotation with a file, each with a message in its chatter."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.order = cls._create_quotation(cls.client_fr)
        cls.documents = {
            f"/my/invoices/{cls.invoice.id}": cls.invoice,
            f"/my/orders/{cls.order.id}": cls.order,
        }
        for record in cls.documents.values():
            record._portal_ensure_token()
            record.message_post(
                body="For your eyes only",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    @classmethod
    def _create_quotation(cls, client: Any) -> Any:
        # sudo: accountants make no quotations.
        env = cls.env(su=True)
        product = env["product.product"].create(
            {"name": "Advice", "type": "service", "taxes_id": [Command.clear()]}
        )
        cls.attached = env["product.document"].create(
            {
                "name": "plan.txt",
                "raw": b"the plan",
                "res_model": "product.product",
                "res_id": product.id,
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": client.id,
                "company_id": cls.company.id,
                "require_signature": True,
                "require_payment": False,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 100.0})
                ],
            }
        )
        order.write({"state": "sent"})
        cls.attached.attached_on_sale = "quotation"
        cls.attached.ir_attachment_id.generate_access_token()
        return order

    def _lasting_tokens(self, record: Any) -> set[str]:
        return {
            record.access_token,
            record._sign_token(record.partner_id.id),
            *self.attached.ir_attachment_id.mapped("access_token"),
        } - {False}


@tagged("post_install", "-at_install")
class TestAccessToken(AccessTokenCommon):
    """What a provisional session is shown opens nothing once it has ended."""

    def _pages(self, path: str) -> list[str]:
        return [path, f"{path}?report_type=html", f"{path}?access_token=x"]

    def test_provisional_pages_hold_no_token_that_opens_the_document(self) -> None:
        for path, record in self.documents.items():
            self._new_browser()
            self._enter(self._issue(record=record))
            answers = [self._get(page) for page in self._pages(path)]
            found = set()
            for answer in answers:
                self.assertEqual(answer.status_code, 200, path)
                self.assertIn(record.name, answer.text)
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                found |= set(_TOKEN.findall(answer.content))
                found |= set(_TOKEN.findall(str(answer.headers).encode()))
            for token in self._lasting_tokens(record):
                self.assertNotIn(token.encode(), found)
            self._assert_opens_nothing(path, record, found)

    def _assert_opens_nothing(self, path: str, record: Any, found: set[bytes]) -> None:
        self.assertGreater(len(found), 5)
        self._new_browser()
        for token in map(bytes.decode, found):
            answer = self._get(path, params={"access_token": token})
            self.assertNotEqual(answer.status_code, 200, token)
        # The chatter of each takes what its page does.
        right = self._fetch_messages(record, token=record.access_token)
        self.assertIn("For your eyes only", right)

    @mute_logger("odoo.http")
    def _fetch_messages(self, record: Any, **params: Any) -> str:
        params |= {"thread_model": record._name, "thread_id": record.id}
        rpc = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open("/mail/chatter_fetch", json=rpc).text

    def test_whoever_touched_the_page_gets_it_as_odoo_makes_it(self) -> None:
        for path, record in self.documents.items():
            self._new_browser()
            self._visit(self._issue(record=record))
            self.assertIn(record.access_token, self._get(path).text)
            # The chatter asks without a token, for its page held none.
            self.assertIn("For your eyes only", self._fetch_messages(record))

    def test_provisional_session_fetches_no_messages(self) -> None:
        for record in self.documents.values():
            self._new_browser()
            self._enter(self._issue(record=record))
            self.assertNotIn("For your eyes only", self._fetch_messages(record))

    def test_provisional_session_gets_the_file_as_it_is(self) -> None:
        file = b"%PDF-1.4 " + self.invoice.access_token.encode()
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": file,
                "res_model": self.invoice._name,
                "res_id": self.invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self._enter(self._issue(record=self.invoice))
        path = f"/my/invoices/{self.invoice.id}?report_type=pdf&download=true"
        answer = self._get(path)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.content, file)

    def test_visitor_with_odoo_s_own_link_is_left_alone(self) -> None:
        for record in self.documents.values():
            answer = self._get(record.get_portal_url())
            self.assertIn(record.access_token, answer.text)


@tagged("post_install", "-at_install")
class TestAccessDefault(AccessLinkHttpCommon):
    """Routes of any module, also of those to come, know no provisional visitor."""

    @mute_logger("odoo.http", "odoo.addons.http_routing.models.ir_http")
    def test_provisional_visitor_is_a_stranger_to_every_other_route(self) -> None:
        routes = list(self._get_routes())
        self.assertGreater(len(routes), 40)
        self._enter(self._issue(record=self.invoice))
        seen: set[tuple[int | None, str]] = set()
        authenticate = IrHttp._pre_dispatch.__func__

        def note(cls: Any, rule: Any, args: Any) -> None:
            seen.add((request.env.uid, request.httprequest.path))
            authenticate(cls, rule, args)

        self.patch(IrHttp, "_pre_dispatch", classmethod(note))
        for method, path, routing in routes:
            if routing["type"] == "jsonrpc":
                rpc = {"jsonrpc": "2.0", "method": "call", "params": {}}
                answer = self.url_open(path, json=rpc, allow_redirects=False)
            else:
                answer = self.url_open(path, method=method, allow_redirects=False)
            if routing["auth"] == "user":
                self.assertTrue(self._is_refused(answer, routing), path)
        client_id = self.contact_fr.user_ids.id
        self.assertTrue(client_id)
        self.assertTrue(seen)
        self.assertFalse([path for uid, path in seen if uid == client_id])

    def _get_routes(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield every route for visitors and users that takes no value in its path."""
        for rule in self.env["ir.http"].routing_map().iter_rules():
            routing = rule.endpoint.routing
            asked = routing["auth"] in ("user", "public") and "logout" not in rule.rule
            if asked and not rule.arguments and not rule.rule.startswith("/websocket"):
                for method in sorted({"GET", "POST"} & (rule.methods or {"GET"})):
                    yield method, rule.rule, routing

    def _is_refused(self, answer: Any, routing: dict[str, Any]) -> bool:
        if routing["type"] == "jsonrpc":
            return "error" in answer.json()
        location = answer.headers.get("Location", "")
        ways_in = ("/my/access/continue", "/web/login")
        return answer.status_code >= 400 or any(way in location for way in ways_in)


@tagged("post_install", "-at_install")
class TestAccessTokenBrowser(BrowserMixin, AccessTokenCommon):
    """Pages without tokens work in a real browser, as soon as they are touched."""

    def _follow(self, url: str) -> None:
        self.env.flush_all()
        self._open(f"/my/{url.partition('/my/')[2]}")

    def _open_link(self, record: Any, path: str) -> None:
        self._follow(self._issue(record=record))
        self._wait_for(
            f"location.pathname === '{path}' && document.readyState === 'complete'"
        )

    def _shows_messages(self) -> bool:
        code = "document.getElementById('chatterRoot')?.shadowRoot?.textContent || ''"
        return "For your eyes only" in (self._evaluate(code) or "")

    def test_messages_come_with_the_first_touch(self) -> None:
        for path, record in self.documents.items():
            with self._browser():
                self._open_link(record, path)
                self._wait_for("odoo.loader.modules.has('@web/core/registry')")
                time.sleep(2)
                self.assertFalse(self._has("#chatterRoot"))
                self._click("#discussion button")
                self._wait_until(self._shows_messages)
                self.assertFalse(self._has("#discussion button"))

    def test_quotation_is_signed_without_a_token(self) -> None:
        path = f"/my/orders/{self.order.id}"
        with self._browser():
            self._open_link(self.order, path)
            self._wait_until(lambda: self._has("a[data-bs-target='#modalaccept']"))
            self._click("a[data-bs-target='#modalaccept']")
            self._wait_until(lambda: self._try_click(".o_web_sign_auto_button"))
            self._wait_for("!document.querySelector('.o_portal_sign_submit').disabled")
            self._wait_until(lambda: self._try_click(".o_portal_sign_submit"))
            self._wait_for("location.search.includes('message=sign_ok')")
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(self.order.signature)

    def _try_click(self, selector: str) -> bool:
        self._click(selector)
        return True
