"""Brings everything that this project runs with; each part is a no-op when there."""

from __future__ import annotations

from .. import locks
from ..settings import ROOT, SetupError, env
from . import browser, odoo, postgres, python, wkhtmltopdf


def ensure(with_browser: bool = False) -> None:
    """Provision Odoo, Python packages, PostgreSQL, wkhtmltopdf (and a browser).

    :raises SetupError: naming what is missing and the remedy
    """
    _check_checkout()
    with locks.exclusive("provision"):
        postgres.ensure()
        own_odoo = bool(env("ODOO_BIN"))
        python.ensure(with_odoo=not own_odoo)
        if not own_odoo:
            odoo.ensure()
        wkhtmltopdf.ensure()
        if with_browser:
            browser.ensure()


def ensure_tools() -> None:
    """Provision only the Python packages, for commands that need no Odoo running."""
    with locks.exclusive("provision"):
        python.ensure(with_odoo=not env("ODOO_BIN"))


def _check_checkout() -> None:
    # Odoo separates its addons path by commas; PostgreSQL quotes sockets by apostrophe.
    if set(str(ROOT)) & set(",'\n"):
        raise SetupError(
            f"The folder {ROOT} has a comma or quote in its name: move it."
        )
