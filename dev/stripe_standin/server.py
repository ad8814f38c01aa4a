"""The stand-in as an HTTP server."""

from __future__ import annotations

import base64
import json
import socket
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from . import (
    api,
    charges,
    checkout,
    control,
    customers,
    disputes,
    endpoints,
    intents,
    pages,
    playing,
    refunds,
    sessions,
    setup_intents,
    shapes,
    webhooks,
)
from .errors import ApiError
from .state import Account, Book

HOST = "127.0.0.1"
#: where routes and actions stand; importing these has registered them
ROOMS = (
    charges,
    customers,
    disputes,
    endpoints,
    intents,
    playing,
    refunds,
    sessions,
    setup_intents,
)
_MAX_BYTES = 5 * 1024 * 1024


def make(book: Book, port: int = 0) -> ThreadingHTTPServer:
    """Return a server on ``port`` (0: a free one) for the accounts of ``book``."""
    postman = webhooks.Postman(book)
    handler = type("Handler", (_Handler,), {"book": book, "postman": postman})
    server = type("Server", (ThreadingHTTPServer,), {"request_queue_size": 128})
    return server((HOST, port), handler)


class _Handler(BaseHTTPRequestHandler):
    book: Book
    protocol_version = "HTTP/1.1"
    # One packet per answer; else the last part waits for the other side's
    # acknowledgement of the first.
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:  # noqa: N802
        self._route()

    def do_POST(self) -> None:  # noqa: N802
        self._route()

    def do_DELETE(self) -> None:  # noqa: N802
        self._route()

    def _route(self) -> None:
        parts = urlsplit(self.path)
        body = self._body()
        try:
            if parts.path.startswith("/v1/"):
                self._api(parts.path, parts.query, body)
            elif parts.path.startswith("/_control/"):
                self._control(parts.path.rpartition("/")[2], body)
            elif parts.path.startswith("/c/pay/"):
                self._checkout(parts.path.rpartition("/")[2], body)
            elif parts.path == "/play" and self.command == "POST":
                self._play(body)
            elif parts.path == "/":
                self._page(pages.overview(self.book))
            else:
                self._page(pages.lost_page(), 404)
        except ApiError as error:
            self._json(error.status, {"error": error.error})
        except ConnectionError:
            self.close_connection = True
        except Exception:
            # A mistake in the stand-in itself: tests shall see it, not a broken line.
            text = traceback.format_exc()
            self._json(500, {"error": {"type": "api_error", "message": text}})

    def _body(self) -> str:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(min(length, _MAX_BYTES)).decode(errors="replace")

    def _account(self) -> Account:
        kind, _space, value = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            value = base64.b64decode(value).decode().partition(":")[0]
        connected = self.headers.get("Stripe-Account", "")
        return self.book.account(value if kind else "", connected)

    def _api(self, path: str, query: str, body: str) -> None:
        request = api.Request(
            method=self.command,
            path=unquote(path),
            text=query if self.command == "GET" else body,
            base=f"http://{self.headers.get('Host')}",
            version=self.headers.get("Stripe-Version", ""),
            key=self.headers.get("Idempotency-Key", ""),
        )
        account = self._account()
        answer = api.answer(account, request)
        headers = {"Request-Id": answer.number}
        headers["Stripe-Version"] = request.version or account.api_version
        if request.key:
            headers["Idempotency-Key"] = request.key
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        if not answer.status:
            self.close_connection = True
            return
        self._json(answer.status, answer.body, headers)

    def _control(self, name: str, body: str) -> None:
        result = control.run(self._account(), name, json.loads(body or "{}"))
        self._json(200, {"result": result})

    def _checkout(self, number: str, body: str) -> None:
        try:
            account, _session = self.book.session(number)
        except ApiError:
            self._page(pages.lost_page(), 404)
            return
        with account.lock:
            session = checkout.current(account, number)
            if self.command == "GET" or session["status"] != "open":
                self._page(pages.checkout_page(session))
                return
            form = parse_qs(body)
            method = form.get("method", [""])[0]
            email = form.get("email", [""])[0]
            refusal = checkout.pay(account, session, method, email)
        if refusal:
            text = "The card was declined. Please try another one."
            self._page(pages.checkout_page(session, text), 402)
        else:
            self._redirect(checkout.return_url(session))

    def _play(self, body: str) -> None:
        """Do what a button of the list says; each stands there for its status only."""
        form = {key: values[0] for key, values in parse_qs(body).items()}
        account, session = self.book.session(form.get("session", ""))
        intent = account.get("payment_intent", session["payment_intent"] or "")
        action = form.get("action", "")
        if action in pages.PLAYS.get(intent["status"], {}):
            control.run(account, action, {"number": intent["id"]})
        self._redirect("/")

    def _redirect(self, url: str) -> None:
        self._answer(303, b"", {"Location": url})

    def _page(self, text: str, status: int = 200) -> None:
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        self._answer(status, text.encode(), headers)

    def _json(
        self, status: int, body: Any, headers: dict[str, str] | None = None
    ) -> None:
        kind = {"Content-Type": "application/json"}
        self._answer(
            status, json.dumps(body, indent=2).encode(), kind | (headers or {})
        )

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def version_string(self) -> str:
        """Return the server's name, which is not Stripe's."""
        return f"stand-in-not-Stripe/{shapes.NEWEST}"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: each account has a log of its own."""
