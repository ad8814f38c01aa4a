"""How ``make bench`` compares two things; runs inside Odoo."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Side(NamedTuple):
    """One of the two things compared.

    :param env: environment it runs in
    :param work: what is measured; it gets what ``prepare`` returned
    :param prepare: what comes before, unmeasured
    """

    env: Any
    work: Callable[[Any], object]
    prepare: Callable[[], Any] = lambda: None


class Job(NamedTuple):
    """A comparison.

    :param most: highest ratio of the times that is wanted, None for no target
    :param most_queries: highest number of queries that is wanted
    :param more_queries: highest number of queries beyond ``core`` that is wanted
    :param runs: how often each side runs
    """

    name: str
    ours: Side
    core: Side
    most: float | None = None
    most_queries: int | None = None
    more_queries: int | None = None
    runs: int = 9


def measure(job: Job) -> dict[str, Any]:
    """Run both sides in turn; return the medians of milliseconds, and queries."""
    found: dict[str, list[tuple[float, int]]] = {"ours": [], "core": []}
    for number in range(job.runs + 1):
        for name, side in (("ours", job.ours), ("core", job.core)):
            run = _run(side)
            if number:  # the first run of each fills the caches
                found[name].append(run)
    (ours, queries), (core, core_queries) = map(_medians, found.values())
    allowed = job.most_queries
    if job.more_queries is not None:
        allowed = core_queries + job.more_queries
    return {
        "job": job.name,
        "ours": ours,
        "core": core,
        "ratio": ours / core,
        "most": job.most,
        "queries": queries,
        "core_queries": core_queries,
        "most_queries": allowed,
    }


def _run(side: Side) -> tuple[float, int]:
    """Return the milliseconds and queries of one run, which leaves nothing behind."""
    cursor = side.env.cr
    side.env.invalidate_all()
    prepared = side.prepare()
    side.env.flush_all()
    queries, begin = cursor.sql_log_count, time.perf_counter()
    side.work(prepared)
    side.env.flush_all()
    result = (time.perf_counter() - begin) * 1000, cursor.sql_log_count - queries
    cursor.rollback()
    return result


def _medians(runs: list[tuple[float, int]]) -> tuple[float, int]:
    times, queries = zip(*runs, strict=True)
    return statistics.median(times), int(statistics.median(queries))
