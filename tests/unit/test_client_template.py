from __future__ import annotations

import unittest

from odoo.addons.base.models.ir_qweb import QWebError, QWebErrorInfo

from ...tools.client_template import DOCUMENT_TYPES, causes, failing_placeholder


def raised(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class TestFailingPlaceholder(unittest.TestCase):
    """What is told of an error that Odoo wrapped."""

    def test_element_of_a_body(self) -> None:
        info = QWebErrorInfo(
            "", None, None, None, "<t t-out=\"a == \\'b\\'\"/>", [], ""
        )
        error = raised(QWebError(info), ZeroDivisionError("division by zero"))
        self.assertEqual(
            failing_placeholder(raised(Exception("Failed to render"), error)),
            ("<t t-out=\"a == 'b'\"/>", "division by zero"),
        )

    def test_expression_of_a_subject(self) -> None:
        error = ValueError("KeyError('x') while evaluating\n'object.x'")
        self.assertEqual(
            failing_placeholder(raised(Exception("Failed"), error)),
            ("object.x", "KeyError('x')"),
        )

    def test_nothing_is_known(self) -> None:
        self.assertEqual(failing_placeholder(ValueError("other")), ("", ""))

    def test_causes_come_outermost_first(self) -> None:
        inner = ValueError()
        outer = raised(Exception(), inner)
        self.assertEqual(list(causes(outer)), [outer, inner])


class TestDocumentTypes(unittest.TestCase):
    def test_types_that_share_a_template_are_told_apart_by_state(self) -> None:
        for key, kind in DOCUMENT_TYPES.items():
            for other_key, other in DOCUMENT_TYPES.items():
                shared = set(kind.templates) & set(other.templates)
                if key != other_key and shared:
                    self.assertTrue(kind.states and other.states, key)
                    self.assertFalse(set(kind.states) & set(other.states), key)
