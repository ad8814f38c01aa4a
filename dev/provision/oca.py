"""OCA modules that some tests run beside; they are under the AGPL and never shipped."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from .. import progress, shell, stamps
from ..settings import DEV
from . import python

#: what to install
MODULES = "partner_identification"
_PACKAGE = "odoo-addon-partner-identification==19.0.1.2.0.3"
_FOLDER = DEV / "oca"


def ensure() -> Path:
    """Fetch the modules unless they are there; return their add-ons folder.

    :raises SetupError: if they cannot be had
    """
    addons = _FOLDER / "odoo" / "addons"
    if addons.exists() and stamps.is_fresh("oca", _PACKAGE):
        return addons
    progress.step("Fetching OCA modules for tests")
    shutil.rmtree(_FOLDER, ignore_errors=True)
    # Not installed: their package lives in the namespace of Odoo itself.
    pip = [python.executable(), "-m", "pip", "download", "--quiet", "--no-deps"]
    shell.run([*pip, "--dest", _FOLDER, _PACKAGE])
    with zipfile.ZipFile(next(_FOLDER.glob("*.whl"))) as wheel:
        wheel.extractall(_FOLDER)
    stamps.write("oca", _PACKAGE)
    return addons
