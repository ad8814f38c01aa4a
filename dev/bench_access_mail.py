"""Mails with links in ``make bench``; runs inside Odoo."""

from __future__ import annotations

from collections.abc import Iterator
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
    for env in (ours, core):
        _give_addresses(env)
    yield Job(
        f"Sending {_MAILS} invoices by mail with a link for each, against core",
        Side(ours, _send, lambda: _queue(ours)),
        Side(core, _send, lambda: _queue(core)),
        most=_MOST,
        more_queries=_MORE_QUERIES_PER_MAIL * _MAILS,
        runs=5,
    )


def _invoices(env: Any) -> Any:
    return env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=_MAILS
    )


def _give_addresses(env: Any) -> None:
    """Give the clients their address before, for a new one would kill links each time.

    In a transaction of its own, since links are stored in one that sees no other.
    """
    with env.registry.cursor() as cursor:
        clients = _invoices(env(cr=cursor)).partner_id
        clients.filtered(lambda client: client.email != _ADDRESS).email = _ADDRESS


def _queue(env: Any) -> Any:
    """Return mails to clients that wait in the queue, one about each invoice."""
    _forget_links(env)
    vals_list = [
        {
            "subject": invoice.name,
            "model": invoice._name,
            "res_id": invoice.id,
            "recipient_ids": invoice.partner_id.ids,
            "body_html": f'<a href="{invoice.get_portal_url()}">View</a>',
            "auto_delete": True,
        }
        for invoice in _invoices(env)
    ]
    # At once, for this is no part of sending.
    return env["mail.mail"].create(vals_list)


def _forget_links(env: Any) -> None:
    """Delete the links of the last run, which a cursor of its own has stored."""
    # What this transaction has seen before must not hide that they are gone.
    env.cr.rollback()
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
