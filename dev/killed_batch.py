"""A worker that dies between two mails: the link that was delivered works."""

from __future__ import annotations

import tempfile
from email import message_from_bytes, policy
from pathlib import Path

from . import database, mailbox
from .odoo_server import Server
from .settings import LOGS, SetupError

_LOG = LOGS / "killed_batch.log"
# Run in Odoo's shell: the first of two mails leaves, then the process is gone.
_SEND = """
import os
from odoo.addons.base.models.ir_mail_server import IrMail_Server
order = env["sale.order"].search([("partner_id.email", "!=", False)], limit=1)
contact = order.partner_id
mails = env["mail.mail"].create([
    {"model": "sale.order", "res_id": order.id, "recipient_ids": contact.ids,
     "subject": "Order", "body_html": "<p>Hello</p>"} for _number in range(2)])
env.cr.commit()
send = IrMail_Server.send_email
def send_once(self, *args, **kwargs):
    send(self, *args, **kwargs)
    os._exit(9)
IrMail_Server.send_email = send_once
mails.send(auto_commit=True)
"""
_CHECK = """
links = env["client.hub.access.link"]
link, refusal = links._check_entry({selector!r}, {verifier!r}, "")
assert link and not refusal, (link, refusal)
"""


def check(name: str) -> str:
    """Send two mails in a copy of the database ``name``, and die after the first.

    :return: what is wrong, if anything, for :mod:`dev.module_cycle`
    :raises SetupError: if the link of the first mail does not work
    """
    copy = f"{name}_killed"
    database.drop(copy)
    database.copy(name, copy)
    _LOG.unlink(missing_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _send_and_open(copy, Path(folder))
    finally:
        database.drop(copy)


def _send_and_open(name: str, folder: Path) -> str:
    with mailbox.running(folder) as box:
        server = Server(name, smtp_port=box.smtp)
        try:
            server.script(_LOG, _SEND)
        except SetupError:
            pass  # it died, as it should
        else:
            return "The process did not die between the mails."
    mails = list(folder.glob("*.eml"))
    if len(mails) != 1:
        return f"{len(mails)} mails arrived instead of one."
    url = _find_link(mails[0])
    selector, _hash, verifier = url.rpartition("/")[2].partition("#")
    Server(name).script(_LOG, _CHECK.format(selector=selector, verifier=verifier))
    return ""


def _find_link(path: Path) -> str:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()
    [*_others, url] = [word for word in text.split() if "/my/access/" in word]
    return url
