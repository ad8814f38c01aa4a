from __future__ import annotations

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.client_unsent_mail import ACTIVITY
from ..models.ticket_mail import TEMPLATE
from .ticket_mail_common import SUPPORT, TicketMailCommon

BROKEN = "<p><t t-out='1 / (0 if object.subject == \"Broken\" else 1)'/></p>"


@tagged("post_install", "-at_install")
class TestTicketMail(TicketMailCommon):
    """What clients are mailed about their tickets."""

    # ------------------------------------------------------------------ first mail

    def test_a_question_is_acknowledged(self) -> None:
        self._create_ticket(subject="Where is it?", channel="portal")
        mail = self._mail_to(self.contact_fr)
        self.assertIn("Where is it?", mail["Subject"])
        self.assertIn("received your request", self._text_of(mail))
        self.assertIn("/my/access/", self._text_of(mail))
        self.assertEqual(mail["Auto-Submitted"], "auto-replied")

    def test_what_staff_type_in_is_told_if_they_want(self) -> None:
        self._create_ticket(subject="Quiet")
        self._create_ticket(self.contact_de, subject="Loud", tell_client=True)
        self.assertFalse(self._mails_to(self.contact_fr))
        self.assertIn("Loud", self._mail_to(self.contact_de)["Subject"])

    def test_nobody_is_acknowledged_without_end(self) -> None:
        for number in range(8):
            self._create_ticket(subject=str(number), channel="portal")
        self.assertLessEqual(len(self._mails_to(self.contact_fr)), 5)

    def test_no_address_no_mail_and_no_error(self) -> None:
        self.contact_fr.email = False
        self._create_ticket(channel="portal")
        self._send_all()
        texts = [self._text_of(mail) for _to, mail in self.inbox.mails]
        self.assertNotIn("received your request", "".join(texts))

    # ------------------------------------------------------------------ answers

    def test_an_answer_is_mailed_with_a_link_of_its_own(self) -> None:
        self._answer(self.ticket, "It is on its way.")
        mail = self._mail_to(self.contact_fr)
        self.assertIn(self.ticket.name, mail["Subject"])
        self.assertIn("It is on its way.", self._text_of(mail))
        self.assertIn("/my/access/", self._text_of(mail))
        self.assertIn(SUPPORT, mail["Reply-To"])
        for secret in ("access_token=", "&amp;pid=", "auth_signup_token"):
            self.assertNotIn(secret, self._text_of(mail))

    def test_in_the_language_of_the_contact(self) -> None:
        self.contact_fr.lang = "zh_CN"
        # Odoo reads the languages of recipients past the cache.
        self.env.flush_all()
        self._answer(self.ticket, "好的")
        text = self._text_of(self._mail_to(self.contact_fr))
        self.assertIn("好的", text)
        self.assertNotIn("Dear", text)

    def test_notes_are_never_mailed_to_clients(self) -> None:
        self._note(self.ticket)
        self.assertFalse(self._mails_to(self.contact_fr))

    def test_files_come_along(self) -> None:
        self._answer(self.ticket, attachments=[("plan.txt", b"the plan")])
        mail = self._mail_to(self.contact_fr)
        self.assertIn("plan.txt", [part.get_filename() for part in mail.walk()])

    def test_the_responsible_gets_the_client_s_words_as_odoo_writes_them(self) -> None:
        self.ticket.with_user(self.hub_manager).user_id = self.hub_user
        self._send_all()
        self.inbox.mails.clear()
        self.ticket.with_user(self.portal_user).sudo().message_post(
            author_id=self.contact_fr.id,
            body="Still nothing.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mail = self._mail_to(self.hub_user)
        self.assertIn("Still nothing.", self._text_of(mail))
        self.assertNotIn("You can read and answer", self._text_of(mail))
        self.assertFalse(self._mails_to(self.contact_fr))

    # ------------------------------------------------------------------ own words

    def test_the_client_s_own_words_and_no_others(self) -> None:
        self._write_own_text(
            self.client_fr,
            "<p>Cher ami: <t t-out='object.client_placeholder_answer'/></p>",
            "Affaire {{ object.client_placeholder_number }}",
        )
        self._answer(self.ticket, "C'est fait.")
        self._answer(self.ticket_de, "Schon fertig.")
        french, german = self._mail_to(self.contact_fr), self._mail_to(self.contact_de)
        self.assertEqual(french["Subject"], f"Affaire {self.ticket.name}")
        self.assertIn("Cher ami", self._text_of(french))
        self.assertIn("C'est fait.", self._text_of(french).replace("&#39;", "'"))
        self.assertNotIn("You can read and answer", self._text_of(french))
        self.assertNotIn("Cher ami", self._text_of(german))
        self.assertIn("You can read and answer", self._text_of(german))

    def test_own_words_are_in_the_language_of_each_contact(self) -> None:
        answer = "<t t-out='object.client_placeholder_answer'/>"
        for client in (self.client_fr, self.client_de):
            text = self._write_own_text(client, f"<p>In English: {answer}</p>", "Own")
            text.with_context(lang="zh_CN").write(
                {"subject": "工单", "body_html": f"<p>中文：{answer}</p>"}
            )
        self.contact_fr.lang, self.contact_de.lang = "zh_CN", "en_US"
        self._answer(self.ticket, "好的")
        self._answer(self.ticket_de, "All right.")
        chinese, english = (
            self._mail_to(self.contact_fr),
            self._mail_to(self.contact_de),
        )
        self.assertEqual((chinese["Subject"], english["Subject"]), ("工单", "Own"))
        self.assertIn("中文：", self._text_of(chinese))
        self.assertIn("好的", self._text_of(chinese))
        self.assertNotIn("In English", self._text_of(chinese))
        self.assertIn("In English:", self._text_of(english))
        self.assertNotIn("中文", self._text_of(english))

    @mute_logger("odoo.addons.mail")
    def test_a_text_that_fails_keeps_the_answer_and_is_mailed_later(self) -> None:
        text = self._write_own_text(self.client_fr, BROKEN)
        self.ticket.subject = "Broken"
        self._answer(self.ticket, "Here it is.")
        self.assertFalse(self._mails_to(self.contact_fr))
        self.assertIn("Here it is.", self._talk(self.ticket)[-1].body)
        kind = self.env.ref(ACTIVITY)
        self.assertIn(kind, self.ticket.activity_ids.activity_type_id)
        self.assertTrue(self.ticket.has_unsent_mail)
        text.body_html = "<p><t t-out='object.client_placeholder_answer'/></p>"
        self.ticket.with_user(self.hub_user).action_mail_again()
        self.assertIn("Here it is.", self._text_of(self._mail_to(self.contact_fr)))
        self.assertFalse(self.ticket.has_unsent_mail)

    @mute_logger("odoo.addons.mail")
    def test_a_text_that_fails_does_not_stop_a_client_from_asking(self) -> None:
        self._write_own_text(self.client_fr, BROKEN)
        ticket = self._create_ticket(subject="Broken", channel="portal")
        self.assertTrue(ticket.exists())
        self.assertFalse(self._mails_to(self.contact_fr))
        self.assertTrue(ticket.has_unsent_mail)

    def test_no_context_shows_what_is_not_of_the_talk(self) -> None:
        # sudo: what the tests prepare is not about rights.
        partner = self.client_de.sudo()
        strange = (
            partner.message_post(body="Secret salary"),
            self.ticket_de.message_ids[:1],
            self._note(self.ticket, "Secret note"),
        )
        for message_id in (*(one.id for one in strange), "x", 2**31 - 1, [1]):
            ticket = self.ticket.with_user(self.hub_user).with_context(
                client_hub_ticket_message=message_id
            )
            answer = str(ticket.client_placeholder_answer)
            with self.subTest(message_id):
                self.assertIn("received your request", answer)
        told = self._talk(self.ticket)[:1]
        ticket = ticket.with_context(client_hub_ticket_message=told.id)
        self.assertEqual(ticket.client_placeholder_answer, told.body)

    @mute_logger("odoo.addons.mail")
    def test_all_that_failed_is_mailed_later(self) -> None:
        text = self._write_own_text(self.client_fr, BROKEN)
        self.ticket.subject = "Broken"
        self._answer(self.ticket, "First.")
        self._answer(self.ticket, "Second.")
        text.body_html = "<p><t t-out='object.client_placeholder_answer'/></p>"
        self.ticket.with_user(self.hub_user).action_mail_again()
        texts = [self._text_of(mail) for mail in self._mails_to(self.contact_fr)]
        self.assertEqual(len(texts), 2)
        self.assertIn("First.", texts[0])
        self.assertIn("Second.", texts[1])

    @mute_logger("odoo.addons.mail")
    def test_a_deleted_template_stops_no_answer(self) -> None:
        self.env.ref(TEMPLATE).sudo().unlink()
        self._answer(self.ticket, "Here it is.")
        self.assertFalse(self._mails_to(self.contact_fr))
        self.assertTrue(self.ticket.has_unsent_mail)

    def test_a_colleague_reads_whose_words_these_are(self) -> None:
        self.ticket.message_subscribe(self.colleague_fr.ids)
        self.ticket.message_post(
            author_id=self.contact_fr.id,
            body="I forgot to say.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        text = self._text_of(self._mail_to(self.colleague_fr))
        self.assertIn("I forgot to say.", text)
        self.assertNotIn("You can read and answer", text)

    def test_only_staff_mail_again(self) -> None:
        for user in (self.portal_user, self.clerk):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).action_mail_again()
