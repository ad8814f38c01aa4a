"""Brings everything that this project runs with; each part is a no-op when there."""

from __future__ import annotations

from .. import locks
from ..settings import ROOT, SetupError, env
from . import archivers, browser, odoo, postgres, python, wkhtmltopdf


def ensure(for_tests: bool = False) -> None:
    """Provision Odoo, Python packages, PostgreSQL and wkhtmltopdf.

    :param for_tests: a browser and programs that open archives as well

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
        if for_tests:
            browser.ensure()
            archivers.ensure()


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
