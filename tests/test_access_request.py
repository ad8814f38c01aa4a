from __future__ import annotations

import re
import socket
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .access_link_common import ADDRESS, AccessLinkHttpCommon
from .common import JsonRpcMixin, RpcError
from .mail_common import HOST, Inbox

LINK = re.compile(r"https?://[^\s\"'<>]*/my/access/[^\s\"'<>]+")
WRONG = "00000000"


class AccessRequestCommon(AccessLinkHttpCommon):
    """A mailbox that receives what visitors ask for."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        cls.inbox = Inbox()
        server = Controller(cls.inbox, hostname=HOST, port=port)
        server.start()
        cls.addClassCleanup(server.stop)
        servers = cls.env["ir.mail_server"].sudo()
        servers.search([]).active = False
        servers.create({"name": "Inbox", "smtp_host": HOST, "smtp_port": port})
        cls.requests = cls.env["client.hub.access.request"].sudo()
        cls.requests.search([]).unlink()

    def setUp(self) -> None:
        super().setUp()
        self.inbox.mails.clear()
        # Tests deliver no mail otherwise.
        enabled = patch.object(IrMail_Server, "_disable_send", return_value=False)
        self.startPatcher(enabled)
        self.url = self._issue(record=self.invoice)
        self.link = self._get_link(self.url)
        self.selector = self._get_secret(self.url).selector

    def _answer(self) -> list[list[str]]:
        """Answer what was asked for; return to whom mails went."""
        self.env.invalidate_all()
        self.env.ref("client_hub.access_request_cron").sudo().method_direct_trigger()
        return [to for to, _mail in self.inbox.mails]

    def _get_text(self) -> str:
        [(_to, mail)] = self.inbox.mails
        return mail.get_body(("html", "plain")).get_content()

    def _get_code(self) -> str:
        return re.search(r">\s*(\d{4} \d{4})\s*<", self._get_text())[1]

    def _ask_for_code(self) -> str:
        self._post(f"/my/access/{self.selector}/renew")
        self.assertEqual(self._answer(), [[ADDRESS]])
        code = self._get_code()
        self.inbox.mails.clear()
        return code


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
