from __future__ import annotations

import unittest

from ...tools import ticket as tools
from ...tools.ticket import File, Sent, TicketError


class TestTexts(unittest.TestCase):
    def test_a_line_is_one_line(self) -> None:
        for text, line in (
            (" a \r\n b\tc ", "a b c"),
            ("a\x00b\x07", "ab"),
            ("", ""),
            (None, ""),
            ("\u202eabc", "abc"),
            ("发票", "发票"),
        ):
            with self.subTest(text):
                self.assertEqual(tools.clean_line(text), line)

    def test_a_text_keeps_its_lines(self) -> None:
        self.assertEqual(tools.clean_text(" a\r\nb\rc\n\nd\x00 "), "a\nb\nc\n\nd")
        self.assertEqual(tools.clean_text("  \n "), "")

    def test_a_file_has_a_safe_name(self) -> None:
        for name, safe in (
            ("plan.pdf", "plan.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a b.txt", "a b.txt"),
            ('a"<b>:c|?.pdf', "a__b__c__.pdf"),
            (".htaccess", "file.htaccess"),
            ("", "file"),
            (
                "...",
                "...",
            ),
            ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
            ("发票.pdf", "发票.pdf"),
            ("x" * 300 + ".pdf", "x" * 117 + ".pdf"),
            ("x" * 300, "x" * 120),
        ):
            with self.subTest(name):
                self.assertEqual(tools.clean_name(name), safe)

    def test_a_number_is_read_from_digits_alone(self) -> None:
        for text, number in (
            ("7", 7),
            ("2147483647", 2147483647),
            ("2147483648", 0),
            ("9" * 50, 0),
            ("-1", 0),
            ("1.5", 0),
            ("²", 0),
            ("٣", 0),
            ("", 0),
            (None, 0),
            (7, 0),
        ):
            with self.subTest(text):
                self.assertEqual(tools.read_id(text), number)


class TestChecks(unittest.TestCase):
    def _refused(self, reason: str, check: object, *args: object) -> TicketError:
        with self.assertRaises(TicketError) as caught:
            check(*args)
        self.assertEqual(caught.exception.reason, reason)
        return caught.exception

    def test_a_question_has_a_subject_and_a_text(self) -> None:
        tools.check_question(Sent("Why?", "Invoice"))
        self._refused("no_subject", tools.check_question, Sent("Why?"))
        self._refused("no_text", tools.check_question, Sent("", "Invoice"))

    def test_texts_have_a_longest_length(self) -> None:
        longest = Sent("x" * tools.MAX_TEXT, "x" * tools.MAX_SUBJECT)
        tools.check_question(longest)
        tools.check_message(longest)
        for sent in (
            longest._replace(text=longest.text + "x"),
            longest._replace(subject=longest.subject + "x"),
        ):
            self._refused("long", tools.check_question, sent)
        error = self._refused("long", tools.check_message, Sent("x" * 100_000))
        self.assertEqual(
            error.values,
            {"field": "text", "number": 100_000, "most": tools.MAX_TEXT},
        )

    def test_a_message_may_be_files_alone(self) -> None:
        tools.check_message(Sent(files=[File("a", b"a")]))
        tools.check_message(Sent(kept=["1-x"]))
        self._refused("no_text", tools.check_message, Sent())

    def test_files_are_limited(self) -> None:
        small = File("a", b"a")
        large = File("b", bytes(tools.MAX_FILE_BYTES))
        tools.check_files([small] * tools.MAX_FILES)
        tools.check_files([large, large])
        refused = self._refused
        refused("many_files", tools.check_files, [small] * (tools.MAX_FILES + 1))
        refused("many_files", tools.check_files, [small], [1] * tools.MAX_FILES)
        refused("empty_file", tools.check_files, [File("a", b"")])
        refused("large_file", tools.check_files, [File("b", large.content + b"b")])
        refused("large_files", tools.check_files, [large, large, large])
        refused("large_files", tools.check_files, [large], [tools.MAX_BYTES])

    def test_a_rating_is_one_to_five_stars(self) -> None:
        self.assertEqual(tools.read_rating("5"), 5)
        for text in ("0", "6", "", "-1", "5.0", "５", " 5", None, 5):
            with self.subTest(text):
                self._refused("no_rating", tools.read_rating, text)
