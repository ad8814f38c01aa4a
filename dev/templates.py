"""Databases to copy from, so that installing happens once per change.

The ``core`` template holds the modules that the add-on depends on, the languages and
demo data; the ``addon`` template is its copy with the add-on installed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import database, locks, odoo_server, progress, shipped, stamps
from .odoo_server import Server
from .settings import LANGUAGES, LOGS, MODULE

_DEMO = "--with-demo"


def core() -> str:
    """Return the name of the template without the add-on, made if missing."""
    depends = ",".join(sorted(shipped.manifest()["depends"]))
    key = stamps.digest(odoo_server.version(), depends, *LANGUAGES)

    def build(name: str, log: Path) -> None:
        progress.step(f"Installing {depends} with demo data")
        languages = f"--load-language={','.join(LANGUAGES)}"
        Server(name, addons=()).batch(log, "-i", depends, _DEMO, languages)

    return ensure("core", key, build)


def addon() -> str:
    """Return the name of the template with the add-on, made if missing."""
    shipped.link_addon()
    source = core()
    key = stamps.digest(source, shipped.fingerprint())

    def build(name: str, log: Path) -> None:
        database.copy(source, name)
        progress.step(f"Installing {MODULE}")
        Server(name).batch(log, "-i", MODULE, _DEMO)

    return ensure("addon", key, build)


def install_log(template: str) -> Path:
    """Return the log of the making of ``template``."""
    return LOGS / f"{template}.log"


def ensure(kind: str, key: str, build: Callable[[str, Path], None]) -> str:
    """Return the name of the template ``kind``, built unless ``key`` is unchanged.

    :param build: makes the database of the given name, and logs to the given file
    """
    prefix = f"{database.PREFIX}_{kind}_"
    name = prefix + key
    log = install_log(name)
    with locks.exclusive("templates"):
        if stamps.is_fresh(kind, key) and log.exists() and database.exists(name):
            return name
        stamps.clear(kind)
        for old in {name, *database.names(prefix)}:
            database.drop(old)
            install_log(old).unlink(missing_ok=True)
        build(name, log)
        stamps.write(kind, key)
    return name
