"""Sending invoices in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .bench_job import Job, Side

_COUNT = 100
_MOST = 1.1
# Clients, and whether they have texts, are read once for the batch.
_MORE_QUERIES = 6
_GLOBAL = "account.email_template_edi_invoice"


def jobs(ours: Any, core: Any) -> Iterator[Job]:
    """Yield the jobs; their PDF files exist already, and no mail leaves the machine.

    :param ours: environment of the database with the add-on
    :param core: environment of the one without it
    """
    own, plain = _sending(ours, own=True), _sending(ours)
    yield Job(
        "Sending 100 invoices with 100 own texts, against the global one",
        own,
        plain,
        most=_MOST,
        # Each text is read when its turn comes.
        more_queries=_MORE_QUERIES + _COUNT,
    )
    yield Job(
        "Sending 100 invoices with the global text, against core",
        plain,
        _sending(core),
        most=_MOST,
        more_queries=_MORE_QUERIES,
    )


def _sending(env: Any, own: bool = False) -> Side:
    return Side(env, _send, _invoices(env, own))


def _send(invoices: Any) -> None:
    invoices.env["account.move.send"]._generate_and_send_invoices(
        invoices, allow_raising=False, sending_methods=["email"]
    )


def _invoices(env: Any, own: bool) -> Callable[[], Any]:
    """Return what makes ready 100 posted invoices of as many clients."""

    def ready() -> Any:
        env.cr.execute(
            """
            SELECT min(id) FROM account_move
             WHERE move_type = 'out_invoice' AND state = 'posted'
             GROUP BY commercial_partner_id
             ORDER BY 1 LIMIT %s
            """,
            [_COUNT],
        )
        invoices = env["account.move"].browse(row[0] for row in env.cr.fetchall())
        for invoice in invoices:
            invoice.partner_id.email = f"client{invoice.id}@example.com"
        _make_files(invoices)
        if own:
            _write_texts(invoices)
        env.flush_all()
        env.invalidate_all()
        return invoices

    return ready


def _make_files(invoices: Any) -> None:
    """Give each invoice a file, so that the texts are measured and not the printing."""
    invoices.env["ir.attachment"].create(
        [
            {
                "name": f"{invoice.id}.pdf",
                "raw": b"%PDF-1.4",
                "mimetype": "application/pdf",
                "res_model": invoice._name,
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
            for invoice in invoices
        ]
    )


def _write_texts(invoices: Any) -> None:
    """Give each client a text as long as the global one."""
    text = invoices.env.ref(_GLOBAL)
    invoices.env["mail.template"].create(
        [
            {
                "client_partner_id": client.id,
                "client_document_type": "invoice",
                "subject": text.subject,
                "body_html": f"<p>{client.id}</p>{text.body_html}",
            }
            for client in invoices.partner_id
        ]
    )
