from __future__ import annotations

from typing import Any

from odoo import Command
from odoo.tests import tagged

from .access_mail_common import (
    CLIENT,
    CONTACT,
    CORE_SECRETS,
    STRANGER,
    AccessMailCommon,
)


@tagged("post_install", "-at_install")
class TestAccessMailFlows(AccessMailCommon):
    """The ways in which Odoo sends documents to clients."""

    def test_invoice_sent_with_the_wizard(self) -> None:
        self._wizard(self.invoice).action_send_and_print()
        self.assert_magic(CLIENT, self.client, self.invoice)

    def test_invoice_sent_again_gets_a_fresh_link_and_keeps_the_old_one(self) -> None:
        self._wizard(self.invoice).action_send_and_print()
        first = self.assert_magic(CLIENT, self.client, self.invoice)
        self.inbox.mails.clear()
        self._wizard(self.invoice).action_send_and_print()
        again = self.assert_magic(CLIENT, self.client, self.invoice)
        self.assertNotEqual(first, again)
        self.assertFalse(self.row_of(first)._get_refusal())

    def test_button_names_the_kind_of_document(self) -> None:
        refund = self.make_invoice(move_type="out_refund")
        for document, words in ((self.invoice, "Invoice"), (refund, "Credit Note")):
            self.inbox.mails.clear()
            self.post(document, self.client)
            self.assertIn(f"View {words}", self.texts(CLIENT)["plain"])

    def test_credit_note(self) -> None:
        refund = self.make_invoice(move_type="out_refund")
        self._wizard(refund).action_send_and_print()
        self.assert_magic(CLIENT, self.client, refund)

    def test_batch_sent_by_the_cron(self) -> None:
        other = self.make_invoice(self.client_de)
        self.client_de.email = "german@example.com"
        batch = self._as(self.biller, self.invoice | other)
        wizard = self.env["account.move.send.batch.wizard"].with_user(self.biller)
        wizard.with_context(active_model="account.move", active_ids=batch.ids).create(
            {}
        ).action_send_and_print()
        self.assertFalse(self.inbox.mails)
        cron = self.env.ref("account.ir_cron_account_move_send")
        with self.enter_registry_test_mode():
            cron.with_context(force_report_rendering=True).method_direct_trigger()
        self.env["mail.mail"].sudo().process_email_queue()
        self.assert_magic(CLIENT, self.client, self.invoice)
        self.assert_magic("german@example.com", self.client_de, other)

    def test_quotation_sent_with_the_composer(self) -> None:
        order = self.make_order(self.contact)
        self._compose(order, order.action_quotation_send()["context"])
        self.assert_magic(CONTACT, self.contact, order)
        html = self.texts(CONTACT)["html"]
        self.assertEqual(html.count("View in Your Portal"), 0, "it has a button")

    def test_pro_forma_has_no_button_of_odoo_and_gets_one(self) -> None:
        order = self.make_order(self.contact)
        action = order.with_context(proforma=True).action_quotation_send()
        self._compose(order, action["context"])
        self.assert_magic(CONTACT, self.contact, order)
        self.assertIn("View in Your Portal", self.texts(CONTACT)["html"])

    def test_confirmation_of_an_order(self) -> None:
        order = self.make_order(self.contact)
        order.with_context(send_email=True).action_confirm()
        self.assert_magic(CONTACT, self.contact, order)

    def test_receipt_of_a_payment(self) -> None:
        payment = self.env["account.payment"].create(
            {"partner_id": self.client.id, "amount": 10, "payment_type": "inbound"}
        )
        payment.action_post()
        template = self.env.ref("account.mail_template_data_payment_receipt")
        context = {
            "default_model": "account.payment",
            "default_res_ids": payment.ids,
            "default_template_id": template.id,
            "default_email_layout_xmlid": "mail.mail_notification_light",
        }
        self._compose(payment, context, user=self.biller)
        self.assert_magic(CLIENT, self.client, payment)
        self.assertIn("View in Your Portal", self.texts(CLIENT)["html"])

    def test_mass_mail_to_several_documents(self) -> None:
        other = self.make_invoice(self.contact_de)
        link = '<a t-att-href="object.get_portal_url()">here</a>'
        template = self.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": self.env.ref("account.model_account_move").id,
                "subject": "Reminder",
                "body_html": f"<p>Still open: {link}</p>",
                "use_default_to": True,
            }
        )
        context = {
            "default_model": "account.move",
            "default_res_ids": (self.invoice | other).ids,
            "default_composition_mode": "mass_mail",
            "default_template_id": template.id,
            "default_email_layout_xmlid": "mail.mail_notification_light",
        }
        wizard = self._as(self.biller, self.env["mail.compose.message"])
        wizard.with_context(**context).create({})._action_send_mail()
        self.env["mail.mail"].sudo().process_email_queue()
        self.assert_magic(CLIENT, self.client, self.invoice)
        self.assert_magic("konto@example.com", self.contact_de, other)

    def test_link_that_a_template_places_in_the_body(self) -> None:
        template = self.env.ref("account.email_template_edi_invoice")
        template.body_html = '<p>See <a t-att-href="object.get_portal_url()">it</a></p>'
        self._wizard(self.invoice).action_send_and_print()
        url = self.assert_magic(CLIENT, self.client, self.invoice)
        html = self.texts(CLIENT)["html"]
        self.assertIn(f'See <a href="{url}">it</a>', html)

    def test_document_shared_by_hand(self) -> None:
        self.biller.group_ids += self.env.ref("base.group_partner_manager")
        share = self.env["portal.share"].with_user(self.biller)
        wizard = share.with_context(
            active_model="account.move", active_id=self.invoice.id
        ).create({"partner_ids": [Command.set((self.contact | self.stranger).ids)]})
        wizard.action_send_mail()
        self.assert_magic(CONTACT, self.contact, self.invoice)
        self.assertIn(self.invoice.access_token, self.assert_no_magic(STRANGER))

    def test_client_writes_in_the_portal_and_colleagues_are_notified(self) -> None:
        self.invoice.message_subscribe((self.client | self.contact).ids)
        self.post(self.invoice, user=self.portal_user)
        self.assert_magic(CLIENT, self.client, self.invoice)

    def test_link_of_another_document_of_the_client(self) -> None:
        order = self.make_order(self.client)
        body = f"<p>{order.get_base_url()}{order.get_portal_url()}</p>"
        message = self.post(self.invoice, self.client, body=body)
        self.assertNotIn(order.access_token, message.body)
        html = self.texts(CLIENT)["html"]
        rows = [self.row_of(url) for url in self.links_to(CLIENT)]
        found = {(row.res_model, row.res_id) for row in rows}
        self.assertEqual(
            found, {("account.move", self.invoice.id), ("sale.order", order.id)}
        )
        for secret in CORE_SECRETS:
            self.assertNotIn(secret, html)

    def test_link_of_a_document_of_another_client_opens_nothing(self) -> None:
        other = self.make_invoice(self.client_de)
        body = f"<p>{other.get_base_url()}{other.get_portal_url()}</p>"
        self.post(self.invoice, self.client, body=body)
        rows = [self.row_of(url) for url in self.links_to(CLIENT)]
        self.assertEqual([row.res_id for row in rows], self.invoice.ids)
        html = self.texts(CLIENT)["html"]
        self.assertNotIn(other.access_token, html)
        self.assertIn(f"/my/access/document/account.move/{other.id}", html)

    def test_client_cannot_have_a_link_to_another_document_sent(self) -> None:
        order = self.make_order(self.client)
        path = self.links._get_document_path(order)
        self.invoice.message_subscribe((self.client | self.contact).ids)
        self.post(self.invoice, user=self.portal_user, body=f"<p>{path}</p>")
        self.assertEqual(
            [self.row_of(url).res_model for url in self.links_to(CLIENT)],
            ["account.move"],
        )
        self.assertFalse(self.links.sudo().search([("res_model", "=", "sale.order")]))

    def test_mail_says_not_to_forward_it(self) -> None:
        self.client.lang = "zh_CN"
        people = self.client | self.contact | self.stranger
        self.post(self.invoice, *people)
        self.assertIn("Please do not forward it.", self.texts(CONTACT)["plain"])
        self.assertIn("请勿转发", self.texts(CLIENT)["plain"])
        self.assertNotIn("forward", self.texts(STRANGER)["plain"])

    # ------------------------------------------------------------ helpers

    def _wizard(self, invoice: Any) -> Any:
        self.client.invoice_sending_method = "email"
        self.reread(invoice)
        wizards = self.env["account.move.send.wizard"].with_user(self.biller)
        return wizards.with_context(
            active_model="account.move",
            active_ids=invoice.ids,
            force_report_rendering=True,
        ).create({})

    def _compose(self, record: Any, context: dict, user: Any = None) -> None:
        composers = self._as(user or self.salesman, self.env["mail.compose.message"])
        composer = composers.with_context(**context).create({})
        composer._action_send_mail()
