"""``make fuzz``: what tests try with random inputs, with many more of them."""

from __future__ import annotations

import os

from . import (
    database,
    odoo_tests,
    provision,
    results,
    stripe_killed,
    stripe_load,
    templates,
    unit_tests,
)
from .results import Result

_ITERATIONS = "20000"
_HISTORIES = "500"
_REQUESTS = "100000"
_EVENTS = "1000"
#: test files whose tests take random inputs
_FILES = ("test_access_fuzz", "test_statement_history")


def main() -> int:
    """Run unit tests with ``CLIENT_HUB_FUZZ`` iterations each, histories and requests.

    ``CLIENT_HUB_HISTORIES`` and ``CLIENT_HUB_REQUESTS`` of them, from
    ``CLIENT_HUB_SEED`` on; the report of a failure names its seed. Then
    ``CLIENT_HUB_EVENTS`` events of Stripe at once, and a worker killed after each
    statement of such an event.
    """
    os.environ.setdefault("CLIENT_HUB_FUZZ", _ITERATIONS)
    os.environ.setdefault("CLIENT_HUB_HISTORIES", _HISTORIES)
    os.environ.setdefault("CLIENT_HUB_REQUESTS", _REQUESTS)
    provision.ensure(for_tests=True)
    found = unit_tests.run("addon")
    with database.server():
        found += odoo_tests.run_files(_FILES)
        found += _stripe()
    print(results.report(found), flush=True)
    return results.exit_code(found)


def _stripe() -> list[Result]:
    template = templates.addon()
    events = int(os.environ.get("CLIENT_HUB_EVENTS", _EVENTS))
    seed = int(os.environ.get("CLIENT_HUB_SEED", "1"))
    found, log = stripe_load.run(template, events, seed)
    more, more_log = stripe_killed.run_statements(template)
    return [*found, *more, *odoo_tests.judged([*log, *more_log])]
