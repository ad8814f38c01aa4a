"""Notes about finished work, keyed by a hash of what the work was made from."""

from __future__ import annotations

import hashlib

from .settings import STAMPS


def digest(*parts: str) -> str:
    """Return a short hash of ``parts``."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def is_fresh(name: str, key: str) -> bool:
    """Tell whether the work ``name`` was finished from ``key``."""
    path = STAMPS / name
    return path.exists() and path.read_text() == key


def write(name: str, key: str) -> None:
    """Note that the work ``name`` was finished from ``key``."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(key)


def clear(name: str) -> None:
    """Forget that the work ``name`` was ever finished."""
    (STAMPS / name).unlink(missing_ok=True)
