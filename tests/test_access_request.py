from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

from odoo import fields
from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_link_common import ADDRESS
from .access_request_common import WRONG, AccessRequestCommon
from .common import JsonRpcMixin, RpcError

LINK = re.compile(r"https?://[^\s\"'<>]*/my/access/[^\s\"'<>]+")


@tagged("post_install", "-at_install")
class TestAccessRequest(AccessRequestCommon):
    """Fresh links and codes, which go to the address on file alone."""

    def _request(self, email: str, **kwargs: Any) -> Any:
        return self._post("/my/access/request", email=email, **kwargs)

    def test_link_for_a_known_address(self) -> None:
        self._request(f" {ADDRESS.upper()} ")
        self.assertEqual(self._answer(), [[ADDRESS]])
        base = self.links.get_base_url()
        [url] = LINK.findall(self._get_text())
        self.assertTrue(url.startswith(f"{base}/my/access/"), url)
        self.assertIn("Hello Comptable,", self._get_text())
        self.assertEqual(self._get_text().count("not forward"), 1)

    def test_mail_in_the_language_of_the_contact(self) -> None:
        self.env["res.lang"]._activate_lang("zh_CN")
        self.contact_fr.lang = "zh_CN"
        self._request(ADDRESS)
        self.assertEqual(self._answer(), [[ADDRESS]])
        self.assertIn("Comptable，您好：", self._get_text())
        self.assertIn("打开我的单据", self._get_text())

    def test_t22_host_is_the_configured_one(self) -> None:
        forged = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}
        token = self._get_token()
        self.url_open(
            "/my/access/request",
            data={"csrf_token": token, "email": ADDRESS},
            headers={"X-Forwarded-Host": forged["X-Forwarded-Host"]},
        )
        self.assertEqual(self._answer(), [[ADDRESS]])
        self.assertNotIn("evil", self._get_text())

    def test_no_mail_for_others(self) -> None:
        self._create_user("hub_staff", "base.group_user", email="staff@example.com")
        self._create_partner(name="Nobody's", email="vendor@example.com")
        self.contact_de.active = False
        # An address that none can be read of is nobody's.
        self._create_partner(
            name="Odd", parent_id=self.client_fr.id, email="not an address"
        )
        addresses = (
            "not an address",
            "unknown@example.com",
            "staff@example.com",
            "konto@example.com",
            "vendor@example.com",
            "no address",
            "a@b\0.c",
            "",
        )
        for address in addresses:
            self.assertEqual(self._request(address).status_code, 200, address)
        self.assertEqual(self._answer(), [])

    def test_t23_answer_tells_nothing(self) -> None:
        answers, works = set(), set()
        # What the first request of a server looks up is not counted.
        self._request("first@example.com")
        for number in range(3):
            for address in (ADDRESS, f"unknown{number}@example.com"):
                token = self._get_token()
                before = self.cr.sql_log_count
                response = self._request(address, token=token)
                works.add(self.cr.sql_log_count - before)
                text = re.sub(r'value="\w+o\d+"', "", response.text)
                headers = {
                    key: value
                    for key, value in response.headers.items()
                    if key not in ("Date", "Set-Cookie")
                }
                answers.add((response.status_code, text, str(sorted(headers.items()))))
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(works), 1, "the same work for known and unknown addresses")

    def test_one_address_of_two_clients_gets_a_link_for_each(self) -> None:
        self._create_partner(
            name="Comptable", parent_id=self.client_de.id, email=ADDRESS
        )
        self._request(ADDRESS)
        self.assertEqual(self._answer(), [[ADDRESS], [ADDRESS]])

    def test_t24_mails_for_one_address_are_limited(self) -> None:
        token = self._get_token()
        for _number in range(9):
            self.assertEqual(self._request(ADDRESS, token=token).status_code, 200)
        self.assertEqual(self.requests.search_count([]), 5)
        self.assertEqual(len(self._answer()), 5)

    def test_t24_addresses_from_one_network_are_limited(self) -> None:
        token = self._get_token()
        for number in range(25):
            headers = {"X-Forwarded-For": f"10.0.0.{number}"}
            data = {"csrf_token": token, "email": f"{number}@example.com"}
            self.url_open("/my/access/request", data=data, headers=headers)
        self.assertEqual(self.requests.search_count([]), 20)

    def test_expired_link_mails_a_fresh_one(self) -> None:
        self.link.expires_at = fields.Datetime.now()
        page = self._post(f"/my/access/{self.selector}/renew", email="evil@example.com")
        self.assertNotIn("@", page.text)
        self.assertEqual(self._answer(), [[ADDRESS]])
        [url] = LINK.findall(self._get_text())
        self.assertNotIn(self.selector, url)

    def test_fresh_link_goes_to_the_address_on_file_today(self) -> None:
        self.contact_fr.email = "new@example.com"
        self._post(f"/my/access/{self.selector}/renew")
        self.assertEqual(self._answer(), [["new@example.com"]])

    def test_archived_contact_gets_none(self) -> None:
        self.contact_fr.active = False
        self._post(f"/my/access/{self.selector}/renew")
        self._post(f"/my/access/{'a' * 22}/renew")
        self.assertEqual(self._answer(), [])

    def test_answer_to_renew_tells_nothing(self) -> None:
        answers = set()
        for selector in (self.selector, "a" * 22):
            response = self._post(f"/my/access/{selector}/renew")
            text = re.sub(r'value="\w+o\d+"', "", response.text)
            answers.add((response.status_code, text.replace(selector, "")))
        self.assertEqual(len(answers), 1)


@tagged("post_install", "-at_install")
class TestAccessCode(AccessRequestCommon, JsonRpcMixin):
    """One-time codes: to enter without the secret, and to change data."""

    def _enter_by_code(self, code: str) -> Any:
        return self._post(f"/my/access/{self.selector}", code=code)

    def test_code_lets_in_once(self) -> None:
        code = self._ask_for_code()
        self.assertEqual(self._enter_by_code(code).status_code, 303)
        self.assertTrue(self._is_signed_in())
        self._new_browser()
        self.assertEqual(self._enter_by_code(code).status_code, 403)

    def test_code_is_kept_nowhere(self) -> None:
        code = self._ask_for_code().replace(" ", "")
        self.env.flush_all()
        for table in ("client_hub_access_code", "mail_mail", "mail_message"):
            self.env.cr.execute(f"SELECT * FROM {table}")  # noqa: S608
            rows = str(self.env.cr.fetchall())
            self.assertNotIn(code, rows)
            self.assertNotIn(f"{code[:4]} {code[4:]}", rows)

    def test_code_is_valid_for_ten_minutes(self) -> None:
        code = self._ask_for_code()
        row = self.env["client.hub.access.code"].sudo().search([])
        age = fields.Datetime.now() + timedelta(minutes=10) - row.valid_until
        self.assertLess(abs(age), timedelta(minutes=1))
        row.valid_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self._enter_by_code(code).status_code, 403)

    def test_t26_five_tries_in_all_however_often_asked_anew(self) -> None:
        self._ask_for_code()
        for _number in range(3):
            self.assertEqual(self._enter_by_code(WRONG).status_code, 403)
        self._ask_for_code()
        for _number in range(2):
            self.assertEqual(self._enter_by_code(WRONG).status_code, 403)
        code = self._ask_for_code()
        self.assertEqual(self._enter_by_code(code).status_code, 403)
        self.assertFalse(self._is_signed_in())
        self._visit(self.url)
        self.assertTrue(self._is_signed_in(), "the link itself still works")

    def test_code_of_another_link_is_wrong(self) -> None:
        code = self._ask_for_code()
        other = self._get_secret(self._issue()).selector
        self.assertEqual(self._post(f"/my/access/{other}", code=code).status_code, 403)

    def test_no_code_before_one_was_asked_for(self) -> None:
        for code in (WRONG, "", " ", "x", "1" * 5000):
            self.assertEqual(self._enter_by_code(code).status_code, 403)

    # ------------------------------------------------------------ changes

    def _change(self, **vals: str) -> Any:
        page = self._get("/my/account").text
        token = re.search(r'name="csrf_token"[^>]*value="(\w+)"', page)[1]
        data = {
            "partner_id": str(self.contact_fr.id),
            "address_type": "billing",
            "name": self.contact_fr.name,
            "email": ADDRESS,
            "phone": "1",
            "street": "1 rue",
            "city": "Paris",
            "zipcode": "75004",
            "country_id": str(self.env.ref("base.fr").id),
            **vals,
        }
        return self._post("/my/address/submit", token, **data).json()

    def test_changing_the_address_wants_a_code_to_the_old_one(self) -> None:
        self._visit(self.url)
        for vals in ({"email": "thief@example.com"}, {"name": "Thief"}):
            answer = self._change(**vals)
            self.assertIn("/my/access/code", str(answer.get("messages")))
        self.assertEqual(self.contact_fr.email, ADDRESS)
        self.assertEqual(self.contact_fr.name, "Comptable")
        self._post("/my/access/code/send")
        self.assertEqual(self._answer(), [[ADDRESS]])
        self.assertEqual(self._post("/my/access/code", code=WRONG).status_code, 403)
        response = self._post("/my/access/code", code=self._get_code())
        self.assertEqual(response.status_code, 200)
        self._change(name="Comptable Deux")
        self.assertEqual(self.contact_fr.name, "Comptable Deux")

    def test_changing_the_vat_number_wants_a_code(self) -> None:
        # Its own contact, and without invoices, so that Odoo itself has no objection.
        self.contact_fr = self._create_partner(
            name="Solo", email="solo@example.com", is_company=True
        )
        self._visit(self._issue(self.contact_fr))
        vat = {"vat": "FR23334175221", "email": "solo@example.com"}
        self.assertIn("/my/access/code", str(self._change(**vat).get("messages")))
        self.assertFalse(self.contact_fr.vat)
        self._post("/my/access/code/send")
        self.assertEqual(self._answer(), [["solo@example.com"]])
        self._post("/my/access/code", code=self._get_code())
        self._change(**vat)
        self.assertEqual(self.contact_fr.vat, "FR23334175221")

    def test_other_details_want_no_code(self) -> None:
        self._visit(self.url)
        self._change(phone="+33 1 00 00 00 00")
        self.assertEqual(self.contact_fr.phone, "+33 1 00 00 00 00")

    def test_a_password_session_wants_no_code(self) -> None:
        self._create_user(
            "hub_portal", "base.group_portal", partner_id=self.contact_fr.id
        )
        self.authenticate("hub_portal", "hub_portal")
        self._change(name="Comptable Deux")
        self.assertEqual(self.contact_fr.name, "Comptable Deux")

    def test_adding_a_way_to_sign_in_wants_a_code(self) -> None:
        self._visit(self.url)
        user = self.contact_fr.user_ids
        calls = [
            ("change_password", "", "new password 1"),
            ("action_totp_enable_wizard", user.ids),
            ("write", user.ids, {"password": "new password 1"}),
            ("action_create_passkey", user.ids),
        ]
        for method, *args in calls:
            try:
                answer = self._rpc("res.users", method, *args)
            except RpcError:
                continue
            # Core asks who it is first, by a password that there is none of.
            self.assertEqual(answer["res_model"], "res.users.identitycheck", method)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_api_key_wants_a_code(self) -> None:
        params = self.env["ir.config_parameter"].sudo()
        params.set_param("portal.allow_api_keys", "True")
        self._visit(self.url)
        user = self.contact_fr.user_ids
        self.assertIn("/my/access/code", self._make_api_key(user))
        self.assertFalse(user.sudo().api_key_ids)
        self._post("/my/access/code/send")
        self._answer()
        self._post("/my/access/code", code=self._get_code())
        self.assertEqual(self._make_api_key(user), "")
        self.assertTrue(user.sudo().api_key_ids)

    def _make_api_key(self, user: Any) -> str:
        """Make a key as the page does; return the error."""
        session = root.session_store.get(self._get_sid())
        session["identity-check-last"] = time.time()
        root.session_store.save(session)
        model = "res.users.apikeys.description"
        try:
            made = self._rpc(model, "create", {"name": "Shop", "duration": "1"})
            self._rpc(model, "make_key", [made])
        except RpcError as error:
            return str(error)
        user.invalidate_recordset()
        return ""

    def test_code_page_of_others(self) -> None:
        self.assertNotEqual(self._get("/my/access/code").status_code, 200)
        with mute_logger("odoo.http"):
            response = self._post("/my/access/code", code=WRONG)
        self.assertNotEqual(response.status_code, 200)

    def test_code_made_twice_is_one(self) -> None:
        codes = self.env["client.hub.access.code"].sudo()
        first = codes._make(self.link, "entry")
        self.assertEqual(codes._make(self.link, "entry"), first)
        self.assertEqual(len(codes.search([("link_id", "=", self.link.id)])), 1)
