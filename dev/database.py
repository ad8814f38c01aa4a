"""The database server in use, its databases and their filestores."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import cluster, shell
from .provision.postgres import program
from .settings import (
    CHECKOUT_ID,
    DATA,
    LOGS,
    SetupError,
    env,
    uses_own_database_server,
)

#: of databases which the tooling makes and drops as it likes; without the add-on's
#: name, so that a log line that mentions such a database does not seem to name it
PREFIX = f"hub_{CHECKOUT_ID}"


@contextmanager
def server() -> Iterator[None]:
    """Have a database server, and point this process's environment to it.

    psql, Odoo and psycopg2 all read the standard ``PG...`` variables.

    :raises SetupError: if there is none, or the user may not create databases
    """
    if uses_own_database_server():
        _export(env("DB_HOST"), env("DB_USER"), env("DB_PORT"), env("DB_PASSWORD"))
        _check_server()
        yield
        return
    with cluster.in_use() as own:
        _export(str(own.sockets), cluster.ROLE, "", "")
        yield


def query(database: str, sql: str) -> list[list[str]]:
    """Return the rows which ``sql`` yields, each value as text.

    :raises SetupError: if the statement fails
    """
    psql = [program("psql"), "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
    command = [*psql, "-d", database, "-c", sql]
    return [line.split("\t") for line in shell.checked_output(command).splitlines()]


def exists(name: str) -> bool:
    """Tell whether there is a database ``name``."""
    return [name] in query("postgres", "SELECT datname FROM pg_database")


def names(prefix: str) -> list[str]:
    """Return the names of all databases which begin with ``prefix``."""
    rows = query("postgres", "SELECT datname FROM pg_database")
    return sorted(row[0] for row in rows if row[0].startswith(prefix))


def copy(source: str, target: str) -> None:
    """Make the database ``target`` as a copy of ``source``, filestore included."""
    shell.run([program("createdb"), "-T", source, target], log=LOGS / "psql.log")
    files = _filestore(source)
    if files.exists():
        # Files are named by their content and never rewritten: links will do.
        shutil.copytree(files, _filestore(target), copy_function=os.link)


def rename(source: str, target: str) -> None:
    """Give the database ``source`` and its data directory the name ``target``."""
    query("postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    data_dir(source).rename(data_dir(target))
    _filestore_of(target, source).rename(_filestore(target))


def drop(name: str) -> None:
    """Drop the database ``name``, if it exists, and its data directory."""
    dropdb = [program("dropdb"), "--if-exists", "--force", name]
    shell.run(dropdb, log=LOGS / "psql.log")
    shutil.rmtree(data_dir(name), ignore_errors=True)


def data_dir(name: str) -> Path:
    """Return Odoo's data directory for the database ``name``."""
    return DATA / name


def _filestore(name: str) -> Path:
    return _filestore_of(name, name)


def _filestore_of(directory: str, name: str) -> Path:
    return data_dir(directory) / "filestore" / name


def _check_server() -> None:
    right = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        may_create = query("postgres", right) == [["t"]]
    except SetupError as error:
        raise SetupError(
            f"{error}\nCheck DB_HOST, DB_PORT, DB_USER and DB_PASSWORD, or unset them "
            "to have a private server."
        ) from None
    if not may_create:
        raise SetupError(f"The database user {env('DB_USER')} lacks CREATEDB.")


def _export(host: str, user: str, port: str, password: str) -> None:
    values = {
        "PGHOST": host,
        "PGUSER": user,
        "PGPORT": port,
        "PGPASSWORD": password,
        # Odoo would take this one for the database to open.
        "PGDATABASE": "",
    }
    for name, value in values.items():
        os.environ.pop(name, None)
        if value:
            os.environ[name] = value
