"""Debian packages: installed into the system, or downloaded for a private prefix."""

from __future__ import annotations

import shutil
from pathlib import Path

from .. import progress, shell
from ..settings import SetupError

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]


def require(wanted: str, remedy: str) -> None:
    """Check that this machine has apt.

    :param wanted: what apt is to bring
    :param remedy: what the user can do without apt
    :raises SetupError: with both of them
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise SetupError(f"This machine has no apt to bring {wanted}.\n{remedy}")


def ensure_installed(packages: list[str]) -> None:
    """Install those of the Debian ``packages`` which the system lacks."""
    missing = [name for name in packages if not _is_installed(name)]
    if not missing:
        return
    require(", ".join(missing), "Install it with your own package manager.")
    progress.step(f"Installing {', '.join(missing)}")
    try:
        shell.run(_as_root([*_INSTALL, *missing]))
    except SetupError:
        # Package lists that are missing or too old name files that are gone.
        shell.run(_as_root(["apt-get", "update"]))
        shell.run(_as_root([*_INSTALL, *missing]))


def download(state: Path, packages: list[str]) -> list[Path]:
    """Download Debian ``packages`` (``name/suite``), dependencies not included.

    apt verifies the signatures; the system's own apt state stays untouched.

    :param state: private folder for apt's lists and for the files
    :return: the downloaded files
    """
    options = _private_state(state, sorted({name.split("/")[1] for name in packages}))
    files = state / "files"
    files.mkdir()
    shell.run(["apt-get", *options, "update"])
    shell.run(["apt-get", *options, "download", *packages], cwd=files)
    return sorted(files.glob("*.deb"))


def unpack(package: Path, prefix: Path) -> None:
    """Unpack the Debian file ``package`` below ``prefix`` without installing it."""
    shell.run(["dpkg", "-x", package, prefix])


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}", package]
    return shell.output(query) == "installed"


def _as_root(command: list[str]) -> list[str]:
    return shell.privileged(["env", "DEBIAN_FRONTEND=noninteractive", *command])


def _mirror() -> str:
    query = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    query += ["Created-By: Packages", "Label: Debian"]
    found = shell.output(query)
    if not found:
        shell.run(_as_root(["apt-get", "update"]))
        found = shell.output(query)
    if not found:
        raise SetupError(
            "apt knows no Debian mirror, so Odoo 19 cannot be downloaded.\n"
            "Add one to the apt sources, or set ODOO_BIN to an Odoo 19 of your own."
        )
    return found.splitlines()[0]


def _private_state(state: Path, suites: list[str]) -> list[str]:
    mirror = _mirror()
    for folder in ("lists/partial", "cache/archives/partial", "parts"):
        (state / folder).mkdir(parents=True)
    lines = [f"deb [signed-by={_KEYRING}] {mirror} {suite} main" for suite in suites]
    (state / "sources.list").write_text("\n".join(lines) + "\n")
    values = {
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": state / "parts",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state / "cache",
        # apt's own user cannot enter a private checkout
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [f"-o{key}={value}" for key, value in values.items()]
