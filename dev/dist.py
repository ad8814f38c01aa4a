"""The installable ZIP: the same input always gives the same bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from . import shipped
from .settings import MODULE, ROOT

# The oldest time a ZIP can hold; real times would make each build differ.
_TIME = (1980, 1, 1, 0, 0, 0)


def build(root: Path = ROOT) -> Path:
    """Write ``dist/client_hub-<version>.zip`` below ``root`` and return its path."""
    target = root / "dist" / f"{MODULE}-{shipped.manifest(root)['version']}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in shipped.files(root):
            _add(archive, root / name, f"{MODULE}/{name}")
    return target


def _add(archive: zipfile.ZipFile, source: Path, name: str) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    executable = source.stat().st_mode & 0o100
    info.external_attr = (0o100755 if executable else 0o100644) << 16
    archive.writestr(info, source.read_bytes())


def main() -> int:
    """Build the ZIP and print its path."""
    print(build())
    return 0
