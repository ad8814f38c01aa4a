from __future__ import annotations

from typing import Any

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RpcError
from .ticket_common import TICKET, TicketAbuseCommon


@tagged("post_install", "-at_install")
class TestTicketCore(TicketAbuseCommon):
    """Odoo's own routes and calls: clients read by them, and do nothing else."""

    def _call(self, path: str, **params: Any) -> dict[str, Any]:
        with mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule"):
            return self.url_open(path, json={"params": params}).json()

    def _post_message(self, ticket: Any, **kwargs: Any) -> dict[str, Any]:
        return self._call(
            "/mail/message/post",
            thread_model=TICKET,
            thread_id=ticket.id,
            post_data={
                "body": "Hi",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            },
            **kwargs,
        )

    def test_nobody_posts_past_the_form(self) -> None:
        for ticket in (self.foreign, self.ticket):
            token = ticket._portal_ensure_token()
            signature = ticket._sign_token(ticket.partner_id.id)
            self.env.flush_all()
            before = self._get_state(ticket)
            for proof in (
                {},
                {"token": token},
                {"hash": signature, "pid": ticket.partner_id.id},
                {"context": {"client_hub_ticket": True}},
            ):
                for user in (self.portal_user, None):
                    login = user and user.login
                    self.authenticate(login, login)
                    self.assertIn("error", self._post_message(ticket, **proof))
            self.assertEqual(self._get_state(ticket), before)

    def test_staff_post_as_ever(self) -> None:
        self._sign_in(self.hub_user)
        self.assertIn("result", self._post_message(self.ticket))
        self.assertEqual(len(self._talk(self.ticket)), 2)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.state, "waiting")

    def test_nobody_uploads_past_the_form(self) -> None:
        for ticket in (self.foreign, self.ticket):
            before = self._get_state(ticket)
            for pending in ("false", "true"):
                with mute_logger("odoo.http"):
                    response = self.url_open(
                        "/mail/attachment/upload",
                        data={
                            "csrf_token": self._get_token(),
                            "thread_model": TICKET,
                            "thread_id": ticket.id,
                            "is_pending": pending,
                            "token": ticket.access_token or "",
                        },
                        files={"ufile": ("a.txt", b"a")},
                    )
                self.assertEqual(response.status_code, 404)
            self.assertEqual(self._get_state(ticket), before)

    def test_nobody_reads_another_clients_thread(self) -> None:
        token = self.foreign._portal_ensure_token()
        self.env.flush_all()
        for path in ("/mail/thread/messages", "/mail/chatter_fetch", "/mail/data"):
            for proof in ({}, {"token": token}):
                answer = self._call(
                    path,
                    thread_model=TICKET,
                    thread_id=self.foreign.id,
                    fetch_params={} if path == "/mail/data" else {"limit": 30},
                    **(proof if path == "/mail/chatter_fetch" else {}),
                )
                self.assertNotIn("Warum denn", str(answer))
                self.assertNotIn("secret.txt", str(answer))

    def test_notes_and_their_files_stay_inside(self) -> None:
        self._note(self.ticket, "Between us.", attachments=[("internal.txt", b"x")])
        self.ticket.user_id = self.hub_user
        self.env.flush_all()
        self.assertNotIn("Between us", self._get(f"/{self.ticket.id}").text)
        answers = [
            self._call(path, thread_model=TICKET, thread_id=self.ticket.id, **more)
            for path, more in (
                ("/mail/thread/messages", {"fetch_params": {"limit": 30}}),
                ("/mail/chatter_fetch", {"fetch_params": {"limit": 30}}),
            )
        ]
        answers.append(
            self._call(
                "/mail/data",
                fetch_params=[
                    [
                        "mail.thread",
                        {
                            "thread_model": TICKET,
                            "thread_id": self.ticket.id,
                            "request_list": ["attachments", "followers", "activities"],
                        },
                    ]
                ],
            )
        )
        for answer in answers:
            self.assertNotIn("Between us", str(answer))
            self.assertNotIn("internal.txt", str(answer))

    def test_notes_are_not_guessed_by_searching(self) -> None:
        self._note(self.ticket, "Between us.")
        self.env.flush_all()
        for name in (
            "website_message_ids.body",
            "message_ids.body",
            "message_follower_ids.partner_id.name",
            "activity_ids.note",
            "client_link_partner_ids.name",
            "form_key",
        ):
            with self.subTest(name), self.assertRaises(RpcError):
                self._rpc(TICKET, "search_count", [(name, "ilike", "B")])

    def test_calls_change_nothing(self) -> None:
        for ticket in (self.foreign, self.ticket):
            message = self._talk(ticket)[0]
            before = self._get_state(ticket)
            ids = ticket.ids
            for call in (
                (TICKET, "write", ids, {"state": "closed"}),
                (TICKET, "unlink", ids),
                (TICKET, "copy", ids),
                (TICKET, "create", {"subject": "x"}),
                (TICKET, "action_close", ids),
                (TICKET, "action_reopen", ids),
                (TICKET, "message_post", ids),
                (TICKET, "message_subscribe", ids, self.colleague_fr.ids),
                (TICKET, "message_unsubscribe", ids, self.contact_de.ids),
                ("mail.message", "create", self._get_message_vals(ticket)),
                ("mail.message", "write", message.ids, {"body": "Changed"}),
                ("mail.message", "unlink", message.ids),
            ):
                with self.subTest(call), self.assertRaises(RpcError):
                    self._rpc(*call)
            self.assertEqual(self._get_state(ticket), before)
            self.assertNotIn("Changed", message.body)

    def _get_message_vals(self, ticket: Any) -> dict[str, Any]:
        return {
            "model": TICKET,
            "res_id": ticket.id,
            "body": "x" * 100_000,
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_comment").id,
        }

    def test_private_methods_are_not_called(self) -> None:
        for name in ("_client_close", "_client_open", "_post_question", "_note_talk"):
            with self.assertRaises(RpcError):
                self._rpc(TICKET, name, self.ticket.ids)

    def test_what_was_sent_is_not_changed(self) -> None:
        message = self._talk(self.ticket)[0]
        body = message.body
        for path, params in (
            (
                "/mail/message/update_content",
                {"message_id": message.id, "update_data": {"body": "Other"}},
            ),
            (
                "/mail/update_is_internal",
                {"message_id": message.id, "is_internal": True},
            ),
            (
                "/mail/message/reaction",
                {"message_id": message.id, "content": "x", "action": "add"},
            ),
        ):
            with self.subTest(path):
                self.assertIn("error", self._call(path, **params))
        self.env.invalidate_all()
        self.assertEqual(message.body, body)
        self.assertFalse(message.is_internal)
        self.assertFalse(message.reaction_ids)

    def test_clients_read_their_tickets_by_calls(self) -> None:
        rows = self._rpc(TICKET, "search_read", [], ["subject", "state"])
        self.assertEqual([row["id"] for row in rows], self.ticket.ids)
        with self.assertRaises(RpcError):
            self._rpc(TICKET, "read", self.foreign.ids, ["subject"])
        with self.assertRaises(RpcError):
            self._rpc(TICKET, "read", self.ticket.ids, ["user_id"])
        with self.assertRaises(RpcError):
            self._rpc(TICKET, "search_count", [("user_id", "!=", False)])
        self.assertEqual(
            self._rpc(TICKET, "search_count", [("state", "!=", "closed")]), 1
        )

    def test_no_note_is_read_by_calls(self) -> None:
        by_mail = self._note(self.ticket)
        by_mail.sudo().message_type = "email"
        logged = self.ticket.message_post(
            body="Between us.",
            message_type="notification",
            subtype_xmlid="mail.mt_note",
        )
        self.env.flush_all()
        for note in (by_mail, logged):
            with self.assertRaises(RpcError):
                self._rpc("mail.message", "read", note.ids, ["body"])
        answer = self._answer(self.ticket)
        [row] = self._rpc("mail.message", "read", answer.ids, ["body"])
        self.assertIn("Here is why.", row["body"])
