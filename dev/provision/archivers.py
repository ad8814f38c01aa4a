"""The programs other than Python that tests open archives with."""

from __future__ import annotations

import shutil

from . import apt

# The package brings 7z in every release of Debian, be it as a mere name of another.
_PACKAGES = {"unzip": "unzip", "7z": "p7zip-full"}


def ensure() -> None:
    """Install the programs that are missing."""
    missing = [package for name, package in _PACKAGES.items() if not shutil.which(name)]
    apt.ensure_installed(missing)
