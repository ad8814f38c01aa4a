from __future__ import annotations

import io
import logging
import random
import re
import unittest
from urllib.parse import quote

from ...tools import access_link as links
from ...tools.access_link_log import LinkFilter

BASE = "https://hub.example.com"


class TestLinkParts(unittest.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.secret = links.new_secret()

    def test_parts_are_long_and_differ(self) -> None:
        made = {part for _number in range(500) for part in links.new_secret()}
        self.assertEqual(len(made), 1000)
        self.assertRegex(self.secret.selector, r"\A[\w-]{22}\Z")
        self.assertRegex(self.secret.verifier, r"\A[\w-]{43}\Z")

    def test_url(self) -> None:
        url = links.build_url(f"{BASE}/", self.secret)
        expected = f"{BASE}/my/access/{self.secret.selector}#{self.secret.verifier}"
        self.assertEqual(url, expected)

    def test_split_whatever_gateways_made_of_the_hash(self) -> None:
        for sign in ("#", "%23", "%2523", "%252523"):
            raw = f"{self.secret.selector}{sign}{self.secret.verifier}"
            self.assertEqual(links.split(raw), self.secret, sign)

    def test_split_without_verifier(self) -> None:
        for raw in (self.secret.selector, f"{self.secret.selector}#"):
            self.assertEqual(links.split(raw), (self.secret.selector, ""))

    def test_t07_tampered_parts_are_none(self) -> None:
        selector, verifier = self.secret
        for wrong in (
            f"{selector}a",
            selector[:-1],
            f"{selector}=",
            f"{selector}.",
            f"{selector}\0",
            f"{selector}\n",
            f"\u0430{selector[1:]}",
            "\u0661" * 22,
            "%00" * 22,
            "a" * 100_000,
            "%25" * 100,
        ):
            self.assertEqual(links.split(wrong).selector, "", wrong[:40])
        for wrong in (f"{verifier}a", verifier[:-1], f"{verifier}\n", "\uff21" * 43):
            self.assertEqual(links.split(f"{selector}#{wrong}").verifier, "")
        self.assertFalse(links.is_verifier(None))
        self.assertFalse(links.is_selector(22))

    def test_split_never_fails(self) -> None:
        chance = random.Random(5)
        for _number in range(2000):
            raw = "".join(chance.choices("%#25 3aZ-_\0\u4e2d", k=chance.randrange(80)))
            parts = links.split(raw)
            self.assertTrue(parts.selector == "" or links.is_selector(parts.selector))


class TestHash(unittest.TestCase):
    def test_hash_depends_on_everything(self) -> None:
        made = {
            links.hash_secret(database, owner, secret)
            for database in ("db-1", "db-2")
            for owner in ("one", "two")
            for secret in ("x", "y")
        }
        self.assertEqual(len(made), 8)
        self.assertRegex(made.pop(), r"\A[0-9a-f]{64}\Z")

    def test_t08_hash_is_no_verifier(self) -> None:
        self.assertFalse(links.is_verifier(links.hash_secret("db", "one", "x")))

    def test_equal(self) -> None:
        self.assertTrue(links.equal("ab", "ab"))
        for one, other in (("ab", "ac"), ("", ""), (None, None), ("ab", None)):
            self.assertFalse(links.equal(one, other))

    def test_codes(self) -> None:
        codes = {links.new_code() for _number in range(200)}
        self.assertGreater(len(codes), 190)
        self.assertTrue(all(re.fullmatch(r"[0-9]{8}", code) for code in codes))

    def test_typed_codes(self) -> None:
        self.assertEqual(links.clean_code(" 1234-56 78\n"), "12345678")
        for wrong in ("1234567", "123456789", "\u0661" * 8, "1234567a", None, 12345678):
            self.assertEqual(links.clean_code(wrong), "")


class TestMask(unittest.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.secret = links.new_secret()
        self.url = links.build_url(BASE, self.secret)

    def _assert_masked(self, text: str) -> None:
        masked = links.mask_links(text)
        self.assertNotIn(self.secret.verifier, masked)
        self.assertNotIn(self.secret.verifier[:12], masked)
        self.assertIn(links.MASK, masked)

    def test_every_encoding(self) -> None:
        for sign in ("#", "%23", "%2523", "&#35;", "&#x23;", "&num;", "=23"):
            self._assert_masked(f"see {self.url.replace('#', sign)} please")

    def test_wrapped_in_a_redirect(self) -> None:
        once = quote(self.url, safe="")
        for text in (once, quote(once, safe=""), self.url.replace("/", "\\/")):
            self._assert_masked(f"https://safe.example.com/?url={text}&data=1")

    def test_html(self) -> None:
        masked = links.mask_links(f'<p><a href="{self.url}">Open</a>, thanks</p>')
        self.assertEqual(
            masked,
            f'<p><a href="{BASE}/my/access/{self.secret.selector}#***">Open</a>,'
            " thanks</p>",
        )

    def test_quoted_with_a_line_break(self) -> None:
        for sign in ("\n> ", "=\r\n", "\n>> "):
            text = self.url[:-20] + sign + self.url[-20:]
            masked = links.mask_links(f"> {text}\n> Regards")
            self.assertNotIn(self.url[-20:], masked)
            self.assertIn("Regards", masked)

    def test_truncated_and_several(self) -> None:
        masked = links.mask_links(f"{self.url[:-5]} {self.url} {self.url}x")
        self.assertEqual(masked.count(links.MASK), 3)
        self.assertNotIn(self.secret.verifier[:10], masked)

    def test_other_addresses_stay(self) -> None:
        text = f"{BASE}/my/invoices/5#top {BASE}/my/access/document/account.move/5 #a1"
        self.assertEqual(links.mask_links(text), text)

    def test_long_text_is_quick(self) -> None:
        text = "my/access/" * 50_000 + "a" * 50_000
        self.assertEqual(links.mask_links(text), text)


class TestPages(unittest.TestCase):
    def test_own_pages(self) -> None:
        for path in ("/my", "/my/invoices/5", "/my/orders?page=2", "/my/statement#p-3"):
            self.assertEqual(links.safe_page(path), path)

    def test_t21_other_targets_are_refused(self) -> None:
        for path in (
            "https://evil.example.com",
            "//evil.example.com",
            "/\\evil.example.com",
            "/my//evil.example.com",
            "/my/..",
            "/my/%2e%2e/web",
            "%2f%2fevil.example.com",
            "/my%2f%2fevil",
            "javascript:alert(1)",
            "/web",
            "/web/session/logout",
            "/mystery",
            "/my\n",
            "/my/\0",
            " /my",
            "/my/\u0430",
            "/my" + "/a" * 300,
            None,
            5,
        ):
            self.assertEqual(links.safe_page(path), "/my", path)

    def test_neutral_address(self) -> None:
        path = links.document_path("account.move", 5)
        self.assertEqual(path, "/my/access/document/account.move/5")

    def test_address_is_shortened(self) -> None:
        self.assertEqual(links.shorten_email("anna@example.com"), "a***@example.com")
        self.assertEqual(links.shorten_email("nothing"), "***")


class TestLog(unittest.TestCase):
    def _log(self, message: str, *args: object, **kwargs: object) -> str:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.addFilter(LinkFilter())
        logger = logging.Logger("access", logging.INFO)
        logger.addHandler(handler)
        logger.info(message, *args, **kwargs)
        return stream.getvalue()

    def test_t28_no_line_shows_the_secret(self) -> None:
        url = links.build_url(BASE, links.new_secret())
        verifier = url.partition("#")[2]
        for sign in ("#", "%23", "%2523"):
            path = url.replace("#", sign)
            line = self._log('%s "GET %s" %s', "127.0.0.1", path, 200)
            self.assertNotIn(verifier, line)
            self.assertIn(links.MASK, line)

    def test_t28_no_traceback_shows_the_secret(self) -> None:
        url = links.build_url(BASE, links.new_secret())
        try:
            raise ValueError(url)
        except ValueError:
            text = self._log("It failed", exc_info=True)
        self.assertIn("ValueError", text)
        self.assertNotIn(url.partition("#")[2], text)

    def test_other_lines_stay(self) -> None:
        self.assertEqual(self._log("%s of %s", 1, "50%23"), "1 of 50%23\n")
