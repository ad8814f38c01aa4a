from __future__ import annotations

from typing import Any

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .access_request_common import AccessRequestCommon


@tagged("post_install", "-at_install")
class TestAccessSavedCard(AccessRequestCommon, AccountPaymentCommon):
    """Whoever has only the mail does not pay with a card that the client saved."""

    def setUp(self) -> None:
        super().setUp()
        self.card = self._create_token(partner_id=self.contact_fr.id)
        self._visit(self.url)

    def _pay(self, token_id: int | None, **params: Any) -> dict[str, Any]:
        values = {
            # As in the page that was touched, which held none.
            "access_token": "",
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "token_id": token_id,
            "amount": 100.0,
            "flow": "token" if token_id else "redirect",
            "tokenization_requested": False,
            "landing_route": "/my",
            **params,
        }
        rpc = {"jsonrpc": "2.0", "method": "call", "params": values}
        path = f"/invoice/transaction/{self.invoice.id}"
        with mute_logger("odoo.http"):
            return self.url_open(path, json=rpc).json()

    def _get_transactions(self) -> Any:
        transactions = self.env["payment.transaction"].sudo()
        return transactions.search([("invoice_ids", "in", self.invoice.ids)])

    def test_saved_card_wants_a_code(self) -> None:
        answer = self._pay(self.card.id)
        self.assertIn("/my/access/code", answer["error"]["data"]["message"])
        self.assertFalse(self._get_transactions())
        self._post("/my/access/code/send")
        self._answer()
        response = self._post("/my/access/code", code=self._get_code())
        self.assertEqual(response.status_code, 200)
        self._pay(self.card.id)
        self.assertEqual(self._get_transactions().token_id, self.card)

    def test_leaving_the_session_of_the_link_is_not_enough(self) -> None:
        token = self.invoice._portal_ensure_token()
        page = f"/my/invoices/{self.invoice.id}?access_token={token}"
        card = self.card.display_name
        self.assertIn(card, self._get(page).text)
        self._new_browser()
        answer = self._pay(self.card.id, access_token=token)
        self.assertIn("sign in", answer["error"]["data"]["message"])
        self.assertFalse(self._get_transactions())
        anonymous = self._get(page)
        self.assertEqual(anonymous.status_code, 200)
        self.assertNotIn(card, anonymous.text)
        self._pay(None, access_token=token)
        self.assertEqual(len(self._get_transactions()), 1)

    def test_new_card_wants_none(self) -> None:
        self._pay(None)
        transaction = self._get_transactions()
        self.assertEqual(len(transaction), 1)
        self.assertFalse(transaction.token_id)

    def test_t43_currency_payer_and_invoices_are_not_the_browser_s(self) -> None:
        forged = {
            "currency_id": self.env.ref("base.JPY").id,
            "partner_id": self.client_de.id,
            "invoice_ids": self.invoice_de.ids,
        }
        for name, value in forged.items():
            self.assertIn("error", self._pay(None, **{name: value}), name)
        self.assertFalse(self._get_transactions())
        self._pay(None)
        transaction = self._get_transactions()
        self.assertEqual(transaction.currency_id, self.invoice.currency_id)
        self.assertEqual(transaction.invoice_ids, self.invoice)
