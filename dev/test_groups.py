"""The Odoo tests of the add-on: which there are, and who runs what."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

from .settings import ROOT, SetupError, env

_BYTES_PER_SECOND = 1000


def files(root: Path = ROOT) -> list[Path]:
    """Return the test files that Odoo runs."""
    return sorted((root / "tests").glob("test_*.py"))


def expected(path: Path, apart: bool = False) -> set[str]:
    """Return the names ``test_file.Class.method`` of the tests in ``path``.

    A class without bases is a mixin; Odoo runs its methods nowhere.

    :param apart: the tests taken out of the standard set by ``@tagged('-standard')``
        instead of the others
    """
    return {
        f"{path.stem}.{node.name}.{method.name}"
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and node.bases and _is_apart(node) == apart
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name.startswith("test")
    }


def spread(weights: Mapping[str, float], workers: int) -> list[list[str]]:
    """Share the keys of ``weights`` (seconds) among ``workers``, the longest first.

    :return: one list per worker that has something to do
    """
    groups: list[list[str]] = [[] for _number in range(workers)]
    loads = [0.0] * workers
    for item in sorted(weights, key=lambda item: (-weights[item], item)):
        lightest = loads.index(min(loads))
        groups[lightest].append(item)
        loads[lightest] += weights[item]
    return [group for group in groups if group]


def weigh(paths: Sequence[Path], durations: Mapping[str, float]) -> dict[str, float]:
    """Return the seconds each test file is likely to take, by its stem."""
    return {
        path.stem: durations.get(path.stem, path.stat().st_size / _BYTES_PER_SECOND)
        for path in paths
    }


def wanted(names: Sequence[str]) -> list[str]:
    """Return those of ``names`` that a word of ``TESTS`` is a part of; else all.

    :raises SetupError: if there is none
    """
    words = env("TESTS").split()
    found = [name for name in names if any(word in name for word in words or [""])]
    if not found:
        raise SetupError(f"TESTS={env('TESTS')}: no test file has that in its name.")
    return found


def _is_apart(node: ast.ClassDef) -> bool:
    return any(
        isinstance(word, ast.Constant) and word.value == "-standard"
        for decorator in node.decorator_list
        for word in ast.walk(decorator)
    )
