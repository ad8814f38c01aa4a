from __future__ import annotations

import logging
import math
import os
import random
import re
import statistics
import time
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_fuzz import TYPES, Request, RequestMaker
from .access_link_common import ADDRESS, AccessLinkHttpCommon

_logger = logging.getLogger(__name__)
_REQUESTS = int(os.environ.get("CLIENT_HUB_REQUESTS") or 2000)
_SEED = int(os.environ.get("CLIENT_HUB_SEED") or random.randrange(2**31))
_TRIES = 30 if _REQUESTS <= 2000 else 200
_PER_VISITOR = 50
# What the routes answer, and what Odoo does to what is no route of ours.
_STATUSES = {200, 301, 303, 308, 400, 403, 404, 405, 413, 415, 429}
# Five standard deviations: once in more than a million runs by chance.
_MOST_DEVIATIONS = 5
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="(\w+)"')


@tagged("post_install", "-at_install")
class TestAccessFuzz(AccessLinkHttpCommon):
    """Random requests: none fails, none lets anybody in.

    They go to the application itself, without a network. ``CLIENT_HUB_SEED`` repeats
    what the log names, ``CLIENT_HUB_REQUESTS=100000`` asks for as many.
    """

    def setUp(self) -> None:
        super().setUp()
        self.url = self._issue(record=self.invoice)
        self.rng = random.Random(_SEED)  # noqa: S311 - to be repeated, not secret
        _logger.info("CLIENT_HUB_SEED=%s CLIENT_HUB_REQUESTS=%s", _SEED, _REQUESTS)

    def _send(self, sent: Request) -> tuple[int, str, Any]:
        """Send a request; return its status, text and headers."""
        environ = EnvironBuilder(method=sent.method, data=sent.body).get_environ()
        raw = quote(sent.path, safe="/%#", errors="surrogatepass")
        environ["PATH_INFO"] = unquote_to_bytes(raw).decode("latin-1")
        environ |= {"RAW_URI": raw, "REQUEST_URI": raw, "QUERY_STRING": sent.query}
        environ |= {"REMOTE_ADDR": sent.address, "HTTP_HOST": "localhost"}
        for name, value in sent.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
        body, status, headers = run_wsgi_app(root, environ)
        text = b"".join(body).decode(errors="replace")
        return int(status.split()[0]), text, headers

    def _open_page(self) -> tuple[str, str]:
        """Return the token and the cookie of a new visitor."""
        page = Request("GET", "/my/access/request", "", {}, b"", "10.0.0.1")
        status, text, headers = self._send(page)
        self.assertEqual(status, 200)
        return _TOKEN.search(text)[1], headers["Set-Cookie"].partition(";")[0]

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http", "odoo.sql_db")
    def test_random_requests_neither_fail_nor_let_in(self) -> None:
        secret = self._get_secret(self.url)
        ids = [self.invoice.id, self.contact_fr.id, self.invoice_de.id]
        maker = RequestMaker(self.rng, secret.selector, ids)
        self.env.flush_all()
        self.env.invalidate_all()
        cookies, found = set(), dict.fromkeys(_STATUSES, 0)
        with self.allow_requests(all_requests=True):
            for number in range(_REQUESTS):
                if number % _PER_VISITOR == 0:
                    token, cookie = self._open_page()
                    cookies.add(cookie)
                sent = maker.make(token, cookie)
                status, _text, _headers = self._send(sent)
                self.assertIn(status, found, f"seed {_SEED}: {sent}")
                found[status] += 1
        _logger.info("Answers: %s", found)
        # The requests did reach what they were meant for.
        for status in (200, 303, 400, 403, 404, 405, 429):
            self.assertTrue(found[status] or (status == 429 and _REQUESTS < 5000))
        self._assert_nobody_is_in(cookies)

    def _assert_nobody_is_in(self, cookies: set[str]) -> None:
        self.env.invalidate_all()
        link = self._get_link(self.url)
        self.assertFalse(self.sessions.search([("link_id", "=", link.id)]))
        self.assertFalse(link.use_count)
        self.assertFalse(link.revoked_at)
        self.assertFalse(self.contact_fr.user_ids)
        for cookie in cookies:
            session = root.session_store.get(cookie.partition("=")[2])
            self.assertFalse(session.get("uid"))
            self.assertNotIn("client_hub_access", session)
        self._visit(self.url)
        self.assertTrue(self._is_signed_in(), "the true holder still gets in")

    def test_t23_known_and_unknown_addresses_take_the_same_time(self) -> None:
        times: dict[bool, list[float]] = {True: [], False: []}
        self.env.flush_all()
        self.env.invalidate_all()
        with self.allow_requests(all_requests=True):
            token, cookie = self._open_page()
            for number in range(_TRIES * 2 + 10):
                known = bool(self.rng.getrandbits(1))
                seconds = self._time_request(known, number, token, cookie)
                if number >= 10:  # the first ones fill the caches
                    times[known].append(seconds)
        deviations = _compare(times[True], times[False])
        medians = [statistics.median(found) * 1000 for found in times.values()]
        _logger.info(
            "Known %.2f ms, unknown %.2f ms: %.1f standard deviations apart",
            *medians,
            deviations,
        )
        self.assertLess(deviations, _MOST_DEVIATIONS)

    def _time_request(self, known: bool, number: int, token: str, cookie: str) -> float:
        # Counted anew, or the known address alone would run into its limit.
        self.env.cr.execute("DELETE FROM client_hub_access_attempt")
        stranger = f"b{number:05d}@example.com"
        self.assertEqual(len(stranger), len(ADDRESS))
        email = ADDRESS if known else stranger
        body = f"csrf_token={token}&email={email}".encode()
        headers = {"Cookie": cookie, "Content-Type": TYPES[0]}
        sent = Request("POST", "/my/access/request", "", headers, body, "10.0.0.1")
        begin = time.perf_counter()
        status, _text, _headers = self._send(sent)
        seconds = time.perf_counter() - begin
        self.assertEqual(status, 200)
        return seconds


def _compare(one: list[float], other: list[float]) -> float:
    """Return how far apart two samples are: Mann-Whitney's U, in its deviations."""
    ranks = {value: rank for rank, value in enumerate(sorted(one + other), 1)}
    first, second = len(one), len(other)
    u = sum(ranks[value] for value in one) - first * (first + 1) / 2
    deviation = math.sqrt(first * second * (first + second + 1) / 12)
    return abs(u - first * second / 2) / deviation
