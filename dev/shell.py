"""Running other programs: their output goes to a log, failures get explained."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .settings import LOGS, SetupError

_TAIL_LINES = 15
_STOP_SECONDS = 15
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_children: set[subprocess.Popen] = set()
_children_lock = threading.Lock()
_stopping = threading.Event()


def log_tail(log: Path, lines: int = _TAIL_LINES) -> str:
    """Return the last ``lines`` lines of the file ``log``."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def run(
    command: Iterable[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    text: str = "",
) -> None:
    """Run ``command`` without a terminal and append its output to ``log``.

    :param text: what the command reads from its standard input

    :raises SetupError: if it fails; the text holds the last lines it printed
    """
    words = [str(word) for word in command]
    log = log or LOGS / "provision.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out, tempfile.TemporaryFile() as source:
        out.write(f"\n$ {shlex.join(words)}\n".encode())
        out.flush()
        source.write(text.encode())
        source.seek(0)
        code = _wait(spawn(words, cwd=cwd, env=env, out=out, source=source))
    if code:
        raise SetupError(
            f"{words[0]} failed with exit code {code}; the end of {log}:\n"
            f"{log_tail(log)}"
        )


def output(command: Iterable[str | Path], env: Mapping[str, str] | None = None) -> str:
    """Return what ``command`` prints, stripped; empty if it fails or is missing."""
    try:
        return checked_output(command, env)
    except (OSError, SetupError):
        return ""


def checked_output(
    command: Iterable[str | Path], env: Mapping[str, str] | None = None
) -> str:
    """Return what ``command`` prints, stripped.

    :raises SetupError: if it fails; the text holds what it printed as error
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, env=env and dict(env)
    )
    if done.returncode:
        error = done.stderr.decode(errors="replace").strip()
        raise SetupError(f"{words[0]} failed: {error}")
    return done.stdout.decode(errors="replace").strip()


def privileged(command: list[str]) -> list[str]:
    """Return ``command`` as it must be called to run as root.

    :raises SetupError: if this user is not root and has no ``sudo``
    """
    if os.geteuid() == 0:
        return command
    if not shutil.which("sudo"):
        raise SetupError(
            "System packages are missing and this user is neither root nor has sudo.\n"
            f"Ask an administrator to run: {shlex.join(command)}"
        )
    return ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]


def spawn(
    command: list[str],
    *,
    out: IO[bytes] | int,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    source: IO[bytes] | int = subprocess.DEVNULL,
) -> subprocess.Popen:
    """Start ``command`` in its own session; it dies together with this process.

    :raises SetupError: in other threads after :func:`stop_all`, so that they end
    """
    in_main = threading.current_thread() is threading.main_thread()
    if _stopping.is_set() and not in_main:
        raise SetupError("Stopped.")
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env and dict(env),
        stdin=source,
        stdout=out,
        stderr=subprocess.STDOUT if out != subprocess.PIPE else None,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )
    with _children_lock:
        _children.add(process)
    return process


def stop(process: subprocess.Popen) -> None:
    """End ``process`` and all of its session, politely first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    with _children_lock:
        _children.discard(process)


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Have ``count`` threads that run programs; any trouble here ends them all."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        stop_all()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def stop_all() -> None:
    """End every process that :func:`spawn` started; other threads start no more."""
    _stopping.set()
    with _children_lock:
        left = list(_children)
    for process in left:
        stop(process)


def _wait(process: subprocess.Popen) -> int:
    code = process.wait()
    with _children_lock:
        _children.discard(process)
    return code


def _die_with_parent() -> None:
    # Without it a killed tool would leave an Odoo that keeps its port. Linux sends
    # the signal when the *thread* that forked ends, so that one must wait for it.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
