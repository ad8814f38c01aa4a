"""Paths and environment variables of the development tooling."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

MODULE = "client_hub"
#: loaded into every database; Odoo makes the first one the default of new contacts
LANGUAGES = ("en_US", "zh_CN", "fr_FR")
ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
STAMPS = DEV / "stamps"
LOGS = DEV / "logs"
MAIL = DEV / "mail"
ADDONS = DEV / "addons"
DATA = DEV / "data"
VENV = DEV / "venv"
ODOO = DEV / "odoo"
WKHTMLTOPDF_BIN = DEV / "wkhtmltox" / "bin"
#: names what belongs to this checkout outside of it (sockets, databases)
CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


class SetupError(Exception):
    """The machine lacks something; the text names it and the remedy."""


def env(name: str, default: str = "") -> str:
    """Return the environment variable ``name``, or ``default`` if empty."""
    return os.environ.get(name) or default


def db_name() -> str:
    """Return the name of the database that ``make run`` shows."""
    return env("DB_NAME", MODULE)


def uses_own_database_server() -> bool:
    """Tell whether the environment names a PostgreSQL server to use."""
    return any(env(name) for name in ("DB_HOST", "DB_PORT", "DB_USER"))


def wanted_port() -> int | None:
    """Return the HTTP port asked for by ``PORT``, None when none is.

    :raises SetupError: if ``PORT`` is not a port number
    """
    text = env("PORT")
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT={text} is not a port number (1-65535).")
    return int(text)
