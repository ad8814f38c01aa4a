from __future__ import annotations

import unittest

from ...tools.client_template_text import (
    body_findings,
    is_path,
    subject_findings,
    syntax_findings,
)

ALLOWED = {"object.number", "object.user_id.name"}.__contains__

GOOD_SUBJECTS = (
    "",
    "Invoice 12",
    "Invoice {{ object.number }}",
    "{{object.number}} of {{ object.user_id.name }}",
    "{{ object.number ||| draft }}",
    "100 % {discount} | $ 12 <b>",
)
BAD_SUBJECTS = {
    "{{ object.numbr }}": "object.numbr",
    "{{ object.env }}": "object.env",
    "{{ object.number.upper() }}": "object.number.upper()",
    "{{ object.number or 1 }}": "object.number or 1",
    "{{ object['number'] }}": "object['number']",
    "{{ object . number }}": "object . number",
    "{{ objеct.number }}": "objеct.number",  # noqa: RUF001
    "{{ object.number }": "{{ object.number }",
    "object.number }}": "}}",
    "{{ object.number ||| {{ object.env }} }}": "{{ object.env",
    "{{\nobject.number }}": "{{\nobject.number }}",
    "{{{ object.number }}}": "{ object.number",
    "${object.number}": "${object.number}",
    "{% if 1 %}": "{% if 1 %}",
    "Invoice\nBcc: a@b.c": "'\\n'",
}

GOOD_BODIES = (
    "",
    "<p>Hello</p>",
    '<p>Number <t t-out="object.number"></t>, <b>bold</b></p>',
    '<p><t t-out="object.number">none</t></p>',
    '<a href="https://example.com/?a=b:c">x</a><a href="mailto:a@b.c">y</a>',
    '<a href="/my">x</a><a href="#a">y</a><a href="my">z</a>',
    '<!--[if mso]><table width="10"><tr><td><![endif]--><p>x</p>',
    '<img src="data:image/png;base64,AA=="/>',
    "<p>1 &lt; 2, a {b} c</p>",
)
BAD_BODIES = {
    '<t t-out="object.numbr"/>': "object.numbr",
    '<t t-out=" object.number "/>': "object.number",
    '<t t-out="object.env[1]"/>': "object.env[1]",
    '<span t-out="object.number"/>': 't-out="object.number"',
    '<t t-out="object.number" t-if="1"/>': 't-out="object.number" t-if="1"',
    '<t t-out="object.number" class="a"/>': 't-out="object.number"',
    '<t t-out="object.number"><b>x</b></t>': 't-out="object.number"',
    "<t>x</t>": "<t>",
    '<T T-OUT="1"/>': "1",
    "<t t-out/>": "<t t-out>",
    '<p t-att-href="1">x</p>': 't-att-href="1"',
    "<p>{{ object.number }}</p>": "{{ object.number }}",
    '<p title="{{ object.number }}">x</p>': "{{ object.number }}",
    '<!-- <t t-out="object.env"/> -->': '<t t-out="object.env"/>',
    '<style><t t-out="object.env"/></style>': '<t t-out="object.env"/>',
    '<p title="&lt;t t-out=&quot;1&quot;/&gt;">x</p>': '<t t-out="1"/>',
    '<p>&lt;t t-out="object.env"/&gt;</p>': '<t t-out="object.env"/>',
    '<a href="javascript:x()">x</a>': "javascript:x()",
    '<a href=" java\tscript:x()">x</a>': "java\tscript:x()",
    '<a href="data:text/html,x">x</a>': "data:text/html,x",
    "<p>${object.number}</p>": "${object.number}",
    "<p>a</p>%}": "%}",
}


class TestClientTemplateText(unittest.TestCase):
    def test_plain_subjects_pass(self) -> None:
        for subject in GOOD_SUBJECTS:
            with self.subTest(subject):
                self.assertEqual(list(subject_findings(subject, ALLOWED)), [])

    def test_bad_subjects_are_named(self) -> None:
        for subject, finding in BAD_SUBJECTS.items():
            with self.subTest(subject):
                self.assertIn(finding, list(subject_findings(subject, ALLOWED)))

    def test_plain_bodies_pass(self) -> None:
        for body in GOOD_BODIES:
            with self.subTest(body):
                self.assertEqual(list(body_findings(body, ALLOWED)), [])

    def test_bad_bodies_are_named(self) -> None:
        for body, finding in BAD_BODIES.items():
            with self.subTest(body):
                self.assertIn(finding, list(body_findings(body, ALLOWED)))

    def test_long_findings_are_cut(self) -> None:
        [finding] = subject_findings("{{" + "a" * 500 + "}}", ALLOWED)
        self.assertEqual(len(finding), 81)

    def test_paths_are_fields_only(self) -> None:
        for expression in ("object.a", "object.a.b_c"):
            self.assertTrue(is_path(expression), expression)
        for expression in ("object", "object.a()", "object.a ", "x.a", "object.á"):
            self.assertFalse(is_path(expression), expression)

    def test_who_writes_code_still_hears_of_broken_braces(self) -> None:
        self.assertEqual(list(syntax_findings("{{ f(1) }}", '<t t-if="1"/>')), [])
        found = list(syntax_findings("{{ f(1) }", "<p>{{ object.number }}</p>"))
        self.assertEqual(found, ["{{ f(1) }", "{{ object.number }}"])
