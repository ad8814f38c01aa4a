from __future__ import annotations

from typing import Any

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RpcError
from .ticket_common import TICKET, TicketAbuseCommon, TicketCommon

MERGE = "client.hub.ticket.merge"
MODELS = (MERGE, f"{TICKET}.member", f"{TICKET}.target", f"{TICKET}.tag")
SETTINGS = (
    "client_hub_ticket_alias_id",
    "client_hub_ticket_alias_name",
    "client_hub_ticket_assignment",
    "client_hub_ticket_member_ids",
)


@tagged("post_install", "-at_install")
class TestTicketRights(TicketAbuseCommon):
    """What staff do with tickets, called by a client."""

    def test_clients_call_nothing_that_is_for_staff(self) -> None:
        for ticket in (self.foreign, self.ticket):
            before = self._get_state(ticket)
            for name in ("action_mail_again", "action_assign_to_me", "action_close"):
                with self.subTest(name), self.assertRaises(RpcError):
                    self._rpc(TICKET, name, ticket.ids)
            self.assertEqual(self._get_state(ticket), before)
        self.assertIs(self._rpc(TICKET, "get_waiting_count"), False)

    def test_clients_reach_no_model_of_staff(self) -> None:
        for model in MODELS:
            for call in (
                ("search_read", [], ["id"]),
                ("create", {}),
                ("default_get", ["ticket_ids", "target_id"]),
            ):
                if call[0] == "default_get" and model != MERGE:
                    continue
                with self.subTest(model, call=call[0]), self.assertRaises(RpcError):
                    self._rpc(model, *call)

    def test_clients_read_no_setting(self) -> None:
        for name in SETTINGS:
            with self.subTest(name), self.assertRaises(RpcError):
                self._rpc("res.company", "read", self.company.ids, [name])

    def test_clients_read_no_field_of_staff(self) -> None:
        for name in (
            "user_id",
            "priority",
            "tag_ids",
            "email_from",
            "client_verdict",
            "is_late",
            "client_placeholder_answer",
        ):
            with self.subTest(name), self.assertRaises(RpcError):
                self._rpc(TICKET, "read", self.ticket.ids, [name])
            # Whether a field that is required is filled in, Odoo does not ask.
            value = "1" if name == "priority" else False
            with self.subTest(name), self.assertRaises(RpcError):
                self._rpc(TICKET, "search", [(name, "!=", value)])

    def test_files_of_a_merged_ticket_are_still_the_client_s(self) -> None:
        second = self._create_ticket(subject="Again")
        self._answer(second, attachments=[("plan.txt", b"the plan")])
        self._note(second, attachments=[("internal.txt", b"between us")])
        wizards = self.env[MERGE].with_user(self.hub_user)
        wizards.with_context(active_ids=(self.ticket + second).ids).create(
            {"target_id": self.ticket.id}
        ).action_merge()
        self.env.flush_all()
        files = self.env["ir.attachment"].sudo()
        plan = files.search([("name", "=", "plan.txt")], limit=1)
        internal = files.search([("name", "=", "internal.txt")], limit=1)
        response = self._get(f"/{self.ticket.id}/file/{plan.id}")
        self.assertEqual(response.content, b"the plan")
        page = html.fromstring(self._get(f"/{self.ticket.id}").text).text_content()
        self.assertIn("plan.txt", page)
        self.assertNotIn("internal.txt", page)
        self._get(f"/{self.ticket.id}/file/{internal.id}", 404)
        [link] = self._page(f"/{second.id}").xpath("//div[@name='successor']/a/@href")
        self.assertEqual(link, self.ticket.access_url)
        self._sign_in(self.stranger)
        self._get(f"/{self.ticket.id}/file/{plan.id}", 404)


@tagged("post_install", "-at_install")
class TestTicketStaffRights(TicketCommon):
    """What only some of the staff may do."""

    def _merge(self, user: Any, tickets: Any, target: Any) -> None:
        wizard = (
            self.env[MERGE]
            .with_user(user)
            .create(
                {
                    "ticket_ids": [Command.set(tickets.ids)],
                    "target_id": target.id,
                }
            )
        )
        wizard.action_merge()

    def test_others_of_the_staff_do_nothing(self) -> None:
        ticket = self.ticket.with_user(self.clerk)
        for name in (
            "action_mail_again",
            "action_assign_to_me",
            "action_close",
            "action_reopen",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(ticket, name)()
        self.assertFalse(self.ticket.user_id)
        self.assertIs(ticket.get_waiting_count(), False)
        with self.assertRaises(AccessError):
            ticket.message_post(body="Hm", subtype_xmlid="mail.mt_comment")

    def test_others_of_the_staff_change_no_setting(self) -> None:
        for user in (self.clerk, self.hub_user):
            company = self.company.with_user(user)
            for name in SETTINGS[1:3]:
                with self.subTest(name), self.assertRaises(AccessError):
                    company.write({name: "turn"})
        self.assertFalse(self.company.sudo().client_hub_ticket_alias_id)

    def test_the_ticket_that_is_kept_is_checked_like_the_others(self) -> None:
        second = self._create_ticket(subject="Again")
        before = self._talk(self.ticket_de)
        with self.assertRaises(UserError):
            self._merge(self.hub_user, self.ticket + second, self.ticket_de)
        self.assertEqual(self._talk(self.ticket_de), before)
        self.assertNotEqual(second.state, "closed")

    def test_tickets_of_another_company_are_not_merged(self) -> None:
        # sudo: what the tests prepare is not about rights.
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        foreign = self.tickets.create(
            {
                "subject": "Elsewhere",
                "company_id": other.id,
                "partner_id": self.contact_fr.id,
            }
        )
        for target in (self.ticket, foreign):
            with self.subTest(target.subject), self.assertRaises(UserError):
                self._merge(self.hub_user, self.ticket + foreign, target)
        wizards = self.env[MERGE].with_user(self.hub_user)
        with self.assertRaises(UserError):
            wizards.with_context(active_ids=(self.ticket + foreign).ids).default_get(
                ["ticket_ids"]
            )
        self.assertNotEqual(foreign.state, "closed")

    def test_merging_nothing_or_what_is_gone_is_a_clear_error(self) -> None:
        wizards = self.env[MERGE].with_user(self.hub_user)
        for ids in ([], [self.ticket.id, self.ticket.id + 10_000], None):
            with self.subTest(ids), self.assertRaisesRegex(UserError, "^Tickets: "):
                wizards.with_context(active_ids=ids).default_get(["ticket_ids"])
        with self.assertRaisesRegex(UserError, "^Tickets: "):
            wizards.default_get(["ticket_ids"])
