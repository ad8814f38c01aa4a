"""All jobs of ``make bench``; runs inside Odoo, both databases in one process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from odoo import api
from odoo.modules.registry import Registry

from . import (
    bench_access,
    bench_access_mail,
    bench_archive,
    bench_forms,
    bench_links,
    bench_lists,
    bench_payment,
    bench_posting,
    bench_sending,
    bench_statement,
    bench_ticket,
)
from .bench_job import measure

_ADMIN = 2


def run(without: str, with_addon: str, results: str, parts: list[str]) -> None:
    """Run all jobs and write what they found to the file ``results``, as JSON.

    It is written after each part, so that what was measured outlives what fails.

    :param without: database without the add-on
    :param with_addon: database with it, and the same data
    :param parts: which parts, all if empty
    """
    found: list[dict] = []
    with Registry(without).cursor() as one, Registry(with_addon).cursor() as other:
        core, ours = (api.Environment(cursor, _ADMIN, {}) for cursor in (one, other))
        for name, rows in _parts(ours, core).items():
            if not parts or name in parts:
                found += rows()
                Path(results).write_text(json.dumps(found))


def _parts(ours: Any, core: Any) -> dict[str, Callable[[], list[dict]]]:
    """Return what measures each part; links last, to weigh on no other row."""
    both = {
        "forms": bench_forms,
        "posting": bench_posting,
        "sending": bench_sending,
        "access_mail": bench_access_mail,
        "payment": bench_payment,
    }
    one = {
        "lists": bench_lists,
        "access": bench_access,
        "statement": bench_statement,
        "ticket": bench_ticket,
    }
    parts = {
        name: lambda part=part: [measure(job) for job in part.jobs(ours)]
        for name, part in one.items()
    }
    parts |= {
        name: lambda part=part: [measure(job) for job in part.jobs(ours, core)]
        for name, part in both.items()
    }
    parts["memory"] = lambda: list(bench_statement.memory(ours))
    parts["archive"] = lambda: list(bench_archive.rows(ours))
    parts["links"] = lambda: [measure(job) for job in bench_links.jobs(ours)]
    return parts
