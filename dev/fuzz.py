"""``make fuzz``: what tests try with random inputs, with many more of them."""

from __future__ import annotations

import os

from . import database, odoo_tests, provision, results, unit_tests

_ITERATIONS = "20000"
_HISTORIES = "500"
_REQUESTS = "100000"
#: test files whose tests take random inputs
_FILES = ("test_access_fuzz", "test_statement_history")


def main() -> int:
    """Run unit tests with ``CLIENT_HUB_FUZZ`` iterations each, histories and requests.

    ``CLIENT_HUB_HISTORIES`` and ``CLIENT_HUB_REQUESTS`` of them, from
    ``CLIENT_HUB_SEED`` on; the report of a failure names its seed.
    """
    os.environ.setdefault("CLIENT_HUB_FUZZ", _ITERATIONS)
    os.environ.setdefault("CLIENT_HUB_HISTORIES", _HISTORIES)
    os.environ.setdefault("CLIENT_HUB_REQUESTS", _REQUESTS)
    provision.ensure(for_tests=True)
    found = unit_tests.run("addon")
    with database.server():
        found += odoo_tests.run_files(_FILES)
    print(results.report(found), flush=True)
    return results.exit_code(found)
