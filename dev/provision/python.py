"""The virtual environment with Odoo's Python dependencies and the dev tools."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from .. import progress, shell, stamps
from ..settings import DEV, ROOT, VENV, SetupError
from . import apt

# The best tried one first.
_SUPPORTED = [(3, 11), (3, 12), (3, 13), (3, 10)]
_UV = "uv==0.13.9"


def executable() -> Path:
    """Return the Python of the virtual environment."""
    return VENV / "bin" / "python"


def ensure(with_odoo: bool) -> None:
    """Build the virtual environment unless an equal one is there.

    :param with_odoo: also install what Odoo itself needs
    :raises SetupError: if no usable Python is found or the network fails
    """
    files = _requirements(with_odoo)
    python = _base_python()
    texts = [path.read_text() for path in files]
    key = stamps.digest(shell.output([python, "-VV"]), str(VENV), *texts)
    if executable().exists() and stamps.is_fresh("venv", key):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not shell.output([python, "-c", "import ensurepip; print(1)"]):
        apt.ensure_installed(["python3-venv"])
    progress.step("Installing Python packages into .dev/venv")
    shell.run([python, "-m", "venv", VENV])
    _install(files)
    stamps.write("venv", key)


def _requirements(with_odoo: bool) -> list[Path]:
    files = sorted((ROOT / "dev").glob("requirements*.txt"))
    return [path for path in files if with_odoo or "odoo" not in path.name]


def _base_python() -> str:
    """Return a Python that Odoo 19 supports; the running one if it will do."""
    if sys.version_info[:2] in _SUPPORTED:
        # Not sys.executable: inside a virtual environment it would nest.
        return os.path.realpath(sys.executable)
    for major, minor in _SUPPORTED:
        if shell.output([found := f"python{major}.{minor}", "-c", "print(1)"]):
            return found
    raise SetupError(
        f"Odoo 19 needs Python 3.10 to 3.13; this is {sys.version.split()[0]}.\n"
        "Install one of them, or call: make PYTHON=python3.11 <target>"
    )


def _install(files: list[Path]) -> None:
    wanted = [word for path in files for word in ("-r", str(path))]
    pip = [executable(), "-m", "pip", "install", "--quiet"]
    try:
        shell.run([*pip, _UV])
        cache = os.environ | {"UV_CACHE_DIR": str(DEV / "uv-cache")}
        uv = [VENV / "bin" / "uv", "pip", "install", "--python", executable()]
        shell.run([*uv, *wanted], env=cache)
    except SetupError:
        # uv reads no pip configuration, so pip may reach an index that uv cannot.
        shell.run([*pip, *wanted])
    finally:
        shutil.rmtree(DEV / "uv-cache", ignore_errors=True)
