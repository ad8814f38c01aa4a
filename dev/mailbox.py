"""A real SMTP server that keeps each mail as a file, and a page to read them.

Run as ``python -m dev.mailbox FOLDER``; the first line it prints is a JSON object
with the ports ``smtp`` and ``http``. Both listen on the loopback interface only.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import mailbox_page, shell
from .provision import python
from .settings import ROOT, SetupError

HOST = "127.0.0.1"
_MAX_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Mailbox:
    """A running mailbox.

    :param folder: where it keeps the mails, one ``.eml`` file each
    :param smtp: port of the SMTP server
    :param http: port of the page
    """

    folder: Path
    smtp: int
    http: int


class Keeper:
    """Handler of the SMTP server: writes each accepted mail into ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Store the mail of ``envelope``; its file appears complete or not at all."""
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{next(self._numbers):05}.eml"
        addresses = f"X-Envelope-From: {envelope.mail_from}\r\n"
        addresses += f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(addresses.encode() + envelope.original_content)
        unfinished.rename(self.folder / name)
        return "250 OK"


async def serve_smtp(folder: Path) -> asyncio.Server:
    """Start the SMTP server on a free port; its mails go to ``folder``."""
    # Only here: the parent process runs without the virtual environment.
    from aiosmtpd.smtp import SMTP

    keeper = Keeper(folder)
    options: dict[str, Any] = {"hostname": "localhost", "enable_SMTPUTF8": True}
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, data_size_limit=_MAX_BYTES, **options), HOST, 0
    )


@contextmanager
def running(folder: Path) -> Iterator[Mailbox]:
    """Have a mailbox running as a process of its own.

    :raises SetupError: if it does not start
    """
    command = [str(python.executable()), "-m", "dev.mailbox", str(folder)]
    process = shell.spawn(command, cwd=ROOT, out=subprocess.PIPE)
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise SetupError("The local mailbox did not start; its error stands above.")
        yield Mailbox(folder, **json.loads(line))
    finally:
        shell.stop(process)


async def _main(folder: Path) -> None:
    smtp = await serve_smtp(folder)
    page = mailbox_page.server(folder, HOST)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    ports = {"smtp": smtp.sockets[0].getsockname()[1], "http": page.server_port}
    print(json.dumps(ports), flush=True)
    await smtp.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
