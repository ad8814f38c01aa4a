"""A private PostgreSQL cluster per checkout, reachable through one socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import locks, progress, shell
from .provision.postgres import program
from .settings import CHECKOUT_ID, DEV, LOGS, SetupError

ROLE = "odoo"
_SYSTEM_USER = "postgres"
# A socket path may have 107 bytes; "/.s.PGSQL.5432" takes 14 of them.
_MAX_SOCKET_FOLDER = 90
# Safety against power loss is given away: the data can be made again.
_CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
"""


@dataclass(frozen=True)
class Cluster:
    """Where the cluster lives and who runs it.

    :param base: folder of data and log
    :param sockets: folder of the socket
    :param owner: system user that runs the server, empty for this user
    """

    base: Path
    sockets: Path
    owner: str

    @cached_property
    def data(self) -> Path:
        """The data directory."""
        return self.base / "data"

    def start(self) -> None:
        """Start the server, after creating the cluster if needed.

        :raises SetupError: if PostgreSQL cannot be started
        """
        if self.is_running():
            return
        self._make_folder(self.base)
        self._make_folder(self.sockets)
        if not self._is_usable():
            self._create()
        self._remove_stale_pid_file()
        try:
            self._pg_ctl("start", "-t", "60", "-l", str(self.base / "server.log"))
        except SetupError:
            # After a kill -9 its last processes may hold the memory for a moment.
            time.sleep(3)
            self._pg_ctl("start", "-t", "60", "-l", str(self.base / "server.log"))
        self._ensure_role()

    def stop(self) -> None:
        """Stop the server if it runs."""
        if self.is_running():
            self._pg_ctl("stop", "-m", "fast")

    def remove(self) -> None:
        """Stop the server and delete the cluster."""
        if self.data.exists():
            self.stop()
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def is_running(self) -> bool:
        """Tell whether the server answers."""
        if not self.sockets.exists():
            return False
        check = [
            program("pg_isready"),
            "-h",
            self.sockets,
            "-U",
            ROLE,
            "-d",
            "postgres",
        ]
        return bool(shell.output(check))

    def _is_usable(self) -> bool:
        version = self.data / "PG_VERSION"
        installed = shell.output([program("postgres"), "--version"]).split()[2]
        return (
            version.exists()
            and version.read_text().strip() == installed.partition(".")[0]
            and (self.base / "complete").exists()
        )

    def _create(self) -> None:
        progress.step("Creating a private PostgreSQL cluster")
        shutil.rmtree(self.data, ignore_errors=True)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        user = ["--username=postgres"]
        self._run([program("initdb"), "-D", self.data, *user, *options])
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION.format(sockets=self.sockets))
        (self.base / "complete").touch()

    def _remove_stale_pid_file(self) -> None:
        # PostgreSQL believes the file if another process has got its number.
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n")[0]
        with suppress(OSError):
            if Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data.resolve():
                return
        pid_file.unlink()

    def _ensure_role(self) -> None:
        psql = ["psql", "-h", self.sockets, "-U", "postgres", "-d", "postgres"]
        psql[0] = program("psql")
        query = f"SELECT rolname FROM pg_roles WHERE rolname = '{ROLE}'"
        if not shell.output([*psql, "-XAtc", query]):
            shell.run([*psql, "-Xqc", f"CREATE ROLE {ROLE} LOGIN CREATEDB"])

    def _make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.owner:
            shutil.chown(path, self.owner)
        elif path.stat().st_uid != os.geteuid():
            raise SetupError(f"{path} belongs to another user: remove it.")
        path.chmod(0o700)

    def _pg_ctl(self, action: str, *options: str) -> None:
        self._run([program("pg_ctl"), "-D", self.data, "-w", action, *options])

    def _run(self, command: list[str | Path]) -> None:
        # Elsewhere than in "/" it would complain about an unreadable folder.
        shell.run(
            _as_user(self.owner, command), cwd=Path("/"), log=LOGS / "postgres.log"
        )


def locate() -> Cluster:
    """Return the cluster of this checkout; nothing is created but ``.dev/pg``.

    :raises SetupError: if root finds no system user to run PostgreSQL as
    """
    owner = _owner()
    base = DEV / "pg"
    if not _is_reachable(base, owner):
        base = Path(pwd.getpwnam(owner).pw_dir, f"client_hub-{CHECKOUT_ID}")
    sockets = base / "socket"
    if len(os.fsencode(sockets)) > _MAX_SOCKET_FOLDER:
        sockets = Path("/tmp", f"client_hub-{os.geteuid()}-{CHECKOUT_ID}")
    return Cluster(base, sockets, owner)


@contextmanager
def in_use() -> Iterator[Cluster]:
    """Have the server running; the last of its users in this checkout stops it."""
    cluster = locate()
    with locks.share("cluster-users") as users:
        with locks.exclusive("cluster-start"):
            cluster.start()
        try:
            yield cluster
        finally:
            if locks.is_last(users):
                cluster.stop()


def _owner() -> str:
    if os.geteuid():
        return ""
    try:
        return pwd.getpwnam(_SYSTEM_USER).pw_name
    except KeyError:
        raise SetupError(
            "PostgreSQL refuses to run as root and there is no system user "
            f"{_SYSTEM_USER}. Create it, or run this as a normal user."
        ) from None


def _is_reachable(base: Path, owner: str) -> bool:
    """Tell whether ``owner`` can enter ``base``."""
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not owner:
        return True
    shutil.chown(base, owner)
    return bool(shell.output(_as_user(owner, ["sh", "-c", f"cd '{base}' && echo yes"])))


def _as_user(owner: str, command: list[str | Path]) -> list[str | Path]:
    return ["runuser", "-u", owner, "--", *command] if owner else command
