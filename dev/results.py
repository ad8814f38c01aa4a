"""What a check came to, and the report about all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_SLOWEST = 10


@dataclass(frozen=True)
class Result:
    """The outcome of one test.

    :param name: what was tested
    :param status: ``passed``, ``failed`` or ``skipped``
    :param seconds: how long it took
    :param detail: why it failed or was skipped
    """

    name: str
    status: str = PASSED
    seconds: float = 0.0
    detail: str = ""


def report(results: Sequence[Result]) -> str:
    """Return the text that ends a test run; its last line holds the counts."""
    return "\n".join([*_explained(results), *_slowest(results), summary(results)])


def summary(results: Sequence[Result]) -> str:
    """Return ``N passed, N failed``, with ``, N skipped`` if there are any."""
    counts = {
        status: sum(result.status == status for result in results)
        for status in (PASSED, FAILED, SKIPPED)
    }
    if not counts[SKIPPED]:
        del counts[SKIPPED]
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def exit_code(results: Sequence[Result]) -> int:
    """Return 0 if something passed and nothing failed, else 1."""
    states = {result.status for result in results}
    return int(FAILED in states or PASSED not in states)


def _explained(results: Sequence[Result]) -> list[str]:
    return [
        f"\n{result.status.upper()} {result.name}\n{result.detail.rstrip()}"
        for result in sorted(results, key=lambda result: result.status, reverse=True)
        if result.status != PASSED
    ]


def _slowest(results: Sequence[Result]) -> list[str]:
    slowest = sorted(results, key=lambda result: -result.seconds)[:_SLOWEST]
    lines = [f"  {result.seconds:7.2f} s  {result.name}" for result in slowest]
    return ["\nSlowest tests:", *lines, ""]
