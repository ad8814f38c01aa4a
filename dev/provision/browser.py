"""Chromium, in which Odoo runs its tours."""

from __future__ import annotations

import shutil

from . import apt

# The names which Odoo's test suite looks for.
_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def ensure() -> None:
    """Install Chromium unless a browser that Odoo's tests find is there."""
    if not any(shutil.which(name) for name in _NAMES):
        apt.ensure_installed(["chromium"])
