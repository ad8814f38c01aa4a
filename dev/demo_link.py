"""A magic link for ``make run``: what a client would find in a mail."""

from __future__ import annotations

from . import progress
from .odoo_server import Server
from .settings import DEV, LOGS

_URL = DEV / "demo-link.url"
# Run in Odoo's shell. The newest document with a contact who may enter.
_CODE = f"""
from pathlib import Path
moves = env["account.move"].search(
    [("move_type", "=", "out_invoice"), ("state", "=", "posted"),
     ("partner_id.email", "!=", False)], limit=50)
move = moves.filtered(lambda move: move.partner_id._is_client_access_allowed())[:1]
vals = [{{"partner_id": move.partner_id.id, "company_id": move.company_id.id,
         "res_model": move._name, "res_id": move.id}}] if move else []
urls = env["client.hub.access.link"]._issue_links(vals)
Path({str(_URL)!r}).write_text("".join(urls))
env.cr.commit()
"""


def make(database: str) -> str:
    """Return a link to the newest invoice of a client, "" if there is none.

    :raises SetupError: if Odoo cannot make it
    """
    progress.step("Making a magic link")
    try:
        Server(database).script(LOGS / "demo_link.log", _CODE)
        return _URL.read_text()
    finally:
        _URL.unlink(missing_ok=True)
