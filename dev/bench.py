"""``make bench``: what the add-on costs, as ratios to what Odoo does without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from . import (
    bench_webhooks,
    database,
    odoo_server,
    progress,
    provision,
    shipped,
    stamps,
    stripe_standin,
    templates,
)
from .odoo_server import Server
from .settings import DEV, LOGS, MODULE, ROOT, env

_LOG = LOGS / "bench.log"
_RESULTS = LOGS / "bench.json"
_DOCUMENT = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"
# Run in Odoo's shell, which does not know this package.
_CALL = """
import sys
sys.path.insert(0, {root!r})
from dev import {module}
{module}.{call}
"""


def main() -> int:
    """Measure, print the table and write it into the documentation.

    ``BENCH="lists posting"`` measures these parts alone and keeps the other rows.

    :return: 0 even if a target is missed: the table says so
    """
    provision.ensure()
    odoo_server.check_own()
    with database.server():
        without, with_addon = _databases()
        progress.step("Measuring")
        _LOG.unlink(missing_ok=True)
        _RESULTS.unlink(missing_ok=True)
        parts = env("BENCH").split()
        arguments = (without, with_addon, str(_RESULTS), parts)
        measure = f"run{arguments!r}"
        with stripe_standin.running(DEV / "bench-stripe") as standin:
            server = Server(with_addon, stripe_port=standin.port)
            _in_odoo(server, "bench_jobs", measure, _LOG)
        rows = json.loads(_RESULTS.read_text()) if _RESULTS.exists() else []
        if not parts or "webhooks" in parts:
            rows += bench_webhooks.rows()
    head = ["job", "ours", "core", "ratio", "target", "queries", "core", "allowed"]
    print(_table(head, [_cells(row, times=True) for row in rows]), flush=True)
    _write(rows)
    return 0


def _databases() -> tuple[str, str]:
    """Return the databases without and with the add-on, both with the data."""
    shipped.link_addon()
    core = templates.core()
    sources = sorted(Path(__file__).parent.glob("bench_[cd]*.py"))
    key = stamps.digest(core, *(path.read_text() for path in sources))

    def generate(name: str, log: Path) -> None:
        database.copy(core, name)
        progress.step("Generating 10,000 clients, 200,000 invoices, 140,000 payments")
        _in_odoo(Server(name, addons=()), "bench_data", "generate(env)", log)
        # Index-only scans need it; a database in use is kept so by autovacuum.
        database.query(name, "VACUUM ANALYZE")

    without = templates.ensure("benchdata", key, generate)

    def install(name: str, log: Path) -> None:
        database.copy(without, name)
        progress.step(f"Installing {MODULE} there")
        Server(name).batch(log, "-i", MODULE, "--with-demo")
        database.query(name, "VACUUM ANALYZE")

    key = stamps.digest(without, shipped.fingerprint())
    return without, templates.ensure("bench", key, install)


def _in_odoo(server: Server, module: str, call: str, log: Path) -> None:
    server.script(log, _CALL.format(root=str(ROOT), module=module, call=call))


def _write(rows: list[dict]) -> None:
    """Put the table into the documentation: ratios only, times depend on machines."""
    text = _DOCUMENT.read_text()
    before, _begin, rest = text.partition(_BEGIN)
    old, _end, after = rest.partition(_END)
    measured = {row["job"]: _cells(row, times=False) for row in rows}
    kept = dict(_read(old)) if env("BENCH") else {}
    shown = list((kept | measured).values())
    table = _table(["Job", "Ratio", "Target", "Queries", "Core", "Allowed"], shown)
    _DOCUMENT.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{after}")


def _read(table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the job and the cells of each row of the table in the documentation."""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("| ") and not line.startswith(("| Job ", "| --")):
            yield cells[0], [*cells, *[""] * 6][:6]


def _cells(row: dict, times: bool) -> list[str]:
    missed = row["most"] is not None and row["ratio"] > row["most"]
    target = "" if row["most"] is None else f"{row['most']:.2f}"
    allowed = row["most_queries"]
    missed |= allowed is not None and row["queries"] > allowed
    measured = [f"{row['ours']:.1f} ms", f"{row['core']:.1f} ms"] if times else []
    return [
        row["job"],
        *measured,
        f"{row['ratio']:.3f}" + (" (missed)" if missed else ""),
        target,
        str(row["queries"]),
        str(row["core_queries"]),
        "" if allowed is None else str(allowed),
    ]


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown whose columns line up."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    line = ["-" * width for width in widths]
    return "".join(
        "| " + " | ".join(map(str.ljust, cells, widths)) + " |\n"
        for cells in (head, line, *rows)
    )
