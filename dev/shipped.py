"""What belongs to the installed add-on: the one list of it."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
from fnmatch import fnmatch
from pathlib import Path

from . import shell
from .settings import ADDONS, MODULE, ROOT

#: top-level entries of the repository that are not shipped
_NOT_SHIPPED = (
    ".*",
    "dev",
    "docs",
    "dist",
    "node_modules",
    "__pycache__",
    "Makefile",
    "CONTRIBUTING.md",
    "package*.json",
    "tsconfig*.json",
    "jsconfig*.json",
    "*config.js",
    "*config.cjs",
    "*config.mjs",
    "*.toml",
    "*.cfg",
    "*.ini",
    "*.lock",
    "*lintrc*",
    "requirements*.txt",
)


def is_shipped(path: str) -> bool:
    """Tell whether the file ``path`` (relative to the repository) is shipped."""
    parts = path.split("/")
    if "__pycache__" in parts or path.endswith(".pyc"):
        return False
    return not any(fnmatch(parts[0], pattern) for pattern in _NOT_SHIPPED)


def files(root: Path = ROOT) -> list[str]:
    """Return the shipped files below ``root``, relative and sorted.

    In a git checkout these are the files that git tracks or would track.
    """
    found = _git_files(root) or _walk(root)
    return sorted(
        name for name in found if is_shipped(name) and (root / name).is_file()
    )


def entries(root: Path = ROOT) -> list[str]:
    """Return the names of the shipped top-level entries of the repository."""
    return sorted({name.split("/")[0] for name in files(root)})


def fingerprint(root: Path = ROOT) -> str:
    """Return a hash of all shipped files but the tests: what a database depends on."""
    total = hashlib.sha256()
    for name in files(root):
        if not name.startswith("tests/"):
            content = hashlib.sha256((root / name).read_bytes()).hexdigest()
            total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()


def manifest(root: Path = ROOT) -> dict:
    """Return the add-on's manifest."""
    return ast.literal_eval((root / "__manifest__.py").read_text())


def link_addon(root: Path = ROOT, addons: Path = ADDONS) -> None:
    """Make ``.dev/addons/client_hub`` a folder of links to the shipped entries.

    The repository itself cannot serve as the add-on: Odoo follows links and walks
    through all of it, ``.dev`` with Odoo's own source included.
    """
    folder = addons / MODULE
    folder.mkdir(parents=True, exist_ok=True)
    wanted = entries(root)
    for path in folder.iterdir():
        if path.name not in wanted or not path.is_symlink():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else (
                path.unlink()
            )
    for name in wanted:
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(os.path.relpath(root / name, folder))


def _git_files(root: Path) -> list[str]:
    # The checkout may belong to another user than the one who runs this.
    git = ["git", "-c", "safe.directory=*", "-C", str(root)]
    if not shell.output([*git, "rev-parse", "--show-prefix", "--is-inside-work-tree"]):
        return []
    listed = shell.output([*git, "ls-files", "-z", "-co", "--exclude-standard"])
    return [name for name in listed.split("\0") if name]


def _walk(root: Path) -> list[str]:
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return found
