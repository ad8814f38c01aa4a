"""How Odoo is called: its configuration file, command line and environment."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import database, shell
from .provision import python
from .settings import ADDONS, LOGS, ODOO, WKHTMLTOPDF_BIN, SetupError, env

#: Odoo warns that it does not know this option itself; see :mod:`dev.judge`
STRIPE_OPTION = "client_hub_stripe_api_base"
_PACKAGES = ODOO / "usr/lib/python3/dist-packages"


@dataclass(frozen=True)
class Server:
    """One Odoo on one database.

    :param database: name of the database
    :param http_port: port to listen on, 0 for a process that serves nothing
    :param smtp_port: port of the mailbox, 0 for none
    :param stripe_port: port of the stand-in for Stripe, 0 to talk to Stripe itself
    :param addons: folders of add-ons beside Odoo's own
    """

    database: str
    http_port: int = 0
    smtp_port: int = 0
    stripe_port: int = 0
    addons: tuple[Path, ...] = (ADDONS,)

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs the server with ``arguments``."""
        config = ["-c", str(self.write_config())]
        return [*launcher(), "server", *config, "-d", self.database, *arguments]

    def batch(self, log: Path, *arguments: str) -> None:
        """Run Odoo with ``arguments`` until it has done them, adding to ``log``.

        :raises SetupError: if it fails or logs an error
        """
        command = self.command("--stop-after-init", "--no-http", *arguments)
        shell.run(command, env=environment(), log=log)

    def script(self, log: Path, code: str) -> None:
        """Run the Python ``code`` in Odoo's shell, where ``env`` is defined.

        :raises SetupError: if it fails
        """
        config = ["-c", str(self.write_config()), "-d", self.database, "--no-http"]
        command = [*launcher(), "shell", *config]
        shell.run(command, env=environment(), log=log, text=code)

    def write_config(self) -> Path:
        """Write Odoo's configuration file for this server and return its path."""
        folder = database.data_dir(self.database)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "odoo.conf"
        lines = [f"{key} = {value}" for key, value in self._options().items()]
        path.write_text("\n".join(["[options]", *lines]) + "\n")
        return path

    def _options(self) -> dict[str, str | int]:
        options: dict[str, str | int] = {
            "addons_path": ",".join(map(str, self.addons)),
            "data_dir": database.data_dir(self.database),
            "http_interface": "127.0.0.1",
            "http_port": self.http_port or 8069,
            "list_db": "False",
            "dbfilter": f"^{self.database}$",
            "screenshots": LOGS / "screenshots",
            "smtp_server": "127.0.0.1",
            # A port where nobody listens keeps mail from leaving by accident.
            "smtp_port": self.smtp_port or 9,
        }
        if self.stripe_port:
            options[STRIPE_OPTION] = f"http://127.0.0.1:{self.stripe_port}"
        return {key: value for key, value in options.items() if value}


def launcher() -> list[str]:
    """Return the command that starts Odoo.

    :raises SetupError: if ``ODOO_BIN`` is set and is not an executable
    """
    own = env("ODOO_BIN")
    if not own:
        return [str(python.executable()), str(ODOO / "usr" / "bin" / "odoo")]
    found = shutil.which(own)
    if not found:
        raise SetupError(
            f"ODOO_BIN={own} is not an executable file. Set it to the odoo-bin or "
            "odoo of an Odoo 19, or unset it to have one provisioned."
        )
    return [found]


def interpreter() -> str:
    """Return the Python which can import ``odoo``."""
    own = env("ODOO_BIN")
    if not own:
        return str(python.executable())
    with open(launcher()[0], "rb") as script:
        first = script.readline().decode(errors="replace")
    words = first.removeprefix("#!").split()
    return env("ODOO_PYTHON") or (words[-1] if first.startswith("#!") else "python3")


def environment(**more: str) -> dict[str, str]:
    """Return the environment that Odoo runs in, with ``more`` variables."""
    variables = dict(os.environ)
    variables.pop("ODOO_RC", None)
    variables["PATH"] = f"{WKHTMLTOPDF_BIN}{os.pathsep}{os.environ['PATH']}"
    own = env("ODOO_BIN")
    packages = Path(launcher()[0]).parent if own else _PACKAGES
    path = [str(packages), variables.get("PYTHONPATH") if own else ""]
    variables["PYTHONPATH"] = os.pathsep.join(word for word in path if word)
    return variables | more


def check_own() -> None:
    """Check the Odoo that ``ODOO_BIN`` names, if it names one.

    :raises SetupError: if it is not Odoo 19
    """
    if env("ODOO_BIN"):
        version()


@cache
def version() -> str:
    """Return the version text of the Odoo in use.

    :raises SetupError: if it is not Odoo 19
    """
    text = shell.output([*launcher(), "--version"], environment())
    if "19.0" not in text:
        answer = text.partition("\n")[0]
        raise SetupError(
            f"Client Hub needs Odoo 19.0, but {launcher()[-1]} answers {answer!r}."
        )
    return text


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
