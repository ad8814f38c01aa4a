"""The source of Odoo 19: Debian's package, unpacked into the private prefix."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .. import progress, stamps
from ..settings import DEV, ODOO, SetupError
from . import apt

# The package links some web assets to files of these other packages. Font Awesome
# must be version 4, which later Debian releases no longer have.
_PACKAGES = [
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
]
# The package lacks this library (it blurs the background in video calls). Without any
# file there, the web client's assets carry an error which fails every browser test.
_LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure() -> None:
    """Unpack Odoo 19 into ``.dev/odoo`` unless it is there.

    :raises SetupError: if it cannot be downloaded or is incomplete
    """
    key = stamps.digest(*_PACKAGES, _LEFT_OUT)
    if ODOO.exists() and stamps.is_fresh("odoo", key):
        return
    apt.require("Odoo 19", "Set ODOO_BIN to the odoo-bin of an Odoo 19 of your own.")
    state, unpacked = DEV / "apt", DEV / "odoo.new"
    for folder in (state, unpacked, ODOO):
        shutil.rmtree(folder, ignore_errors=True)
    progress.step("Downloading Odoo 19 (about 130 MB)")
    files = apt.download(state, _PACKAGES)
    progress.step("Unpacking Odoo 19 (about 1.2 GB)")
    for file in files:
        apt.unpack(file, unpacked)
    _check_links(unpacked)
    _fill_gap(unpacked / "usr/lib/python3/dist-packages" / _LEFT_OUT)
    unpacked.rename(ODOO)
    shutil.rmtree(state)
    stamps.write("odoo", key)


def _fill_gap(path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True)
        path.write_text("/* Left out of Debian's package. */\n")


def _check_links(prefix: Path) -> None:
    dangling = [
        path
        for folder, _folders, files in os.walk(prefix)
        for path in (Path(folder, name) for name in files)
        if path.is_symlink() and not path.exists()
    ]
    if dangling:
        raise SetupError(
            "Debian's odoo-19 package now links to files of further packages, "
            f"such as {dangling[0]} -> {os.readlink(dangling[0])}.\n"
            "Add the package that holds them to dev/provision/odoo.py."
        )
