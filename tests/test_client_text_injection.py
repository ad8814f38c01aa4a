"""Code in the text of a client, written by somebody who may only invoice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .client_text_common import BODY, SUBJECT, ClientTextCommon
from .common import JsonRpcMixin, RpcError

REFUSED = (AccessError, ValidationError)
N = "object.client_placeholder_number"

SUBJECTS = (
    "{{ object.env }}",
    "{{ object.env['res.users'].search([]).mapped('password') }}",
    "{{ object.env.cr.execute('SELECT 1') }}",
    "{{ object.access_token }}",
    "{{ object._portal_ensure_token() }}",
    "{{ object.partner_id.signup_token }}",
    "{{ object.partner_id.company_id.name }}",
    "{{ object.create_uid.login }}",
    "{{ object.sudo().unlink() }}",
    "{{ object.__class__.__mro__ }}",
    "{{ user.login }}",
    "{{ env.user.login }}",
    "{{ ctx }}",
    "{{ 7 * 7 }}",
    "{{ str(object) }}",
    f"{{{{ {N}.upper() }}}}",
    f"{{{{ {N} or object.env }}}}",
    f"{{{{ {N}, object.env }}}}",
    f"{{{{ {N} if 1 else 2 }}}}",
    f"{{{{ ({N}) }}}}",
    "{{ object['client_placeholder_number'] }}",
    "{{ objеct.client_placeholder_number }}",  # noqa: RUF001 a Cyrillic e
    "{{ object．client_placeholder_number }}",  # noqa: RUF001 a full-width dot
    "{{ object.client_placeholder_number\u200b }}",
    "{{ object.client_placeholder_link }}",
    f"{{{{ {N} ||| {{{{ object.env }}}} }}}}",
    "{{{{ object.env }}}}",
    f"{{{{ {N} }}}} {{{{ object.env }}}}",
    "{{\nobject.env\n}}",
    "${object.env}",
    "{% set x = object.env %}",
    "<%= object.env %>",
    "Invoice\r\nBcc: everybody@example.com",
    "{{ object.client_placeholder_numbr }}",
    "{{ object.client_placeholder_number",
)
BODIES = (
    '<p><t t-out="object.env"/></p>',
    '<p><t t-out="object.access_token"/></p>',
    "<p><t t-out=\"object.env['res.users'].search([])\"/></p>",
    '<p><t t-out="7 * 7"/></p>',
    '<p><t t-esc="object.env"/></p>',
    '<p><t t-raw="object.env"/></p>',
    f'<p><t t-esc="{N}"/></p>',
    f'<p><span t-out="{N}"/></p>',
    f"<p><t t-out=\"{N}\" t-options=\"{{'widget': 'text'}}\"/></p>",
    f'<p><t t-out="{N}" t-if="object.unlink()"/></p>',
    f'<p><t t-out="{N}"><t t-out="object.env"/></t></p>',
    '<p t-att-title="object.env">x</p>',
    '<p t-attf-title="#{object.env}">x</p>',
    '<p t-att="object.env">x</p>',
    '<p t-if="object.env">x</p>',
    '<t t-set="x" t-value="object.env"/><p>x</p>',
    '<t t-foreach="object.env" t-as="x"><p>x</p></t>',
    '<t t-call="web.layout"/><p>x</p>',
    '<t t-call-assets="web.assets_frontend"/><p>x</p>',
    '<t t-inner-content="1"/><p>x</p>',
    '<t t-debug="pdb"/><p>x</p>',
    '<t t-cache="object.env"><p>x</p></t>',
    '<p t-field="object.env">x</p>',
    '<p t-tag-open="object.env">x</p>',
    '<T T-OUT="object.env"/><p>x</p>',
    '<p>x<!-- <t t-out="object.env"/> --></p>',
    '<p>x</p><!--[if mso]><t t-out="object.env"/><![endif]-->',
    "<p>{{ object.env }}</p>",
    f"<p>{{{{ {N} }}}}</p>",
    "<p>${object.env}</p>",
    '<p>&lt;t t-out="object.env"/&gt;</p>',
    '<p title="{{ object.env }}">x</p>',
    '<a href="{{ object.env }}">x</a>',
    '<p><t t-out="object.client_placeholder_numbr"/></p>',
    f'<p><t t-out=" {N} "/></p>',
)
# Cleaned, not refused: what is left is sent, so nothing of it may be left.
CLEANED = {
    "<p>x</p><script>steal()</script>": "steal",
    '<p onclick="steal()">x</p>': "steal",
    '<img src="x" onerror="steal()"/><p>x</p>': "steal",
    '<a href="javascript:steal()">x</a>': "steal",
    '<a href="java\tscript:steal()">x</a>': "steal",
    '<p style="background: url(javascript:steal())">x</p>': "steal",
    '<iframe src="https://example.com/steal"></iframe><p>x</p>': "steal",
    '<form action="/steal"><p>x</p></form>': "steal",
    '<a href="data:text/html,&lt;script&gt;steal()&lt;/script&gt;">x</a>': "steal",
}
OTHER_FIELDS = {
    "name": "Mine",
    "active": True,
    "email_from": "{{ object.env }}",
    "email_to": "thief@example.com",
    "email_cc": "thief@example.com",
    "partner_to": "1",
    "reply_to": "thief@example.com",
    "lang": "{{ object.env }}",
    "scheduled_date": "{{ object.env }}",
    "use_default_to": False,
    "auto_delete": False,
    "email_layout_xmlid": "web.layout",
    "attachment_ids": [Command.create({"name": "x", "raw": b"x"})],
    "user_id": 2,
    "template_fs": "../secret",
    "client_document_type": "credit_note",
}


@tagged("post_install", "-at_install")
class TestClientTextInjection(ClientTextCommon):
    def setUp(self) -> None:
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        self.text = self._as(self.biller, self.write_text(self.biller))

    @contextmanager
    def assert_refused(self, *errors: type[Exception]) -> Iterator[None]:
        """Expect an error, and undo what was done before it, as a request does."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIsInstance(caught.exception, errors or REFUSED)

    def each_attack(self) -> Iterator[dict[str, str]]:
        yield from ({"subject": subject} for subject in SUBJECTS)
        yield from ({"body_html": body} for body in BODIES)

    # ------------------------------------------------------------ ways in

    def test_none_is_written(self) -> None:
        for vals in self.each_attack():
            with self.subTest(vals), self.assert_refused():
                self.text.write(vals)

    def test_none_is_created(self) -> None:
        for vals in self.each_attack():
            with self.subTest(vals), self.assert_refused():
                self.write_text(kind="credit_note", **vals)

    def test_none_is_written_in_sudo(self) -> None:
        for vals in self.each_attack():
            with self.subTest(vals), self.assert_refused():
                self.text.sudo().write(vals)

    def test_none_is_written_by_way_of_the_client(self) -> None:
        client = self._as(self.biller, self.client).sudo()
        for vals in self.each_attack():
            command = Command.update(self.text.id, vals)
            with self.subTest(vals), self.assert_refused():
                client.write({"client_template_ids": [command]})

    def test_none_is_translated(self) -> None:
        for vals in self.each_attack():
            for name, value in vals.items():
                with self.subTest(value), self.assert_refused():
                    self.text.update_field_translations(name, {"zh_CN": value})

    def test_none_is_written_in_another_language(self) -> None:
        for vals in self.each_attack():
            with self.subTest(vals), self.assert_refused():
                self.text.with_context(lang="zh_CN").write(vals)

    def test_none_is_imported(self) -> None:
        for vals in self.each_attack():
            row = {
                "client_partner_id/.id": str(self.client.id),
                "client_document_type": "credit_note",
                "subject": SUBJECT,
                "body_html": BODY,
                **vals,
            }
            with self.subTest(vals), mute_logger("odoo.models"):
                done = self.templates.with_user(self.biller).load(
                    list(row), [list(row.values())]
                )
                self.assertFalse(done["ids"])

    def test_a_plain_text_is_imported(self) -> None:
        row = {
            "client_partner_id/.id": str(self.client.id),
            "client_document_type": "Credit Note",
            "subject": SUBJECT,
            "body_html": BODY,
        }
        done = self.templates.with_user(self.biller).load(
            list(row), [list(row.values())]
        )
        self.assertTrue(done["ids"], done["messages"])

    def test_none_is_rendered_before_it_is_saved(self) -> None:
        edits = self.env["client.hub.template.edit"].with_user(self.biller)
        for vals in self.each_attack():
            edit = edits.create(
                {
                    "partner_id": self.client.id,
                    "document_type": "invoice",
                    "document_id": self.invoice.id,
                    "lang": "en_US",
                    "shown_lang": "en_US",
                    "subject": SUBJECT,
                    "body_html": BODY,
                    **vals,
                }
            )
            with self.subTest(vals):
                self.assertTrue(edit.preview_problem)
                self.assertFalse(edit.preview_subject or edit.preview_body)
                with self.assert_refused(UserError):
                    edit.action_send_test()
                with self.assert_refused():
                    edit.action_save()

    def test_a_copy_of_an_administrators_code_is_refused(self) -> None:
        other = self._create_client("Other", "fr")
        code = '<p t-if="object.amount_total">x</p>'
        self.text.with_user(self.admin).body_html = code
        wizard = self.env["client.hub.template.copy"].with_user(self.biller)
        wizard = wizard.create(
            {
                "partner_id": self.client.id,
                "template_ids": self.text.ids,
                "client_ids": other.ids,
            }
        )
        with self.assert_refused():
            wizard.action_copy()
        with self.assert_refused():
            self.text.copy()

    # ------------------------------------------------------------ cleaned

    def test_scripts_are_cleaned_out(self) -> None:
        for body, trace in CLEANED.items():
            with self.subTest(body):
                self.text.body_html = body
                self.assertNotIn(trace, self.text.body_html)

    def test_scripts_are_cleaned_out_of_translations(self) -> None:
        for body, trace in CLEANED.items():
            with self.subTest(body):
                self.text.update_field_translations("body_html", {"zh_CN": body})
                chinese = self.text.with_context(lang="zh_CN").body_html
                self.assertIn("x", chinese)
                self.assertNotIn(trace, chinese)

    # ------------------------------------------------------------ other fields

    def test_no_other_field_is_written(self) -> None:
        for name, value in OTHER_FIELDS.items():
            with self.subTest(name), self.assert_refused(AccessError):
                self.text.write({name: value})

    def test_no_other_field_is_created(self) -> None:
        for name, value in OTHER_FIELDS.items():
            if name == "client_document_type":
                continue
            with self.subTest(name), self.assert_refused(AccessError):
                self.write_text(kind="credit_note", **{name: value})

    def test_no_other_field_is_translated(self) -> None:
        for name in ("name", "description"):
            with self.subTest(name), self.assert_refused(AccessError):
                self.text.update_field_translations(name, {"zh_CN": "x"})

    def test_an_administrator_changes_no_other_field_either(self) -> None:
        with self.assert_refused(AccessError):
            self.text.with_user(self.admin).write({"email_to": "x@example.com"})

    def test_defaults_fill_no_field(self) -> None:
        defaults = {
            f"default_{name}": value
            for name, value in OTHER_FIELDS.items()
            if name not in ("attachment_ids", "client_document_type")
        }
        text = self.templates.with_user(self.biller).with_context(**defaults)
        text = text.create(self.text_vals("credit_note"))
        for name in ("email_from", "email_to", "reply_to", "lang", "scheduled_date"):
            self.assertFalse(text[name], name)
        self.assertFalse(text.active)
        self.assertTrue(text.use_default_to)

    def test_a_default_makes_no_template_a_clients(self) -> None:
        context = {
            "default_client_partner_id": self.client.id,
            "default_client_document_type": "credit_note",
        }
        template = self.templates.with_user(self.biller).with_context(**context)
        template = template.create({"name": "Mine"})
        self.assertFalse(template.client_partner_id)

    def test_own_defaults_fill_no_field(self) -> None:
        defaults = self.env["ir.default"].with_user(self.biller)
        defaults.set("mail.template", "email_to", "thief@example.com", user_id=True)
        self.assertFalse(self.write_text(kind="credit_note").email_to)

    def test_a_text_moves_to_no_other_client(self) -> None:
        other = self._create_client("Other", "fr")
        with self.assert_refused(AccessError):
            self.text.client_partner_id = other
        with self.assert_refused(AccessError):
            self.text.client_partner_id = False

    def test_no_other_template_becomes_a_clients(self) -> None:
        mine = self.templates.with_user(self.biller).create({"name": "Mine"})
        with self.assert_refused(AccessError):
            mine.write(
                {
                    "client_partner_id": self.client.id,
                    "client_document_type": "credit_note",
                    "active": False,
                }
            )

    def test_no_template_is_made_of_a_copy(self) -> None:
        copy = self.text.copy()
        self.assertFalse(copy.client_partner_id or copy.client_document_type)
        self.assertEqual(self.client.client_template_ids, self.text)


@tagged("post_install", "-at_install")
class TestClientTextRpc(JsonRpcMixin, ClientTextCommon, HttpCase):
    """The same over HTTP, as a browser or an integration calls it."""

    def setUp(self) -> None:
        super().setUp()
        self.text = self.write_text()
        self.authenticate("hub_biller", "hub_biller")

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return self._rpc("mail.template", method, *args, **kwargs)

    def assert_denied(self, method: str, *args: Any, **kwargs: Any) -> None:
        with self.assertRaises(RpcError) as caught:
            self.call(method, *args, **kwargs)
        self.assertIn(
            caught.exception.name,
            ("odoo.exceptions.AccessError", "odoo.exceptions.ValidationError"),
        )

    def test_the_web_client_saves_a_text_but_no_code(self) -> None:
        self.call("web_save", self.text.ids, {"subject": "Plain"}, specification={})
        self.env.invalidate_all()
        self.assertEqual(self.text.subject, "Plain")
        for vals in (
            {"subject": "{{ object.env }}"},
            {"body_html": '<p t-if="1">x</p>'},
            {"lang": "{{ object.env }}"},
            {"email_to": "thief@example.com"},
        ):
            with self.subTest(vals):
                self.assert_denied("web_save", self.text.ids, vals, specification={})

    def test_an_onchange_saves_and_renders_nothing(self) -> None:
        code = {"subject": "{{ object.env }}", "body_html": "<p t-if='1'>x</p>"}
        result = self.call(
            "onchange", self.text.ids, code, ["subject"], {"subject": {}, "name": {}}
        )
        self.assertNotIn("Environment", str(result))
        self.env.invalidate_all()
        self.assertEqual(self.text.subject, SUBJECT)

    def test_no_template_of_all_clients_is_written(self) -> None:
        shared = self.env.ref("account.email_template_edi_invoice")
        self.assert_denied("write", shared.ids, {"subject": "Mine"})
        self.assert_denied("unlink", shared.ids)
        self.assert_denied(
            "update_field_translations", shared.ids, "subject", {"en_US": "Mine"}
        )

    def test_a_text_is_written_and_deleted(self) -> None:
        self.call("write", self.text.ids, {"subject": "Mine"})
        self.call("unlink", self.text.ids)
        self.assertFalse(self.text.exists())
