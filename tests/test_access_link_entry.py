from __future__ import annotations

from odoo.tests import tagged
from odoo.tests.common import HOST
from odoo.tools import mute_logger

from .access_link_common import ADDRESS, AccessLinkHttpCommon


@tagged("post_install", "-at_install")
class TestAccessLinkEntry(AccessLinkHttpCommon):
    """From the link to the document, as the pages and their script do it."""

    def setUp(self) -> None:
        super().setUp()
        self.url = self._issue(record=self.invoice)
        self.link = self._get_link(self.url)
        self.path = f"/my/invoices/{self.invoice.id}"

    def test_first_entry_opens_the_document(self) -> None:
        self.assertFalse(self.contact_fr.user_ids)
        response = self._enter(self.url)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._get_location(response), self.path)
        page = self._get(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.invoice.name, page.text)
        self.assertNotIn(self._get_secret(self.url).verifier, page.text)

    def test_user_is_created_silently(self) -> None:
        mails = self.env["mail.mail"].search_count([])
        self._enter(self.url)
        user = self.contact_fr.user_ids
        self.assertEqual(user.login, ADDRESS)
        self.assertEqual(user.all_group_ids & self._all_kinds(), self._portal())
        self.assertEqual(user.company_ids, self.company)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertNotIn("Granted", str(self.contact_fr.message_ids.mapped("body")))
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def _portal(self) -> object:
        return self.env.ref("base.group_portal")

    def _all_kinds(self) -> object:
        kinds = ("base.group_portal", "base.group_user", "base.group_public")
        return self.env["res.groups"].union(*map(self.env.ref, kinds))

    def test_user_is_reused(self) -> None:
        self._enter(self.url)
        user = self.contact_fr.user_ids
        self._new_browser()
        self._enter(self._issue(record=self.invoice))
        self.assertEqual(self.contact_fr.user_ids, user)

    def test_confirmed_by_the_first_touch(self) -> None:
        self._enter(self.url)
        self.assertFalse(self._is_signed_in())
        self.assertEqual(self._touch_page(self.path).status_code, 204)
        self.assertTrue(self._is_signed_in())
        self.assertNotIn("client_hub_access_session", self._get(self.path).text)
        self.assertEqual(self._get("/my").status_code, 200)

    def test_confirm_mode_signs_in_at_once(self) -> None:
        self.company.client_hub_link_mode = "confirm"
        secret = self._get_secret(self.url)
        page = self._get(f"/my/access/{secret.selector}")
        self.assertIn('data-mode="confirm"', page.text)
        self._enter(self.url)
        self.assertTrue(self._is_signed_in())

    def test_entries_are_counted_and_noted(self) -> None:
        self._visit(self.url)
        self.link.invalidate_recordset()
        self.assertEqual(self.link.use_count, 1)
        self.assertTrue(self.link.last_used_at)
        events = self.events.search([("link_id", "=", self.link.id)])
        self.assertEqual(events.mapped("kind"), ["visit", "opened"])
        self.assertEqual(events[0].ip, "127.0.0.1")
        self.assertIn("python-requests", events[0].user_agent)
        self.assertEqual(events[0].res_id, self.invoice.id)

    def test_same_client_just_goes_on(self) -> None:
        self._visit(self.url)
        sid = self._get_sid()
        response = self._enter(self.url)
        self.assertEqual(self._get_location(response), self.path)
        self.assertEqual(self._get_sid(), sid)
        self.assertTrue(self._is_signed_in())

    def test_t01_scanner_gets_and_then_a_person(self) -> None:
        path = f"/my/access/{self._get_secret(self.url).selector}"
        for _number in range(50):
            self.authenticate(None, None)
            self.assertEqual(self._get(path).status_code, 200)
        self.assertFalse(self.contact_fr.user_ids)
        self.assertFalse(self.events.search([("link_id", "=", self.link.id)]))
        self._visit(self.url)
        self.assertTrue(self._is_signed_in())

    def test_t02_other_methods_change_nothing(self) -> None:
        path = f"/my/access/{self._get_secret(self.url).selector}"
        for method in ("HEAD", "OPTIONS"):
            response = self.url_open(path, method=method)
            self.assertLess(response.status_code, 500)
        prefetch = {"Sec-Purpose": "prefetch", "X-Moz": "prefetch"}
        self.assertEqual(self._get(path, headers=prefetch).status_code, 200)
        with mute_logger("odoo.http"):
            for method in ("PUT", "DELETE", "PATCH"):
                response = self.url_open(path, method=method)
                self.assertEqual(response.status_code, 405)
        self.assertFalse(self.link.use_count)

    def test_t03_t04_no_entry_without_token(self) -> None:
        secret = self._get_secret(self.url)
        path = f"/my/access/{secret.selector}"
        stranger = self._get_token(path)
        self._new_browser()
        for token in ("", "x", stranger):
            with mute_logger("odoo.http"):
                response = self._post(path, token, verifier=secret.verifier)
            self.assertEqual(response.status_code, 400)
        self.assertFalse(self.link.use_count)

    def test_t19_t20_session_id_is_new(self) -> None:
        token = self._get_token(f"/my/access/{self._get_secret(self.url).selector}")
        before = self._get_sid()
        self._enter(self.url, token)
        after = self._get_sid()
        self.assertNotEqual(before[:42], after[:42])
        self._use_session(before)
        self.assertFalse(self._is_signed_in())

    def test_t06_a_token_is_good_for_one_entry(self) -> None:
        secret = self._get_secret(self.url)
        user = self.contact_fr._get_client_user(self.company)
        nonce = "the same token"
        key = {"key": "k", "nonce": nonce, "path": "/my"}
        self.assertTrue(self.sessions._create_once(self.link, user, **key))
        self.assertFalse(self.sessions._create_once(self.link, user, **key))
        self.assertTrue(secret)

    def test_t07_wrong_secrets_are_refused_alike(self) -> None:
        selector, verifier = self._get_secret(self.url)
        other = self._get_secret(self._issue()).verifier
        answers = set()
        for wrong in (
            verifier[:-1],
            f"{verifier}a",
            other,
            "",
            "\u0430" * 43,
            "a" * 9999,
        ):
            answers.add(self._refuse(f"/my/access/{selector}", wrong))
        for wrong in (
            "a" * 22,
            f"{selector}.",
            f"{selector}%00",
            "%F0%9F%98%80",
            "a" * 900,
        ):
            answers.add(self._refuse(f"/my/access/{wrong}", verifier))
        self.assertEqual(answers, {403})
        self.assertFalse(self.link.use_count)

    def _refuse(self, path: str, verifier: str) -> int:
        page = self._get(path)
        self.assertEqual(page.status_code, 200)
        response = self._post(path, verifier=verifier)
        self.assertIn("This did not work", response.text)
        self.assertFalse(self._is_signed_in())
        return response.status_code

    def test_t07_no_page_where_null_bytes_lead(self) -> None:
        for path in ("/my/access/a%00/b", "/my/access/x/%00"):
            self.assertEqual(self._get(path).status_code, 404, path)
        self.assertEqual(self._get("/my/access/%00/renew").status_code, 405)
        selector = self._get_secret(self.url).selector
        self.assertEqual(self._get(f"/my/access/{selector}%00").status_code, 200)

    def test_t07_line_breaks_end_in_no_header(self) -> None:
        response = self._get("/my/access/a%0D%0ASet-Cookie:x=y//b")
        self.assertEqual(response.status_code, 301)
        location = response.headers["Location"]
        self.assertTrue(location.endswith("/a%0D%0ASet-Cookie:x=y/b"), location)
        self.assertNotIn("x", self.opener.cookies)

    def test_t05_token_in_the_hands_of_another_visitor(self) -> None:
        path = f"/my/access/{self._get_secret(self.url).selector}"
        token = self._get_token(path)
        self._new_browser()
        self._get_token(path)
        with mute_logger("odoo.http"):
            self.assertEqual(self._enter(self.url, token).status_code, 400)
        self.assertFalse(self.link.use_count)

    def test_t09_secret_of_another_link_or_host(self) -> None:
        foreign = self._issue(self.contact_de, self.invoice_de)
        verifier = self._get_secret(foreign).verifier
        self.assertEqual(self._enter(self.url, verifier=verifier).status_code, 403)
        token = self._get_token()
        secret = self._get_secret(self.url)
        response = self.url_open(
            f"/my/access/{secret.selector}",
            data={"csrf_token": token, "verifier": secret.verifier},
            headers={"X-Forwarded-Host": "evil.example.com"},
            allow_redirects=False,
        )
        self.assertEqual(self._get_location(response), self.path)
        self.assertNotIn("evil", response.headers["Location"])

    def test_t10_secret_in_the_query_lets_nobody_in(self) -> None:
        selector, verifier = self._get_secret(self.url)
        path = f"/my/access/{selector}"
        for query in (f"verifier={verifier}", f"code=1&verifier={verifier}"):
            self.assertEqual(self._get(f"{path}?{query}").status_code, 200)
            self.assertEqual(self._post(f"{path}?{query}").status_code, 403)
        wrong = "b" * 43
        response = self._post(f"{path}?verifier={verifier}", verifier=wrong)
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self._is_signed_in())
        response = self._post(f"{path}?verifier={wrong}", verifier=verifier)
        self.assertEqual(response.status_code, 303, "what was posted counts")

    def test_t08_the_hash_is_no_secret(self) -> None:
        response = self._enter(self.url, verifier=self.link.verifier_hash)
        self.assertEqual(response.status_code, 403)

    def test_t25_many_wrong_secrets_are_limited_but_not_the_right_one(self) -> None:
        path = f"/my/access/{self._get_secret(self.url).selector}"
        token = self._get_token(path)
        codes = [
            self._post(path, token, verifier="b" * 43).status_code for _n in range(32)
        ]
        self.assertEqual(codes, [403] * 30 + [429] * 2)
        self._visit(self.url)
        self.assertTrue(self._is_signed_in())

    def test_page_as_gateways_rewrite_the_link(self) -> None:
        secret = self._get_secret(self.url)
        for sign in ("%23", "%2523"):
            path = f"/my/access/{secret.selector}{sign}{secret.verifier}"
            page = self._get(path)
            self.assertEqual(page.status_code, 200)
            self.assertNotIn(secret.verifier, page.text)
            self.assertIn(f'action="/my/access/{secret.selector}"', page.text)
        self.assertEqual(self._post(path).status_code, 303)

    def test_t31_pages_are_hardened(self) -> None:
        unknown = f"/my/access/{'a' * 22}"
        pages = [
            self._get("/my/access/request"),
            self._get(unknown),
            self._post(unknown, verifier="x"),
            self._post(f"{unknown}/renew"),
            self._get("/my/access/stranger/1/x"),
        ]
        for page in pages:
            headers = page.headers
            self.assertEqual(headers["X-Frame-Options"], "DENY")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            policy = headers["Content-Security-Policy"]
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertIn("script-src 'self'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertNotIn("://", page.text.replace("http://www.w3.org", ""))

    def test_pages_name_their_language_as_browsers_know_it(self) -> None:
        self.env["res.lang"]._activate_lang("zh_CN")
        for header, lang in (("en-US", "en-US"), ("zh-CN", "zh-CN")):
            # A visitor without a session, which would remember another language.
            self.opener.cookies.set("session_id", None, domain=HOST)
            language = {"Accept-Language": header}
            page = self._get("/my/access/request", headers=language).text
            self.assertTrue(page.lstrip().startswith("<!DOCTYPE html>"))
            self.assertIn(f'<html lang="{lang}"', page)
