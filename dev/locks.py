"""Locks between processes of one checkout; the kernel frees them on any exit."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .settings import DEV


def _open(name: str) -> IO[str]:
    DEV.mkdir(exist_ok=True)
    return Path(DEV / f"{name}.lock").open("a+")


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Wait for the lock ``name`` and hold it."""
    with _open(name) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def try_hold(name: str, note: str = "") -> IO[str] | None:
    """Take the lock ``name`` now and leave ``note`` in it.

    :return: the open lock, to be kept while it is needed; None if it is taken
    """
    handle = _open(name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    write_note(handle, note)
    return handle


def write_note(handle: IO[str], note: str) -> None:
    """Replace the note in a held lock."""
    handle.truncate(0)
    handle.write(note)
    handle.flush()


def read_note(name: str) -> str:
    """Return the note which the holder of the lock ``name`` left."""
    return (DEV / f"{name}.lock").read_text()


def share(name: str) -> IO[str]:
    """Wait for the lock ``name`` and hold it together with other sharers."""
    handle = _open(name)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def is_last(handle: IO[str]) -> bool:
    """Tell whether the holder of a shared lock is alone; it then owns it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
