"""A worker that dies between two statements: each client gets one, and only one."""

from __future__ import annotations

import json

from . import database
from .odoo_server import Server
from .settings import LOGS, SetupError

_LOG = LOGS / "killed_statement.log"
# Run in Odoo's shell. The second mail is in the queue, but not committed, when the
# process is gone.
_SEND = """
import os
from odoo.addons.client_hub.models.statement_mail import ClientHubStatementMail
items = env["account.move"].search([
    ("move_type", "=", "out_invoice"), ("state", "=", "posted"),
    ("company_id", "=", env.company.id)])
clients = items.commercial_partner_id[:3]
assert len(clients) == 3, clients
clients.email = "client@example.com"
period = env["client.hub.statement"]._read_period("all")
run = env["client.hub.statement.run"]._start(clients, period)
env.cr.commit()
send, sent = ClientHubStatementMail._send, []
def send_and_die(self):
    found = send(self)
    sent.append(self.id)
    if len(sent) == 2:
        self.env.flush_all()
        os._exit(9)
    return found
ClientHubStatementMail._send = send_and_die
env["client.hub.statement.run"]._cron_send()
"""
_GO_ON = """
env["client.hub.statement.run"]._cron_send()
env.cr.commit()
"""
_FOUND = """
SELECT jsonb_agg(jsonb_build_array(line.state, (
       SELECT count(*) FROM mail_mail mail JOIN mail_message message
           ON message.id = mail.mail_message_id
        WHERE message.model = 'res.partner' AND message.res_id = line.partner_id
       )) ORDER BY line.id)
  FROM client_hub_statement_mail line
"""


def check(name: str) -> str:
    """Send three statements in a copy of the database ``name``, and die meanwhile.

    :return: what is wrong, if anything, for :mod:`dev.module_cycle`
    :raises SetupError: if the rest cannot be sent
    """
    copy = f"{name}_killed"
    database.drop(copy)
    database.copy(name, copy)
    _LOG.unlink(missing_ok=True)
    try:
        return _send_and_go_on(Server(copy))
    finally:
        database.drop(copy)


def _send_and_go_on(server: Server) -> str:
    try:
        server.script(_LOG, _SEND)
    except SetupError:
        pass  # it died, as it should
    else:
        return "The process did not die between the statements."
    expected = [["sent", 1], ["waiting", 0], ["waiting", 0]]
    if (found := _found(server)) != expected:
        return f"After the death there is {found} instead of {expected}."
    server.script(_LOG, _GO_ON)
    if (found := _found(server)) != [["sent", 1]] * 3:
        return f"In the end there is {found} instead of one mail for each client."
    return ""


def _found(server: Server) -> list[list[object]]:
    """Return state and number of mails of each client of the run."""
    [[text]] = database.query(server.database, _FOUND)
    return json.loads(text)
