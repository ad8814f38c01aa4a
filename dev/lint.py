"""Runs every linter of the project: ``make lint`` or ``python3 -m dev lint``.

The versions are pinned in ``dev/lint-requirements.txt`` and ``dev/package-lock.json``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import lint_install, lint_shape, shipped
from .lint_install import HOME, PYTHON
from .settings import MODULE, ROOT

_PYTHON_NAMES = ("ruff", "ruff-format", "pylint", "oca-module", "oca-po")
_NODE_NAMES = ("eslint", "prettier")
_NAMES = (*_PYTHON_NAMES, *_NODE_NAMES, "shape")
_PRETTIER_FILES = "**/*.{xml,js,mjs,css,scss,json,yaml,yml,md}"


@dataclass(frozen=True)
class Tool:
    """One linter.

    :param name: what is printed, and what ``--only`` takes
    :param check: command that changes nothing and fails when it finds something
    :param fix: command that repairs what it can; empty when there is none
    """

    name: str
    check: tuple[str, ...]
    fix: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What one linter said, and how long it took in seconds."""

    name: str
    failed: bool
    output: str
    seconds: float


def main(argv: Sequence[str] = ()) -> int:
    """Run the linters and print what each one finds.

    :param argv: the arguments after ``lint``
    :return: 0 when nothing was found, else 1
    :raises SetupError: when a linter cannot be installed; the text says what to do
    """
    options = _parser().parse_args(argv)
    chosen = set(options.only or _NAMES)
    lint_install.ensure(
        python=not chosen.isdisjoint(_PYTHON_NAMES),
        node=not chosen.isdisjoint(_NODE_NAMES),
    )
    if options.fix:
        _fix(chosen)
    with tempfile.TemporaryDirectory(prefix="run-", dir=HOME) as folder:
        addon = _copy_addon(Path(folder) / MODULE)
        return _report(_check(chosen, addon))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m dev lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="first repair what can be")
    parser.add_argument(
        "--only", action="append", choices=_NAMES, help="run this one (repeatable)"
    )
    return parser


def _source_tools() -> list[Tool]:
    """Return the linters that look at the whole checkout."""
    ruff = (str(PYTHON), "-m", "ruff")
    binaries = HOME / "node_modules" / ".bin"
    eslint = (str(binaries / "eslint"), ".", "--no-error-on-unmatched-pattern")
    prettier = (str(binaries / "prettier"), _PRETTIER_FILES)
    prettier = (*prettier, "--no-error-on-unmatched-pattern", "--log-level=warn")
    return [
        Tool("ruff", (*ruff, "check"), (*ruff, "check", "--fix")),
        Tool("ruff-format", (*ruff, "format", "--check"), (*ruff, "format")),
        Tool("eslint", (*eslint, "--max-warnings=0"), (*eslint, "--fix")),
        Tool("prettier", (*prettier, "--check"), (*prettier, "--write")),
    ]


def _addon_tools(addon: Path) -> list[Tool]:
    """Return the linters that look at the installable add-on only."""
    python = (str(PYTHON), "-m")
    config = ("--config", str(ROOT / ".oca_hooks.cfg"))
    oca_po = (*python, "oca_pre_commit_hooks.cli_po", *config)
    po_files = sorted(str(path) for path in addon.glob("i18n*/*.po*"))
    return [
        Tool("pylint", (*python, "pylint", f"--rcfile={ROOT}/.pylintrc", str(addon))),
        Tool("oca-module", (*python, "oca_pre_commit_hooks", *config, str(addon))),
        Tool("oca-po", (*oca_po, *po_files)),
    ]


def _copy_addon(target: Path) -> Path:
    # pylint-odoo and the OCA checks take the add-on's name from its real folder, so a
    # checkout of any other name, or a symbolic link to it, would hide findings.
    for name in shipped.files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return target


def _fix(chosen: set[str]) -> None:
    # One after the other: two of them may write the same file.
    for tool in _source_tools():
        if tool.name in chosen:
            lint_install.run(tool.fix)


def _check(chosen: set[str], addon: Path) -> Iterator[Result]:
    tools = [*_addon_tools(addon), *_source_tools()]
    # The work is done by the child processes, so threads are enough.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [
            pool.submit(_check_one, tool, addon)
            for tool in tools
            if tool.name in chosen
        ]
        if "shape" in chosen:
            yield _check_shape()
        for future in running:
            yield future.result()


def _check_one(tool: Tool, addon: Path) -> Result:
    started = time.monotonic()
    done = lint_install.run(tool.check)
    output = _relative(f"{done.stdout}{done.stderr}".strip(), addon)
    return Result(tool.name, done.returncode != 0, output, time.monotonic() - started)


def _relative(output: str, addon: Path) -> str:
    """Name the files from the checkout on, also those of the add-on's copy."""
    copy = re.escape(f"{addon.parent.name}/{addon.name}/")
    return re.sub(rf"\S*{copy}", "", output.replace(f"{ROOT}/", ""))


def _check_shape() -> Result:
    started = time.monotonic()
    found = "\n".join(lint_shape.findings(ROOT))
    return Result("shape", bool(found), found, time.monotonic() - started)


def _report(results: Iterator[Result]) -> int:
    failed = []
    for result in results:
        word = "FAIL" if result.failed else "ok"
        print(f"{word:<5} {result.name:<12} {result.seconds:5.1f} s", flush=True)
        if result.failed:
            failed.append(result.name)
            print("\n".join(f"      {line}" for line in result.output.splitlines()))
    if failed:
        print(f"Findings of {', '.join(failed)}.")
        print("`python3 -m dev lint --fix` repairs what can be repaired.")
    return 1 if failed else 0
