from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .client_text_common import BODY, SUBJECT, ClientTextCommon
from .mail_common import InboxMixin

KINDS = [
    "invoice",
    "credit_note",
    "estimate",
    "order_confirmation",
    "payment_receipt",
    "statement",
]
CHINESE = {"subject": "账单", "body_html": "<p>账单正文</p>"}


class ClientTextEditCommon(ClientTextCommon):
    """The editor of texts, as somebody opens it who may only invoice."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.biller.lang = "en_US"

    def edit(self, kind: str = "invoice", client: Any = None, user: Any = None) -> Any:
        """Return the form that a click on a row opens."""
        client = self._as(user or self.biller, client or self.client)
        action = client.action_client_template_edit(kind)
        edits = client.env[action["res_model"]].with_context(**action["context"])
        return Form(edits)

    def own_text(self, client: Any = None, kind: str = "invoice") -> Any:
        self.env.invalidate_all()
        return (client or self.client)._get_own_client_template(kind)

    def rows(self, partner: Any = None, user: Any = None) -> dict[str, dict]:
        partner = self._as(user or self.biller, partner or self.client)
        return {row["type"]: row for row in partner.client_template_rows}


@tagged("post_install", "-at_install")
class TestClientTextTab(ClientTextEditCommon):
    """The rows of the tab."""

    def test_there_is_a_row_for_each_type_that_can_be_sent(self) -> None:
        rows = self.rows()
        expected = [*KINDS, "ticket"]
        self.assertEqual(list(rows), expected)
        self.assertEqual(rows["credit_note"]["label"], "Credit Note")
        self.assertEqual({row["source"] for row in rows.values()}, {"global"})

    def test_a_row_tells_whose_text_is_sent(self) -> None:
        self.write_text()
        self.write_text(kind="estimate", client_partner_id=self.contact.id)
        rows = self.rows()
        self.assertEqual(rows["invoice"]["source"], "own")
        self.assertEqual(rows["estimate"]["source"], "global")
        self.assertEqual(rows["invoice"]["contacts"], [])
        self.assertEqual(
            rows["estimate"]["contacts"], [self.contact.sudo().display_name]
        )
        rows = self.rows(self.contact)
        self.assertEqual(rows["invoice"]["source"], "company")
        self.assertEqual(rows["estimate"]["source"], "own")
        self.assertEqual(rows["statement"]["source"], "global")

    def test_only_who_invoices_is_an_author(self) -> None:
        self.assertTrue(self.rows()["invoice"]["author"])
        self.assertFalse(self.rows(user=self.hub_user)["invoice"]["author"])

    def test_staff_without_figures_do_not_see_the_tab(self) -> None:
        client = self._as(self.plain, self.client)
        self.assertNotIn(
            "client_template_rows",
            client.get_view(self.env.ref("base.view_partner_form").id)["arch"],
        )
        with self.assertRaises(AccessError):
            client.read(["client_template_rows"])

    def test_reset_deletes_the_own_text_only(self) -> None:
        self.write_text()
        self.write_text(kind="estimate")
        other = self.write_text(client_partner_id=self.contact.id)
        self._as(self.biller, self.client).action_client_template_reset("invoice")
        self.assertEqual(self.rows()["invoice"]["source"], "global")
        self.assertEqual(self.rows()["estimate"]["source"], "own")
        self.assertTrue(other.exists())

    def test_others_reset_nothing(self) -> None:
        text = self.write_text()
        for user in (self.hub_user, self.salesman):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._as(user, self.client).action_client_template_reset("invoice")
        self.assertTrue(text.exists())

    def test_an_unknown_type_is_refused(self) -> None:
        with self.assertRaises(KeyError):
            self._as(self.biller, self.client).action_client_template_edit("x")


@tagged("post_install", "-at_install")
class TestClientTextEdit(ClientTextEditCommon):
    """Writing a text."""

    def test_each_type_starts_from_a_text_that_can_be_saved_and_sent(self) -> None:
        # Only who may read tickets sees one in the preview.
        self.biller.group_ids += self.env.ref("client_hub.group_user")
        documents = {
            "invoice": self.invoice,
            "credit_note": self.make_invoice(move_type="out_refund"),
            "estimate": self.make_order(),
            "order_confirmation": self.make_order(state="sale"),
            "payment_receipt": self.env["account.payment"].create(
                {"partner_id": self.client.id, "amount": 5.0}
            ),
            "statement": self.client,
            # sudo: who writes texts need not open tickets.
            "ticket": self.env["client.hub.ticket"]
            .sudo()
            .create({"subject": "Where is it?", "partner_id": self.client.id}),
        }
        for kind, document in documents.items():
            with self.subTest(kind):
                form = self.edit(kind)
                self.assertEqual(form.document_id, document.id)
                self.assertFalse(form.preview_problem)
                self.assertIn(self.client.name, form.preview_body)
                self.assertNotIn("{{", form.preview_subject)
                form.save().action_save()
                self.assertEqual(self.rows()[kind]["source"], "own")

    def test_the_start_is_in_the_language_of_the_client(self) -> None:
        self.client.lang = "zh_CN"
        form = self.edit()
        self.assertIn("发票", form.subject)
        self.assertIn("尊敬的", form.body_html)
        self.assertIn("2024/05/06", form.preview_body)

    def test_opening_the_editor_writes_nothing(self) -> None:
        self.edit()
        self.assertFalse(self.own_text())

    def test_a_saved_text_is_what_is_edited_next(self) -> None:
        form = self.edit()
        form.subject, form.body_html = SUBJECT, BODY
        form.save().action_save()
        text = self.own_text()
        self.assertEqual((text.subject, str(text.body_html)), (SUBJECT, BODY))
        form = self.edit()
        self.assertEqual(form.subject, SUBJECT)
        form.subject = "Again"
        form.save().action_save()
        self.assertEqual(self.own_text(), text)
        self.assertEqual(text.subject, "Again")

    def test_the_language_of_the_user_does_not_matter(self) -> None:
        self.write_text()
        self.biller.lang = "zh_CN"
        form = self.edit()
        form.subject = "Main"
        form.save().action_save()
        text = self.own_text()
        for lang in ("en_US", "zh_CN"):
            self.assertEqual(text.with_context(lang=lang).subject, "Main", lang)

    def test_a_language_gets_its_own_text(self) -> None:
        form = self.edit()
        form.subject, form.body_html = "Main", "<p>Main body</p>"
        form.lang = "zh_CN"
        self.assertFalse(form.subject)
        form.subject, form.body_html = CHINESE.values()
        form.lang = "en_US"
        self.assertEqual(form.subject, "Main")
        form.subject = "Main again"
        form.save().action_save()
        text = self.own_text()
        self.assertEqual(text.with_context(lang="en_US").subject, "Main again")
        chinese = text.with_context(lang="zh_CN")
        self.assertEqual(chinese.subject, CHINESE["subject"])
        self.assertEqual(chinese.body_html, CHINESE["body_html"])
        sent = text._render_field("subject", self.invoice.ids, set_lang="zh_CN")
        self.assertEqual(sent[self.invoice.id], CHINESE["subject"])

    def test_an_emptied_language_is_sent_the_main_text(self) -> None:
        text = self.write_text()
        text._set_client_translation("zh_CN", CHINESE)
        form = self.edit()
        form.lang = "zh_CN"
        self.assertEqual(form.subject, CHINESE["subject"])
        form.subject, form.body_html = "", ""
        form.save().action_save()
        self.env.invalidate_all()
        self.assertEqual(text.with_context(lang="zh_CN").subject, SUBJECT)

    def test_half_a_translation_is_refused(self) -> None:
        self.write_text()
        form = self.edit()
        form.lang = "zh_CN"
        form.subject = CHINESE["subject"]
        with self.assertRaisesRegex(ValidationError, "^Subject, Body"):
            form.save().action_save()

    def test_the_list_names_the_placeholders_of_the_type(self) -> None:
        names = [item["name"] for item in self.edit("payment_receipt").placeholders]
        self.assertIn("client_placeholder_invoices", names)
        self.assertNotIn("client_placeholder_due_date", names)

    def test_nobody_else_opens_the_editor(self) -> None:
        for user in (self.hub_user, self.salesman, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.edit(user=user)

    # ------------------------------------------------------------ preview

    def test_another_document_is_chosen(self) -> None:
        second = self.make_invoice(amount=7.0)
        form = self.edit()
        self.assertEqual(form.document_id, second.id)
        self.assertIn(second.name, form.preview_subject)
        form.document_id = self.invoice.id
        self.assertIn(self.invoice.name, form.preview_subject)

    def test_the_document_of_another_client_is_not_shown(self) -> None:
        others = self.make_invoice(self.client_de)
        refund = self.make_invoice(move_type="out_refund")
        form = self.edit()
        for document in (others, refund):
            form.document_id = document.id
            self.assertRegex(form.preview_problem, "^Document: there is none")
            self.assertFalse(form.preview_subject)

    def test_without_a_document_the_preview_says_so(self) -> None:
        form = self.edit(client=self.client_de)
        self.assertEqual(
            form.preview_problem,
            "Document: there is none of this type for Werkstatt am Fluss to show the"
            " text with.",
        )
        form.save().action_save()
        self.assertTrue(self.own_text(self.client_de))

    def test_the_preview_names_what_is_wrong(self) -> None:
        form = self.edit()
        form.subject = "{{ object.client_placeholder_numbr }}"
        self.assertIn("client_placeholder_numbr", form.preview_problem)
        self.assertFalse(form.preview_body)
        form.subject = SUBJECT
        self.assertFalse(form.preview_problem)
        self.assertEqual(form.preview_subject, f"Your bill {self.invoice.name}")

    def test_amounts_are_shown_as_the_client_reads_them(self) -> None:
        self.client.lang = "zh_CN"
        form = self.edit()
        form.body_html = '<p><t t-out="object.client_placeholder_date"/></p>'
        self.assertEqual(form.preview_body, "<p>2024/05/06</p>")


@tagged("post_install", "-at_install")
class TestClientTextTry(InboxMixin, ClientTextEditCommon):
    """A test mail, through SMTP, to whoever writes the text."""

    def test_i_get_the_text_as_the_client_would(self) -> None:
        self._as(self.admin, self.invoice)
        messages = self.invoice.message_ids
        form = self.edit()
        form.subject, form.body_html = SUBJECT, BODY
        result = form.save().action_send_test()
        self.assertEqual(result["params"]["message"], "Sent to biller@example.com.")
        ((recipients, mail),) = self.inbox.mails
        self.assertEqual(recipients, ["biller@example.com"])
        self.assertEqual(mail["Subject"], f"[Test] Your bill {self.invoice.name}")
        body = mail.get_body(("html",)).get_content()
        self.assertIn(f"<p>Bill {self.invoice.name}, please.</p>", body)
        self.assertFalse(self.own_text(), "a test saves nothing")
        self.env.invalidate_all()
        self.assertEqual(self.invoice.message_ids, messages)
        self.assertFalse(self.invoice.is_move_sent)

    def test_a_mistake_sends_nothing(self) -> None:
        form = self.edit()
        form.subject = "{{ object.client_placeholder_numbr }}"
        with self.assertRaisesRegex(UserError, "client_placeholder_numbr"):
            form.save().action_send_test()
        self.assertFalse(self.inbox.mails)

    def test_somebody_without_an_address_is_told(self) -> None:
        self.biller.email = False
        with self.assertRaisesRegex(UserError, "^Email: your user has none"):
            self.edit().save().action_send_test()


@tagged("post_install", "-at_install")
class TestClientTextCopy(ClientTextEditCommon):
    """Giving the texts of one client to others."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.text = cls.write_text()
        cls.estimate = cls.write_text(kind="estimate", subject="Estimate")
        cls.text._set_client_translation("zh_CN", CHINESE)

    def form(self, *clients: Any) -> Any:
        client = self._as(self.biller, self.client)
        action = client.action_client_template_copy()
        wizards = client.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizards)
        for other in clients:
            form.client_ids.add(other)
        return form

    def test_all_texts_are_copied_in_all_languages(self) -> None:
        form = self.form(self.client_de, self.client_us)
        self.assertFalse(form.overwritten)
        form.save().action_copy()
        for client in (self.client_de, self.client_us):
            copied = self.own_text(client)
            self.assertEqual(copied.with_context(lang="en_US").subject, SUBJECT)
            chinese = copied.with_context(lang="zh_CN")
            self.assertEqual(chinese.body_html, CHINESE["body_html"])
            self.assertEqual(self.own_text(client, "estimate").subject, "Estimate")

    def test_what_would_be_overwritten_is_named_and_then_overwritten(self) -> None:
        theirs = self.write_text(client_partner_id=self.client_de.id, subject="Old")
        theirs._set_client_translation("zh_CN", CHINESE)
        self.text._set_client_translation("zh_CN", {"subject": "", "body_html": ""})
        form = self.form(self.client_de, self.client_us)
        self.assertEqual(form.overwritten, "Werkstatt am Fluss: Invoice")
        form.save().action_copy()
        self.assertEqual(self.own_text(self.client_de), theirs)
        for lang in ("en_US", "zh_CN"):
            self.assertEqual(theirs.with_context(lang=lang).subject, SUBJECT, lang)
        self.assertTrue(self.own_text(self.client_us))

    def test_only_the_chosen_types_are_copied(self) -> None:
        form = self.form(self.client_de)
        form.template_ids.remove(self.estimate.id)
        form.save().action_copy()
        self.assertTrue(self.own_text(self.client_de))
        self.assertFalse(self.own_text(self.client_de, "estimate"))

    def test_nothing_or_nobody_is_refused(self) -> None:
        with self.assertRaisesRegex(UserError, "^Texts, To: choose"):
            self.form().save().action_copy()
        with self.assertRaisesRegex(UserError, "^Texts, To: choose"):
            self.form(self.client).save().action_copy()

    def test_the_text_of_another_client_cannot_be_smuggled_in(self) -> None:
        others = self.write_text(client_partner_id=self.client_us.id, subject="Theirs")
        shared = self.env.ref("account.email_template_edi_invoice")
        wizard = self.form(self.client_de).save()
        wizard.template_ids = [Command.set((others + shared).ids)]
        with self.assertRaisesRegex(UserError, "^Texts, To: choose"):
            wizard.action_copy()

    def test_nobody_else_copies(self) -> None:
        wizards = self.env["client.hub.template.copy"].with_user(self.hub_user)
        with self.assertRaises(AccessError):
            wizards.create({"partner_id": self.client.id})
