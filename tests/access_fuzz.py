"""Random requests to the routes of magic links; no database, no network."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, urlencode

METHODS = ["GET"] * 4 + ["POST"] * 6 + ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"]
PARTS = ("", ".", "..", "%00", "%2e%2e", "%2F", "%5C", "#", "%23", "%2523", "request")
PARTS += ("renew", "document", "continue", "confirm", "code", "preview", "stop", "send")
PARTS += ("account.move", "res.users", "ir.config_parameter", "no.model", "%F0%9F%98")
NUMBERS = ("0", "-1", "1", "2147483647", "2147483648", "9" * 30, "1.5", "x", "%00", "٣")
TEXTS = ("", "\0", "a\0b", "é\u202e", "\ud83d\ude00", "' OR 1=1 --", "{{7*7}}", "[]")
TEXTS += ("https://evil.example.com", "//evil.example.com", "/my\\evil", "/my/../web")
TEXTS += ("a" * 5000, "a@example.com", "a@b\0.c", "<script>", "%", "%zz", "None", "0")
FIELDS = ("csrf_token", "verifier", "code", "email", "next", "selector", "redirect")
FIELDS += ("db", "debug", "lang", "access_token", "model", "res_id", "partner_id", "x")
TYPES = ("application/x-www-form-urlencoded",) * 6
TYPES += ("application/json", "multipart/form-data; boundary=x", "text/plain", "", "\t")
TYPES += ("multipart/form-data", "application/x-www-form-urlencoded; charset=utf-7")
HEADERS = {
    "Host": ("evil.example.com", "localhost:1", "[::1]", "a" * 300, "a b"),
    "X-Forwarded-Host": ("evil.example.com", ""),
    "X-Forwarded-For": ("1.2.3.4", "x", "1.2.3.4, \t5.6.7.8"),
    "Accept-Language": ("zh-CN", "xx-YY;q=z", ";;;", "a" * 2000),
    "Cookie": ("session_id=../../x", "session_id=" + "a" * 84, "frontend_lang=zz", ";"),
    "Range": ("bytes=0-1", "bytes=-", "x"),
    "Referer": ("https://evil.example.com",),
    "Sec-Purpose": ("prefetch",),
    "X-Requested-With": ("XMLHttpRequest",),
    "Content-Length": ("0", "5"),
    "Accept": ("application/json", "*/*;q=x"),
    "User-Agent": ("", "a" * 3000),
}


class Request(NamedTuple):
    """A request as it goes to the server."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    address: str


class RequestMaker:
    """Makes requests that look more or less like those the routes expect.

    :param rng: source of all randomness, so that a seed repeats a run
    :param selector: of a living link
    :param ids: numbers of records that exist
    """

    def __init__(self, rng: random.Random, selector: str, ids: list[int]) -> None:
        self._rng = rng
        self._selector = selector
        self._ids = ids
        self._routes: list[Callable[[], str]] = [
            lambda: f"/my/access/{self._some_selector()}",
            lambda: f"/my/access/{self._some_selector()}",
            lambda: f"/my/access/{self._some_selector()}/renew",
            lambda: "/my/access/request",
            lambda: f"/my/access/document/{self._part()}/{self._number()}",
            lambda: f"/my/access/preview/{self._number()}",
            lambda: rng.choice(("/my/access/continue", "/my/access/confirm")),
            lambda: rng.choice(("/my/access/code", "/my/access/code/send")),
            lambda: "/my/access/" + "/".join(self._some(self._part, 6)),
        ]

    def make(self, token: str, cookie: str) -> Request:
        """Return the next request of a visitor.

        :param token: what protects the forms of this visitor's pages
        :param cookie: what names this visitor's session
        """
        rng = self._rng
        headers = {"Cookie": cookie, "Content-Type": rng.choice(TYPES)}
        for name in rng.sample(list(HEADERS), rng.choice((0, 0, 0, 1, 2))):
            headers[name] = rng.choice(HEADERS[name])
        path = self._routes[rng.randrange(len(self._routes))]()
        if rng.random() < 0.15:
            path = self._damage(path)
        fields = self._fields(token)
        return Request(
            method=rng.choice(METHODS),
            path=path,
            query=self._encode(self._fields("")) if rng.random() < 0.3 else "",
            headers=headers,
            body=self._damaged_body(self._encode(fields).encode()),
            address=f"10.0.0.{rng.randrange(64)}",
        )

    def _some_selector(self) -> str:
        rng, known = self._rng, self._selector
        return rng.choice(
            (
                known,
                known,
                known[:-1],
                known.swapcase(),
                f"{known}{rng.choice(PARTS)}",
                f"{known}%23{self._verifier()}",
                f"{known}%25{'25' * rng.randrange(9)}23{self._verifier()}",
                self._random_text(22),
                _quote(self._text()),
            )
        )

    def _fields(self, token: str) -> dict[str, str]:
        rng = self._rng
        values = {name: self._text() for name in rng.sample(FIELDS, rng.randrange(4))}
        if rng.random() < 0.6:
            values |= {"verifier": self._verifier()}
        if rng.random() < 0.2:
            values |= {"code": f"{rng.randrange(10**8):08d}"}
        return values | ({"csrf_token": token} if rng.random() < 0.8 else {})

    def _verifier(self) -> str:
        rng = self._rng
        wrong = self._random_text(43)
        return rng.choice((wrong, wrong, wrong[:-1], f"{wrong}=", self._text()))

    def _random_text(self, length: int) -> str:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
        return "".join(self._rng.choices(letters, k=length))

    def _text(self) -> str:
        rng = self._rng
        wild = "".join(map(chr, rng.choices(range(0x250), k=rng.randrange(30))))
        return rng.choice((*TEXTS, wild, wild))

    def _part(self) -> str:
        return self._rng.choice((*PARTS, self._selector, _quote(self._text())))

    def _number(self) -> str:
        return self._rng.choice((*NUMBERS, *map(str, self._ids)))

    def _some(self, make: Callable[[], str], most: int) -> list[str]:
        return [make() for _number in range(self._rng.randrange(most))]

    def _damage(self, path: str) -> str:
        position = self._rng.randrange(len(path) + 1)
        return path[:position] + self._rng.choice(PARTS) + path[position:]

    def _encode(self, fields: dict[str, str]) -> str:
        return urlencode(fields, errors="surrogatepass")

    def _damaged_body(self, body: bytes) -> bytes:
        rng = self._rng
        if rng.random() < 0.85:
            return body
        return rng.choice((b"", b"{}", b"\xff\xfe", b"--x\r\n", body[::-1], body * 9))


def _quote(text: str) -> str:
    return quote(text, safe="%", errors="surrogatepass")
