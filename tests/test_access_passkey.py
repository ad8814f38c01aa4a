from __future__ import annotations

import hashlib
import json
import struct
import time
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.http import root
from odoo.tests import tagged

from .access_link_common import ADDRESS
from .access_request_common import AccessRequestCommon
from .common import JsonRpcMixin, RpcError

# User present, user verified, attested credential data included.
_FLAGS = 0x45


@tagged("post_install", "-at_install", "-standard", "client_hub_beside")
class TestAccessPasskey(AccessRequestCommon, JsonRpcMixin):
    """Adding a passkey after entering by a link; needs the module of passkeys."""

    def setUp(self) -> None:
        super().setUp()
        self.user = self._create_user(
            "hub_portal",
            "base.group_portal",
            partner_id=self.contact_fr.id,
            email=ADDRESS,
        )
        self._visit(self.url)

    def _type_code(self) -> None:
        self._post("/my/access/code/send")
        self._answer()
        answer = self._post("/my/access/code", code=self._get_code())
        self.assertEqual(answer.status_code, 200)

    def _give_password(self) -> None:
        """Do as if the client had proved the password shortly before."""
        session = root.session_store.get(self._get_sid())
        session["identity-check-last"] = time.time()
        root.session_store.save(session)

    def _add_passkey(self, action: dict[str, Any]) -> bool:
        """Do what a browser and an authenticator do with the answer of the server."""
        self.assertEqual(action["res_model"], "auth.passkey.key.create")
        answer = self._make_credential(action["context"]["registration"])
        wizard = self._rpc(action["res_model"], "create", {"name": "Phone"})
        return self._rpc(action["res_model"], "make_key", wizard, answer)

    def _make_credential(self, options: dict[str, Any]) -> dict[str, Any]:
        base = urlsplit(self.base_url())
        public = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1}
        key |= {-2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        credential_id = b"sixteen bytes id"
        data = hashlib.sha256(options["rp"]["id"].encode()).digest()
        data += struct.pack(">BI16xH", _FLAGS, 0, len(credential_id))
        data += credential_id + cbor2.dumps(key)
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        client = {"type": "webauthn.create", "challenge": options["challenge"]}
        client |= {"origin": f"{base.scheme}://{base.netloc}", "crossOrigin": False}
        return {
            "id": _encode(credential_id),
            "rawId": _encode(credential_id),
            "type": "public-key",
            "response": {
                "attestationObject": _encode(cbor2.dumps(attestation)),
                "clientDataJSON": _encode(json.dumps(client).encode()),
            },
        }

    def _count_passkeys(self) -> int:
        self.env.invalidate_all()
        return len(self.user.sudo().auth_passkey_key_ids)

    def _assert_wants_code(self, *call: Any) -> None:
        with self.assertRaises(RpcError) as caught:
            self._rpc(*call)
        self.assertIn("/my/access/code", str(caught.exception))

    def test_page_offers_passkeys(self) -> None:
        self.assertIn("portal_passkey_add", self._get("/my/security").text)

    def test_code_is_wanted_before_the_authenticator_is_asked(self) -> None:
        self._assert_wants_code("res.users", "action_create_passkey", self.user.ids)
        self._type_code()
        wizard = self._rpc("res.users", "action_create_passkey", self.user.ids)
        self.assertEqual(wizard["res_model"], "res.users.identitycheck")
        action = self._rpc(
            wizard["res_model"],
            "run_check",
            wizard["res_id"],
            context={"password": "hub_portal"},
        )
        self.assertTrue(self._add_passkey(action))
        self.assertEqual(self._count_passkeys(), 1)
        self.assertTrue(self._is_signed_in())

    def test_code_is_wanted_also_where_the_password_was_given_before(self) -> None:
        self._give_password()
        action = self._rpc("res.users", "action_create_passkey", self.user.ids)
        with self.assertRaises(RpcError) as caught:
            self._add_passkey(action)
        self.assertIn("/my/access/code", str(caught.exception))
        self.assertEqual(self._count_passkeys(), 0)

    def test_a_password_session_wants_no_code(self) -> None:
        self._new_browser()
        self.authenticate("hub_portal", "hub_portal")
        self._give_password()
        action = self._rpc("res.users", "action_create_passkey", self.user.ids)
        self.assertTrue(self._add_passkey(action))
        self.assertEqual(self._count_passkeys(), 1)


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
