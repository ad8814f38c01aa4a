"""The project's own limits on length and type hints, as one more linter."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

MAX_FUNCTION_LINES = 35
MAX_FILE_LINES = 300
MAX_TEST_FILE_LINES = 400
UNCHECKED_FOLDERS = {"node_modules", "build", "dist", "__pycache__"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(root: Path) -> Iterator[str]:
    """Name the files and functions that are too long or have no type hint at all.

    Tests may be longer, and neither their functions' length nor hints are looked at.

    :param root: folder to search; hidden and generated folders are left out
    """
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if _is_checked(name))
        for name in sorted(files):
            if name.endswith(".py"):
                path = Path(folder, name)
                yield from _file_findings(path, path.relative_to(root))


def _is_checked(folder: str) -> bool:
    return not folder.startswith(".") and folder not in UNCHECKED_FOLDERS


def _file_findings(path: Path, shown: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    is_test = "tests" in shown.parts
    limit = MAX_TEST_FILE_LINES if is_test else MAX_FILE_LINES
    length = len(source.splitlines())
    if length > limit:
        yield f"{shown}: {length} lines, at most {limit} are allowed. Split the file."
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"{shown}:{error.lineno}: cannot be read as Python: {error.msg}."
        return
    for node in ast.walk(tree):
        if isinstance(node, Function) and not is_test:
            for finding in _function_findings(node):
                yield f"{shown}:{node.lineno}: {node.name}() {finding}"


def _function_findings(node: Function) -> Iterator[str]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > MAX_FUNCTION_LINES:
        yield f"has {length} lines, at most {MAX_FUNCTION_LINES} are allowed. Split it."
    arguments = [part for part in ast.walk(node.args) if isinstance(part, ast.arg)]
    if node.returns is None and not any(part.annotation for part in arguments):
        yield "has no type hint, neither on an argument nor on its result."
