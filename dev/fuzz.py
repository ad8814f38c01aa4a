"""``make fuzz``: the unit tests, with many more random inputs."""

from __future__ import annotations

import os

from . import provision, results, unit_tests

_ITERATIONS = "20000"


def main() -> int:
    """Run the add-on's unit tests with ``CLIENT_HUB_FUZZ`` iterations each."""
    os.environ.setdefault("CLIENT_HUB_FUZZ", _ITERATIONS)
    provision.ensure()
    found = unit_tests.run("addon")
    print(results.report(found), flush=True)
    return results.exit_code(found)
