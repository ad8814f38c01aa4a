"""The number tables of python-stdnum, readable inside a running Odoo."""

from __future__ import annotations

from pathlib import Path

import stdnum
from stdnum import numdb


def prime(name: str) -> None:
    """Make one number table available to the validators that read it.

    Odoo imports ``stdnum`` through a loader of its own, which
    ``importlib.resources`` cannot read from ("Can't open orphan path"), so that
    ``stdnum.numdb.get`` fails. Reading the file by its path and leaving it in the
    cache of ``numdb`` avoids that code without replacing any function.

    :param name: the table as ``stdnum.numdb.get`` calls it, e.g. ``us/ein``
    :raises OSError: if the installed python-stdnum has no such table
    """
    if name in numdb._open_databases:
        return
    path = Path(stdnum.__file__).parent / f"{name}.dat"
    with path.open(encoding="utf-8") as lines:
        numdb._open_databases[name] = numdb.read(lines)
