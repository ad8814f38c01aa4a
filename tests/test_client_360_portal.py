from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import JsonRpcMixin
from .test_client_360_estimate import NAME, EstimateCommon

OPEN_ITEMS = "client.hub.open.item"
INVOICE_STATE = "client_invoice_state"
REGISTER_PAYMENT = "action_client_register_payment"
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAA"
    "SUVORK5CYII="
)


@tagged("post_install", "-at_install")
class TestClient360Portal(EstimateCommon, JsonRpcMixin, HttpCase):
    """What the client answers in the portal, over HTTP."""

    def test_rejected_by_an_anonymous_visitor_with_the_link(self) -> None:
        self.authenticate(None, None)
        self._decline(self.estimate, access_token=self.estimate._portal_ensure_token())
        self.assertEqual(self._get_state(), "rejected")
        self.assertEqual(self.estimate.client_rejected_by_id, self.client_fr)
        self._assert_answer(self.estimate.client_rejected_on, "Atelier du Quai")
        age = fields.Datetime.now() - self.estimate.client_rejected_on
        self.assertLess(age, timedelta(minutes=5))

    def test_rejected_by_a_contact_who_is_signed_in(self) -> None:
        self.estimate.message_subscribe(self.contact_fr.ids)
        self.authenticate("estimate_portal", "estimate_portal")
        self._decline(self.estimate)
        self.assertEqual(self._get_state(), "rejected")
        self.assertEqual(self.estimate.client_rejected_by_id, self.contact_fr)

    def test_rejection_is_an_event(self) -> None:
        self.authenticate(None, None)
        self._decline(self.estimate, access_token=self.estimate._portal_ensure_token())
        [event] = self._get_events("rejected")
        self.assertEqual(event.author_id, self.client_fr)
        self.assertEqual(event.date, self.estimate.client_rejected_on)
        mails = self._get_events("mail").mapped("summary")
        self.assertIn("Too expensive", mails)

    def test_acceptance_is_an_event(self) -> None:
        self.authenticate(None, None)
        self._accept(self.estimate._portal_ensure_token())
        self.assertEqual(self._get_state(), "accepted")
        self._assert_answer(self.estimate.signed_on, "Anne Client")
        [event] = self._get_events("accepted")
        self.assertEqual(event.date, self.estimate.signed_on)
        self.assertEqual(event.name, self.estimate.name)

    def test_acceptance_stays_an_event_after_staff_cancel(self) -> None:
        self.authenticate(None, None)
        self._accept(self.estimate._portal_ensure_token())
        self.estimate._action_cancel()
        self.assertEqual(self._get_state(), "cancelled")
        self.assertEqual(len(self._get_events("accepted")), 1)

    def test_wrong_token_rejects_nothing(self) -> None:
        self.authenticate(None, None)
        for token in ("", "wrong", self._create_estimate()._portal_ensure_token()):
            self._decline(self.estimate, access_token=token)
            self.assertEqual(self._get_state(), "sent")
        self.assertFalse(self.estimate.client_rejected_on)

    def test_another_client_rejects_nothing(self) -> None:
        stranger = self._create_estimate(partner_id=self.client_de.id)
        self.authenticate("estimate_portal", "estimate_portal")
        self._decline(stranger)
        self.assertEqual(self._get_state(stranger), "sent")
        self.assertFalse(stranger.client_rejected_on)

    def test_estimate_that_does_not_exist_is_no_error(self) -> None:
        self.authenticate(None, None)
        gone = self._create_estimate()
        token = gone._portal_ensure_token()
        path = f"/my/orders/{gone.id}/decline"
        gone._action_cancel()
        gone.unlink()
        response = self._post(path, access_token=token, decline_message="No")
        self.assertLess(response.status_code, 400)

    def test_rejection_without_a_reason_rejects_nothing(self) -> None:
        self.authenticate(None, None)
        token = self.estimate._portal_ensure_token()
        self._decline(self.estimate, access_token=token, decline_message="")
        self.assertEqual(self._get_state(), "sent")
        self.assertFalse(self.estimate.client_rejected_on)

    def test_client_cannot_reject_what_staff_have_cancelled(self) -> None:
        self.authenticate(None, None)
        self.estimate._action_cancel()
        self._decline(self.estimate, access_token=self.estimate._portal_ensure_token())
        self.assertEqual(self._get_state(), "cancelled")

    def test_client_cannot_reject_what_is_accepted(self) -> None:
        self.authenticate(None, None)
        self.estimate.action_confirm()
        self._decline(self.estimate, access_token=self.estimate._portal_ensure_token())
        self.assertEqual(self._get_state(), "accepted")
        self.assertFalse(self.estimate.client_rejected_on)

    def test_opening_the_address_rejects_nothing(self) -> None:
        self.authenticate(None, None)
        token = self.estimate._portal_ensure_token()
        path = f"/my/orders/{self.estimate.id}/decline"
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"{path}?access_token={token}&decline_message=No", allow_redirects=False
            )
        self.assertIn(response.status_code, (404, 405))
        self.assertEqual(self._get_state(), "sent")

    def test_post_from_another_site_rejects_nothing(self) -> None:
        self.authenticate(None, None)
        token = self.estimate._portal_ensure_token()
        path = f"/my/orders/{self.estimate.id}/decline"
        data = {"access_token": token, "decline_message": "No", "csrf_token": "x"}
        with mute_logger("odoo.http"):
            response = self.url_open(path, data=data)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._get_state(), "sent")

    def _decline(self, estimate: Any, **data: str) -> None:
        self._post(
            f"/my/orders/{estimate.id}/decline",
            **{"decline_message": "Too expensive", **data},
        )

    def _post(self, path: str, **data: str) -> Any:
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(path, data=data, allow_redirects=False)

    def _accept(self, token: str) -> None:
        params = {
            "access_token": token,
            "name": "Anne Client",
            "signature": SIGNATURE,
        }
        self.url_open(
            f"/my/orders/{self.estimate.id}/accept",
            json={"jsonrpc": "2.0", "method": "call", "params": params},
        )

    def _get_events(self, kind: str) -> Any:
        self.env.flush_all()
        return self.env["client.hub.event"].search(
            [
                ("client_id", "=", self.client_fr.id),
                ("res_model", "=", "sale.order"),
                ("kind", "=", kind),
            ]
        )

    # ------------------------------------------------------- no access to the page

    def test_portal_users_reach_nothing_of_the_page(self) -> None:
        self.authenticate("estimate_portal", "estimate_portal")
        for model in ("client.hub.event", "client.hub.money.received", OPEN_ITEMS):
            self._assert_rpc_denied(model, "search_read", [], ["client_id"])
        partner = [self.contact_fr.id]
        for name in ("client_chart", "client_ageing", "client_verdict"):
            self._assert_rpc_denied("res.partner", "read", partner, [name])
        self._assert_rpc_denied("res.partner", REGISTER_PAYMENT, partner)

    def test_portal_users_see_no_state_of_the_page(self) -> None:
        self.estimate.message_subscribe(self.contact_fr.ids)
        self.authenticate("estimate_portal", "estimate_portal")
        self.assertTrue(self._rpc("sale.order", "search", [("state", "=", "sent")]))
        for model, name in (("sale.order", NAME), ("account.move", INVOICE_STATE)):
            self._assert_rpc_denied(model, "search_read", [], [name])
            self._assert_rpc_denied(model, "search", [(name, "=", "sent")])
            self._assert_rpc_denied(model, "search", [], order=name)
        hidden = ("client_rejected_on", "client_rejected_by_id", "client_answered_by")
        for name in hidden:
            self._assert_rpc_denied("sale.order", "read", self.estimate.ids, [name])
