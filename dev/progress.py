"""One line per long step, with the seconds since the start."""

from __future__ import annotations

import time

_START = time.monotonic()


def elapsed() -> float:
    """Return the seconds since the command started."""
    return time.monotonic() - _START


def step(text: str) -> None:
    """Print that the step ``text`` begins."""
    print(f"[{elapsed():4.0f}s] {text} ...", flush=True)
