"""``make clean``: leave nothing that the tooling made."""

from __future__ import annotations

import shutil

from . import cluster, locks
from .settings import DEV, ROOT, SetupError


def main() -> int:
    """Stop the private cluster, then delete it, ``.dev`` and ``dist``.

    :raises SetupError: while ``make run`` or ``make test`` uses them
    """
    if DEV.exists():
        users = locks.share("cluster-users")
        if not locks.is_last(users):
            raise SetupError("make run or make test is active here. Stop it first.")
        cluster.locate().remove()
    shutil.rmtree(DEV, ignore_errors=True)
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    return 0
