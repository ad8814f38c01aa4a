"""A copy of a database for tests: its links are dead, and it mails nobody."""

from __future__ import annotations

from . import database, shell
from .odoo_server import Server, environment, launcher
from .settings import LOGS

_LOG = LOGS / "neutralized_copy.log"
_URL = LOGS / "neutralized_copy.url"
# Run in Odoo's shell. A mail with a link is made, and the link proves to work.
_BEFORE = f"""
from pathlib import Path
links = env["client.hub.access.link"]
partner = env["res.partner"].create({{"name": "Client", "email": "client@example.com"}})
[url] = links._issue_links([{{"partner_id": partner.id, "company_id": env.company.id}}])
selector, verifier = url.rpartition("/")[2].split("#")
link, refusal = links._check_entry(selector, verifier, "")
assert link.partner_id == partner and not refusal, refusal
Path({str(_URL)!r}).write_text(url)
env.cr.commit()
"""
_AFTER = f"""
from pathlib import Path
url = Path({str(_URL)!r}).read_text()
selector, verifier = url.rpartition("/")[2].split("#")
links = env["client.hub.access.link"]
link, refusal = links._check_entry(selector, verifier, "")
assert refusal == "revoked", refusal
assert not links.search([("revoked_at", "=", False)])
mail = env["mail.mail"].create({{"email_to": "client@example.com", "body_html": "x"}})
mail.send()
assert mail.state == "exception", mail.state
"""


def check(name: str) -> str:
    """Neutralize a copy of the database ``name``, in which the add-on is installed.

    :return: "", for :mod:`dev.module_cycle`
    :raises SetupError: if a link of the copy works, or it sends mail
    """
    copy = f"{name}_copy"
    database.drop(copy)
    database.copy(name, copy)
    _LOG.unlink(missing_ok=True)
    server = Server(copy)
    try:
        server.script(_LOG, _BEFORE)
        config = ["-c", str(server.write_config()), "-d", copy]
        command = [*launcher(), "neutralize", *config]
        shell.run(command, env=environment(), log=_LOG)
        server.script(_LOG, _AFTER)
    finally:
        database.drop(copy)
        _URL.unlink(missing_ok=True)
    return ""
