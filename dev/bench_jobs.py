"""All jobs of ``make bench``; runs inside Odoo, both databases in one process."""

from __future__ import annotations

import json
from pathlib import Path

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


def run(without: str, with_addon: str, results: str) -> None:
    """Run all jobs and write what they found to the file ``results``, as JSON.

    :param without: database without the add-on
    :param with_addon: database with it, and the same data
    """
    with Registry(without).cursor() as one, Registry(with_addon).cursor() as other:
        core, ours = (api.Environment(cursor, _ADMIN, {}) for cursor in (one, other))
        jobs = [
            *bench_lists.jobs(ours),
            *bench_forms.jobs(ours, core),
            *bench_posting.jobs(ours, core),
            *bench_sending.jobs(ours, core),
            *bench_access_mail.jobs(ours, core),
            *bench_access.jobs(ours),
            *bench_statement.jobs(ours),
            *bench_payment.jobs(ours, core),
            *bench_ticket.jobs(ours),
        ]
        found = [measure(job) for job in jobs]
        found += bench_statement.memory(ours)
        found += bench_archive.rows(ours)
        # Last, so that a million links weigh on no other row.
        found += [measure(job) for job in bench_links.jobs(ours)]
    Path(results).write_text(json.dumps(found))
