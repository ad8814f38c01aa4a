"""The programs of a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .. import shell
from ..settings import SetupError, uses_own_database_server
from . import apt


def ensure() -> None:
    """Install PostgreSQL, or only its client for a server of one's own, if missing."""
    if uses_own_database_server():
        if not _find("psql"):
            apt.ensure_installed(["postgresql-client"])
    elif not _find("initdb"):
        apt.ensure_installed(["postgresql"])


def program(name: str) -> Path:
    """Return the path of the PostgreSQL program ``name``.

    :raises SetupError: if it is not installed
    """
    found = _find(name)
    if not found:
        raise SetupError(
            f"PostgreSQL's {name} is missing. Install PostgreSQL 13 or newer, or set "
            "DB_HOST, DB_PORT, DB_USER and DB_PASSWORD to a server of your own."
        )
    return found


def _find(name: str) -> Path | None:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: float(path.parent.name),
        reverse=True,
    )
    folders.append(Path(shell.output(["pg_config", "--bindir"]) or os.devnull))
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None
