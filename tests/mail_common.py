"""An SMTP server that receives what the tests send."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.addons.base.models.ir_mail_server import IrMail_Server

HOST = "127.0.0.1"


class Inbox:
    """Handler of an SMTP server that keeps what it receives."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


class InboxMixin:
    """Mail leaves through SMTP into ``inbox``; put it before the test case's class."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        cls.inbox = Inbox()
        server = Controller(cls.inbox, hostname=HOST, port=port)
        server.start()
        cls.addClassCleanup(server.stop)
        servers = cls.env["ir.mail_server"].sudo()
        servers.search([]).active = False
        cls.server = servers.create(
            {"name": "Inbox", "smtp_host": HOST, "smtp_port": port}
        )

    def setUp(self) -> None:
        super().setUp()
        # Of the demo data, and of users who were created.
        self.env["mail.mail"].sudo().search([]).unlink()
        self.inbox.mails.clear()
        # Tests deliver no mail otherwise.
        enabled = patch.object(IrMail_Server, "_disable_send", return_value=False)
        self.startPatcher(enabled)
