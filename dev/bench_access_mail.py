"""Mails with links in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .bench_job import Job, Side

_ADDRESS = "bench@example.com"
_MAILS = 500
_MOST = 1.1
_MORE_QUERIES_PER_MAIL = 2


def jobs(ours: Any, core: Any) -> Iterator[Job]:
    """Yield the jobs.

    :param ours: environment of the database with the add-on
    :param core: environment of the one without it
    """
    yield Job(
        f"Sending {_MAILS} invoices by mail with a link for each, against core",
        Side(ours, _send, _queue(ours)),
        Side(core, _send, _queue(core)),
        most=_MOST,
        more_queries=_MORE_QUERIES_PER_MAIL * _MAILS,
        runs=5,
    )


def _queue(env: Any) -> Callable[[], Any]:
    """Return what posts messages to clients, whose mails wait in the queue."""
    invoices = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=_MAILS
    )

    def prepare() -> Any:
        _forget_links(env)
        invoices.partner_id.email = _ADDRESS
        # At once, for this is no part of sending.
        vals_list = [
            {
                "subject": invoice.name,
                "model": invoice._name,
                "res_id": invoice.id,
                "recipient_ids": invoice.partner_id.ids,
                "body_html": f'<a href="{invoice.get_portal_url()}">View</a>',
                "auto_delete": True,
            }
            for invoice in invoices
        ]
        return env["mail.mail"].create(vals_list)

    return prepare


def _forget_links(env: Any) -> None:
    """Delete the links of the last run, which a cursor of its own has stored."""
    if "client.hub.access.link" in env:
        with env.registry.cursor() as cursor:
            query = "DELETE FROM client_hub_access_link WHERE email = %s"
            cursor.execute(query, [_ADDRESS])


def _send(mails: Any) -> None:
    with _mailbox():
        mails.send()


@contextmanager
def _mailbox() -> Iterator[None]:
    """Hand mails over to nobody: what is measured is what Odoo does before that."""
    with (
        patch.object(IrMail_Server, "_connect__", lambda *_args, **_kwargs: None),
        patch.object(IrMail_Server, "send_email", lambda *_args, **_kwargs: "<id>"),
    ):
        yield
