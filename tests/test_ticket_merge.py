from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .ticket_common import TicketCommon

MERGE = "client.hub.ticket.merge"


@tagged("post_install", "-at_install")
class TestTicketMerge(TicketCommon):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.second = cls._create_ticket(
            subject="Again", description="<p>It is still wrong.</p>"
        )

    def _merge(self, tickets: Any, user: Any = None, target: Any = None) -> Any:
        wizards = self.env[MERGE].with_user(user or self.hub_user)
        wizard = Form(wizards.with_context(active_ids=tickets.ids))
        if target:
            wizard.target_id = target
        return wizard.save().action_merge()

    def test_talk_files_and_followers_move(self) -> None:
        self._answer(
            self.second, "See the file.", attachments=[("file.txt", b"content")]
        )
        file = self.env["ir.attachment"].sudo().search([("name", "=", "file.txt")])
        self._note(self.second, "Between us.")
        self.second.message_subscribe(self.colleague_fr.ids)
        action = self._merge(self.ticket + self.second)
        self.assertEqual(action["res_id"], self.ticket.id)
        self.assertEqual(self.second.state, "closed")
        bodies = "".join(self.ticket.message_ids.mapped("body"))
        for text in ("still wrong", "See the file.", "Between us.", "Why is it 100"):
            self.assertIn(text, bodies)
        self.assertEqual(file.res_id, self.ticket.id)
        self.assertIn(self.colleague_fr, self.ticket.message_partner_ids)

    def test_activities_move(self) -> None:
        activity = self.second.activity_schedule("mail.mail_activity_data_todo")
        self._merge(self.ticket + self.second)
        self.assertEqual(activity.res_id, self.ticket.id)
        self.assertEqual(self.ticket.activity_ids, activity)

    def test_a_client_is_led_on_only_to_what_they_may_see(self) -> None:
        self._merge(self.ticket + self.second)
        seen = self.second.with_user(self.portal_user)
        self.assertEqual(seen._get_client_successor(), self.ticket)
        foreign = self.second.with_user(self.stranger)
        self.assertFalse(foreign._get_client_successor())
        self.assertFalse(
            self.ticket.with_user(self.portal_user)._get_client_successor()
        )
        self.ticket_de.merged_into_id = self.ticket
        self.assertFalse(
            self.ticket_de.with_user(self.stranger)._get_client_successor()
        )

    def test_internal_notes_stay_internal(self) -> None:
        note = self._note(self.second)
        self._merge(self.ticket + self.second)
        self.assertEqual(note.res_id, self.ticket.id)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        with self.assertRaises(AccessError):
            note.with_user(self.portal_user).read(["body"])

    def test_the_client_gets_no_mail(self) -> None:
        mails = self.env["mail.mail"].sudo()
        before = mails.search_count([])
        self._merge(self.ticket + self.second)
        self.assertEqual(mails.search_count([]), before)

    def test_it_is_our_turn_if_it_was_in_one_of_them(self) -> None:
        self._answer(self.ticket)
        self.assertEqual(self.ticket.state, "waiting")
        self._merge(self.ticket + self.second)
        self.assertEqual(self.ticket.state, "open")

    def test_the_newer_one_may_be_kept(self) -> None:
        self._merge(self.ticket + self.second, target=self.second)
        self.assertEqual(self.ticket.state, "closed")
        self.assertEqual(
            self.second.opened_at, min(self.ticket.opened_at, self.second.opened_at)
        )

    def test_tickets_of_two_clients_are_not_merged(self) -> None:
        with self.assertRaises(UserError):
            self._merge(self.ticket + self.ticket_de)
        self.assertNotEqual(self.ticket_de.state, "closed")

    def test_a_client_that_is_not_known_is_none(self) -> None:
        unknown = self.tickets.create({"subject": "From whom?"})
        with self.assertRaises(UserError):
            self._merge(self.ticket + unknown)
        with self.assertRaises(UserError):
            self._merge(unknown + unknown.copy())

    def test_one_ticket_is_not_merged(self) -> None:
        with self.assertRaises(UserError):
            self._merge(self.ticket)

    def test_what_changed_meanwhile_is_checked_again(self) -> None:
        wizards = self.env[MERGE].with_user(self.hub_user)
        # Nobody has written in it: it may still be given to another client.
        empty = self._create_ticket(description=False)
        both = self.ticket + empty
        wizard = Form(wizards.with_context(active_ids=both.ids)).save()
        empty.partner_id = self.contact_de
        with self.assertRaises(UserError):
            wizard.action_merge()

    def test_others_do_not_merge(self) -> None:
        for user in (self.clerk, self.portal_user):
            with self.assertRaises(AccessError):
                self._merge(self.ticket + self.second, user)
