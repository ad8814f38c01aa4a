"""The web page of the local mailbox: a list of mails, and each mail readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

_PATH = re.compile(r"/mail/([\w-]+\.eml)(?:/(html|raw|part/(\d+)))?")
_HEADERS = ("From", "To", "Cc", "Reply-To", "Date", "Subject", "X-Envelope-To")
# Mails are untrusted: no script runs, no form posts; links open in a new tab.
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_STYLE = """<!doctype html><meta charset="utf-8"><title>Mailbox</title><style>
body { font: 15px sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #ddd; padding: .4em; text-align: left }
iframe { border: 1px solid #ddd; height: 40em; width: 100% }
pre { background: #f6f6f6; overflow-x: auto; padding: 1em; white-space: pre-wrap }
</style>"""


def server(folder: Path, host: str) -> ThreadingHTTPServer:
    """Return a server, on a free port of ``host``, for the mails in ``folder``."""
    handler = type("Handler", (_Handler,), {"folder": folder})
    return ThreadingHTTPServer((host, 0), handler)


def list_page(folder: Path) -> str:
    """Return the HTML list of the mails in ``folder``, newest first."""
    names = sorted((path.name for path in folder.glob("[!.]*.eml")), reverse=True)
    rows = "".join(_row(name, _read(folder / name)) for name in names)
    head = "<tr><th>Date</th><th>From</th><th>To</th><th>Subject</th></tr>"
    table = f"<table>{head}{rows}</table>" if names else "<p>No mail yet.</p>"
    return f"{_STYLE}<h1>Mailbox</h1>{table}"


def mail_page(folder: Path, name: str) -> str:
    """Return the HTML page of the mail ``name``: headers, bodies, attachments."""
    mail = _read(folder / name)
    headers = "".join(
        f"<tr><th>{header}</th><td>{escape(str(mail[header]))}</td></tr>"
        for header in _HEADERS
        if mail[header]
    )
    text, html = _body(mail, "plain"), _body(mail, "html")
    frame = f'<iframe sandbox="{_SANDBOX}" src="/mail/{name}/html"></iframe>'
    return (
        f'{_STYLE}<p><a href="/">All mails</a> | <a href="/mail/{name}/raw">Source</a>'
        f"</p><table>{headers}</table>{_attachment_list(mail, name)}"
        f"{frame if html else ''}<pre>{escape(text)}</pre>"
    )


def _row(name: str, mail: EmailMessage) -> str:
    cells = [escape(str(mail[header] or "")) for header in ("Date", "From", "To")]
    subject = escape(str(mail["Subject"] or "(no subject)"))
    link = f'<a href="/mail/{name}">{subject}</a>'
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in [*cells, link]) + "</tr>"


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return part.get_content() if part else ""


def _attachments(mail: EmailMessage) -> Iterator[tuple[str, str, bytes]]:
    """Yield file name, content type and content of each attachment."""
    for part in mail.iter_attachments():
        name = part.get_filename() or "attachment"
        content = part.get_payload(decode=True) or part.as_bytes()
        yield name, part.get_content_type(), content


def _attachment_list(mail: EmailMessage, name: str) -> str:
    links = [
        f'<li><a href="/mail/{name}/part/{number}">{escape(title)}</a>'
        f" ({len(content)} bytes)</li>"
        for number, (title, _kind, content) in enumerate(_attachments(mail))
    ]
    return f"<ul>{''.join(links)}</ul>" if links else ""


class _Handler(BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:  # noqa: N802
        if self.path == "/":
            self._answer(list_page(self.folder).encode())
            return
        match = _PATH.fullmatch(self.path)
        if not match or not (self.folder / match[1]).is_file():
            self.send_error(404)
            return
        self._answer_mail(match[1], match[2] or "", match[3])

    def _answer_mail(self, name: str, view: str, number: str | None) -> None:
        mail = _read(self.folder / name)
        if number is not None:
            self._answer_attachment(mail, int(number))
        elif view == "raw":
            self._answer((self.folder / name).read_bytes(), "text/plain")
        elif view == "html":
            page = f'<base target="_blank">{_body(mail, "html")}'.encode()
            self._answer(page, sandbox=_SANDBOX)
        else:
            self._answer(mail_page(self.folder, name).encode())

    def _answer_attachment(self, mail: EmailMessage, number: int) -> None:
        found = list(_attachments(mail))
        if number >= len(found):
            self.send_error(404)
            return
        name, kind, content = found[number]
        self._answer(content, kind, sandbox="", name=name)

    def _answer(
        self,
        content: bytes,
        kind: str = "text/html",
        sandbox: str | None = None,
        name: str = "",
    ) -> None:
        self.send_response(200)
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", kind + charset)
        self.send_header("X-Content-Type-Options", "nosniff")
        if sandbox is not None:
            self.send_header("Content-Security-Policy", f"sandbox {sandbox}")
        if name:
            value = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
            self.send_header("Content-Disposition", value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: requests to this page are of no interest."""
