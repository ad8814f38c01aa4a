"""Downloading many documents in ``make bench``, from servers with workers."""

from __future__ import annotations

import io
import os
import re
import statistics
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from odoo.tools import SQL

from .bench_server import WAIT_SECONDS, Answer, Running, running, sign_in

_PDFS = 1_000
_FEW_PDFS = 100
_PDF_BYTES = 60_000
_RENDERED = 100
_ONE_BY_ONE = 10
_RUNS = 3
_DOWNLOADS = 5
_PAGES = 15
_LOGIN = "bench_archive"


def rows(env: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows; those on memory hold megabytes instead of times.

    :param env: of the database with the add-on
    """
    invoices = _invoices(env)
    stored, never_rendered = invoices[:_PDFS], invoices[_PDFS:]
    with _pdfs(env, stored):
        client = _Client(env, stored)
        yield from _speed(env, client)
        yield from _memory(env, client)
        yield from _latency(env, client)
    yield from _rendering(env, never_rendered)


class _Client:
    """A portal user and an administrator who download the same documents."""

    def __init__(self, env: Any, invoices: Any) -> None:
        self.invoices = invoices
        users = [_portal_user(env, invoices, number) for number in range(_DOWNLOADS)]
        self.sids = [sign_in(env, user) for user in users]
        self.sid = self.sids[0]
        self.admin_sid = sign_in(env, env.user)

    def form(
        self, server: Running, count: int = _PDFS, sid: str = ""
    ) -> list[tuple[str, Any]]:
        """Return what the page posts for the first ``count`` documents."""
        page = server.fetch("/my/invoices", sid or self.sid, keep=True).body.decode()
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        ids = [("invoice_ids", number) for number in self.invoices[:count].ids]
        return [("csrf_token", token), *ids]

    def ours(
        self, server: Running, form: list, sid: str = "", **options: Any
    ) -> Answer:
        """Download with the add-on, as the client."""
        return server.fetch("/my/invoices/download", sid or self.sid, form, **options)

    def core(self, server: Running, count: int = _PDFS, **options: Any) -> Answer:
        """Download with core, as the administrator."""
        ids = ",".join(map(str, self.invoices[:count].ids))
        path = f"/account/download_invoice_documents/{ids}/pdf"
        return server.fetch(path, self.admin_sid, **options)


def _row(job: str, ours: float, core: float, most: float | None) -> dict[str, Any]:
    return {
        "job": job,
        "ours": ours,
        "core": core,
        "ratio": ours / core,
        "most": most,
        "queries": 0,
        "core_queries": 0,
        "most_queries": None,
    }


# ------------------------------------------------------------------------------- rows


def _speed(env: Any, client: _Client) -> Iterator[dict[str, Any]]:
    found: dict[str, list[Answer]] = {"ours": [], "core": []}
    with running(env, workers=2) as server:
        form = client.form(server)
        _check_zip(client.ours(server, form, keep=True), client.invoices)
        _check_zip(client.core(server, keep=True), client.invoices)
        for _number in range(_RUNS):
            found["ours"].append(client.ours(server, form))
            found["core"].append(client.core(server))
    for label, name, most in (("first byte", "first", 0.1), ("whole", "total", 1 / 3)):
        ours, core = (
            statistics.median(getattr(answer, name) for answer in answers)
            for answers in found.values()
        )
        yield _row(
            f"ZIP of 1,000 stored PDFs, {label}, against core's", ours, core, most
        )


def _memory(env: Any, client: _Client) -> Iterator[dict[str, Any]]:
    def ours(server: Running, count: int) -> None:
        client.ours(server, client.form(server, count))

    many, few, core = (
        _growth(env, download, count)
        for download, count in (
            (ours, _PDFS),
            (ours, _FEW_PDFS),
            (client.core, _PDFS),
        )
    )
    yield _row("Memory of a ZIP of 1,000 PDFs, against 16 MiB", many, 16, 1.0)
    yield _row("Memory of a ZIP of 1,000 PDFs, against 100", many, few, None)
    yield _row("Memory of a ZIP of 1,000 PDFs, against core's", many, core, None)


def _growth(env: Any, download: Callable[[Running, int], Any], count: int) -> float:
    """Return the megabytes by which a download makes a fresh worker grow at most."""
    with running(env, workers=1) as server:
        for _number in range(3):
            download(server, 10)
        before = server.forget_peaks()
        download(server, count)
        return max(peak - before[pid] for pid, peak in server.peaks().items())


def _latency(env: Any, client: _Client) -> Iterator[dict[str, Any]]:
    with running(env, workers=2) as server:
        forms = {sid: client.form(server, sid=sid) for sid in client.sids}

        def page() -> float:
            return server.fetch("/my", client.sid).total

        for _number in range(_PAGES):  # both workers fill their caches
            page()
        alone = statistics.median(page() for _number in range(_PAGES))
        halfway = Barrier(_DOWNLOADS + 1)
        with ThreadPoolExecutor(_DOWNLOADS) as pool:
            downloads = [
                pool.submit(client.ours, server, form, sid, halfway=halfway)
                for sid, form in forms.items()
            ]
            halfway.wait(WAIT_SECONDS)
            busy = statistics.median(page() for _number in range(_PAGES))
            halfway.wait(WAIT_SECONDS)
            sizes = {download.result().size for download in downloads}
        assert len(sizes) == 1 and min(sizes) > _PDFS * _PDF_BYTES, sizes  # noqa: S101
    yield _row("Page /my of 2 workers while 5 clients download", busy, alone, 1.5)


def _rendering(env: Any, invoices: Any) -> Iterator[dict[str, Any]]:
    with running(env, workers=2) as server, _assets_from(env, server):
        one_by_one = _seconds(
            lambda: [
                move._get_invoice_pdf_proforma() for move in invoices[:_ONE_BY_ONE]
            ]
        )
        archives = env["client.hub.invoice.archive"]
        archive = archives._request(invoices[:_RENDERED], "Bench")
        env.cr.commit()
        together = _seconds(env["client.hub.invoice.archive.line"].sudo()._cron_render)
        env.cr.rollback()  # see what the transactions of the runs have written
        assert archive.state == "ready" and not archive.failed_count  # noqa: S101
        archive.sudo().unlink()
        env.cr.commit()
    one_by_one *= _RENDERED / _ONE_BY_ONE
    yield _row(
        "Rendering 100 invoices in the background, against one by one (10, times ten)",
        together,
        one_by_one,
        1 / 6,
    )


# ------------------------------------------------------------------------------- data


def _invoices(env: Any) -> Any:
    """Return documents of the client with the most, none of which has a PDF."""
    query = SQL(
        "SELECT commercial_partner_id FROM account_move WHERE move_type = 'out_invoice'"
        " AND state = 'posted' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    [(client,)] = env.execute_query(query)
    return env["account.move"].search(
        [
            ("commercial_partner_id", "=", client),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
        ],
        order="id",
        limit=_PDFS + _RENDERED,
    )


@contextmanager
def _pdfs(env: Any, invoices: Any) -> Iterator[None]:
    """Store a PDF for each document, of incompressible bytes, as long as it takes."""
    files = env["ir.attachment"].create(
        [
            {
                "name": f"{move.id}.pdf",
                "raw": b"%PDF-1.4 " + os.urandom(_PDF_BYTES),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
            for move in invoices
        ]
    )
    env.cr.commit()
    try:
        yield
    finally:
        env.cr.rollback()
        files.unlink()
        env.cr.commit()


@contextmanager
def _assets_from(env: Any, server: Running) -> Iterator[None]:
    """Have what is printed take its styles from ``server``."""
    parameters = env["ir.config_parameter"].sudo()
    parameters.set_param("report.url", f"http://127.0.0.1:{server.port}")
    env.cr.commit()
    try:
        yield
    finally:
        env.cr.rollback()
        parameters.set_param("report.url", False)
        env.cr.commit()


def _portal_user(env: Any, invoices: Any, number: int) -> Any:
    """Return the user of one of the client's contacts."""
    login = f"{_LOGIN}_{number}"
    users = env["res.users"].with_context(no_reset_password=True)
    user = users.search([("login", "=", login)])
    if not user:
        client = invoices.commercial_partner_id
        contact = client.create({"name": login, "parent_id": client.id})
        vals = {"login": login, "name": login, "partner_id": contact.id}
        group = env.ref("base.group_portal")
        user = users.create({**vals, "group_ids": [(6, 0, group.ids)]})
        env.cr.commit()
    return user


def _check_zip(answer: Answer, invoices: Any) -> None:
    """Stop unless the ZIP holds what is stored, byte for byte."""
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    found = sorted(archive.read(name) for name in archive.namelist())
    stored = [move.invoice_pdf_report_id.raw for move in invoices]
    assert found == sorted(stored)  # noqa: S101


def _seconds(work: Callable[[], object]) -> float:
    """Return the milliseconds that ``work`` takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000
