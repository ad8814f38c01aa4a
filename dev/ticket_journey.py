"""Client and staff at once: a ticket goes from a browser to a mailbox and back."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from . import database, demo_link, mailbox, odoo_log, shell
from .odoo_log import Record
from .odoo_server import Server, environment, free_port
from .provision import python
from .results import FAILED, Result
from .settings import DEV, LOGS, ROOT, SetupError

NAME = "ticket_journey"
_LOG = LOGS / f"{NAME}.log"
_WINDOWS_LOG = LOGS / f"{NAME}_windows.log"
_WAIT_SECONDS = 60
# Run in Odoo's shell before the journey.
_PREPARE = """
moves = env["account.move"].search(
    [("move_type", "=", "out_invoice"), ("state", "=", "posted"),
     ("partner_id.email", "!=", False)], limit=50)
move = moves.filtered(lambda move: move.partner_id._is_client_access_allowed())[:1]
company = move.company_id  # that of the link
domain = env["mail.alias.domain"].create({{"name": "support.example.com"}})
company.write({{"alias_domain_id": domain.id, "email": "office@example.com",
    "client_hub_ticket_alias_name": "support"}})
demo = env.ref("base.user_demo")
demo.write({{"group_ids": [(4, env.ref("client_hub.group_user").id)],
    "email": "staff@example.com", "company_ids": [(4, company.id)],
    "company_id": company.id}})
env["client.hub.ticket.member"].create({{"company_id": company.id, "user_id": demo.id}})
parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", {url!r})
parameters.set_param("web.base.url.freeze", "True")
env.cr.commit()
"""


def run(template: str) -> tuple[list[Result], list[Record]]:
    """Let a client and staff talk, in a copy of the database ``template``.

    :return: a result per step of the journey, and what Odoo logged
    """
    name = f"{database.PREFIX}_test_{NAME}"
    database.drop(name)
    database.copy(template, name)
    _LOG.unlink(missing_ok=True)
    begin = time.monotonic()
    try:
        found = [
            Result(f"{NAME}: {step}", FAILED if wrong else "passed", seconds, wrong)
            for step, seconds, wrong in _travel(name)
        ]
    except SetupError as error:
        found = [Result(NAME, FAILED, time.monotonic() - begin, str(error))]
    finally:
        database.drop(name)
    text = _LOG.read_text(errors="replace") if _LOG.exists() else ""
    return found, odoo_log.records(text)


def _travel(name: str) -> list[tuple[str, float, str]]:
    port = free_port()
    url = f"http://{mailbox.HOST}:{port}"
    mails = DEV / "test-mail" / name
    with mailbox.running(mails) as box:
        server = Server(name, port, box.smtp)
        server.script(_LOG, _PREPARE.format(url=url))
        link = demo_link.make(name)
        with _served(server, url):
            return _look(url, link, box.folder, name)


@contextmanager
def _served(server: Server, url: str) -> Iterator[None]:
    with _LOG.open("ab") as out:
        process = shell.spawn(server.command(), out=out, env=environment())
    try:
        _wait_until_healthy(process, url)
        yield
    finally:
        shell.stop(process)


def _wait_until_healthy(process: subprocess.Popen, url: str) -> None:
    end = time.monotonic() + _WAIT_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/web/health", timeout=10).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SetupError(f"Odoo did not start; see {_LOG}.")


def _look(url: str, link: str, mails: Path, name: str) -> list[tuple[str, float, str]]:
    """Open both windows; return step, seconds and what is wrong of each step."""
    plan = json.dumps({"url": url, "link": link, "mails": str(mails), "db": name})
    command = [str(python.executable()), "-m", "dev.ticket_windows", plan]
    with _WINDOWS_LOG.open("wb") as errors:
        process = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, check=False
        )
    lines = process.stdout.decode().splitlines()
    steps = [tuple(json.loads(line)) for line in lines if line.startswith("[")]
    if process.returncode or not steps:
        tail = shell.log_tail(_WINDOWS_LOG)
        steps.append(("the windows", 0.0, f"They ended early:\n{tail}"))
    return steps


def wait_for_mail(folder: Path, subject: str, number: int = 1) -> EmailMessage:
    """Return the newest mail whose subject holds a text.

    :param number: how many of them have to be there
    :raises TimeoutError: if it does not arrive
    """
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        parsed = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(folder.glob("*.eml"))
        ]
        found = [mail for mail in parsed if subject in (mail["Subject"] or "")]
        if len(found) >= number:
            return found[-1]
        time.sleep(0.3)
    raise TimeoutError(f"No mail about {subject!r} arrived.")


def answer_to(mail: EmailMessage, text: str) -> str:
    """Return the mail with which its recipient answers ``mail``."""
    answer = EmailMessage()
    answer["From"] = mail["To"]
    answer["To"] = mail["Reply-To"] or mail["From"]
    answer["Subject"] = f"Re: {mail['Subject']}"
    answer["Message-ID"] = f"<answer-{time.time_ns()}@client.example.com>"
    answer["In-Reply-To"] = answer["References"] = mail["Message-ID"]
    answer.set_content(text)
    answer.add_attachment("see here", filename="proof.txt")
    return answer.as_string()


def call(url: str, service: str, method: str, *args: Any) -> Any:
    """Call Odoo as the script does which hands over what a mail server receives."""
    body = {"service": service, "method": method, "args": args}
    request = urllib.request.Request(
        f"{url}/jsonrpc",
        json.dumps({"jsonrpc": "2.0", "method": "call", "params": body}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    if "error" in answer:
        raise RuntimeError(str(answer["error"])[:2000])
    return answer["result"]
