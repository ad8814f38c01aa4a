from __future__ import annotations

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from dev import lint, lint_install, lint_shape
from dev.settings import MODULE, ROOT


class TestShape(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def findings(self, source: str, path: str = "models/thing.py") -> list[str]:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
        return list(lint_shape.findings(self.root))

    def test_function_length(self) -> None:
        function = "def f() -> None:\n" + "    x = 1\n" * (
            lint_shape.MAX_FUNCTION_LINES - 1
        )
        self.assertEqual(self.findings(function), [])
        found = self.findings(function + "    x = 1\n")
        self.assertEqual(
            found,
            ["models/thing.py:1: f() has 36 lines, at most 35 are allowed. Split it."],
        )

    def test_nested_and_async_functions_count(self) -> None:
        found = self.findings(
            "class A:\n"
            "    async def f(self) -> None:\n"
            "        def inner(x):\n"
            "            return x\n"
        )
        self.assertEqual(len(found), 1)
        self.assertIn("models/thing.py:3: inner() has no type hint", found[0])

    def test_file_length(self) -> None:
        lines = "x = 1\n" * lint_shape.MAX_FILE_LINES
        self.assertEqual(self.findings(lines), [])
        self.assertIn("301 lines", self.findings(lines + "x = 1\n")[0])

    def test_hints(self) -> None:
        for source, is_fine in (
            ("def f(a: int): return a", True),
            ("def f(*, a: int): return a", True),
            ("def f(**values: int): return values", True),
            ("def f(a) -> int: return a", True),
            ("def f(self) -> int: return 1", True),
            ("def f(self): return 1", False),
            ("def f(a, b): return a", False),
        ):
            with self.subTest(source):
                self.assertEqual(not self.findings(source), is_fine)

    def test_tests_have_limits_of_their_own(self) -> None:
        lines = "def test_x(self):\n" + "    x = 1\n" * (
            lint_shape.MAX_TEST_FILE_LINES - 1
        )
        self.assertEqual(self.findings(lines, "dev/tests/test_x.py"), [])
        found = self.findings(lines + "    x = 1\n", "dev/tests/test_x.py")
        self.assertEqual(len(found), 1)
        self.assertIn("401 lines, at most 400", found[0])

    def test_broken_file_is_a_finding(self) -> None:
        self.assertIn(":2: cannot be read", self.findings("x = 1\ndef f(:\n")[0])

    def test_hidden_and_generated_folders_are_left_out(self) -> None:
        for path in (".dev/venv/a.py", "dist/a.py", "a/node_modules/b.py"):
            self.assertEqual(self.findings("def f(a): return a", path), [], path)


class TestReport(unittest.TestCase):
    def report(self, *results: lint.Result) -> tuple[int, str]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = lint._report(iter(results))
        return code, printed.getvalue()

    def test_nothing_found(self) -> None:
        code, printed = self.report(lint.Result("ruff", False, "All good", 0.1))
        self.assertEqual(code, 0)
        self.assertEqual(printed, "ok    ruff           0.1 s\n")

    def test_every_finding_is_shown(self) -> None:
        code, printed = self.report(
            lint.Result("ruff", True, "a.py:1: bad\nb.py:2: bad", 0.1),
            lint.Result("shape", False, "", 0.0),
            lint.Result("eslint", True, "c.js:3: bad", 2.0),
        )
        self.assertEqual(code, 1)
        for text in ("a.py:1: bad", "b.py:2: bad", "c.js:3: bad", "ruff, eslint."):
            self.assertIn(text, printed)


class TestCommands(unittest.TestCase):
    def test_files_of_the_copy_are_named_as_in_the_checkout(self) -> None:
        addon = lint_install.HOME / "run-abc" / MODULE
        told = (
            f"{addon}/models/a.py:1: x\n.dev/lint/run-abc/{MODULE}/b.xml:2: {ROOT}/c.js"
        )
        self.assertEqual(lint._relative(told, addon), "models/a.py:1: x\nb.xml:2: c.js")

    def test_every_name_has_a_linter(self) -> None:
        tools = [*lint._source_tools(), *lint._addon_tools(Path(MODULE))]
        self.assertEqual({tool.name for tool in tools} | {"shape"}, set(lint._NAMES))

    def test_unknown_name_is_refused(self) -> None:
        with (
            contextlib.redirect_stderr(io.StringIO()) as said,
            self.assertRaises(SystemExit),
        ):
            lint.main(["--only", "pylnt"])
        self.assertIn("pylnt", said.getvalue())


if __name__ == "__main__":
    unittest.main()
