"""A stand-in for Stripe, for tests and for trying the product out.

It is NOT Stripe, and moves no money. It speaks the part of Stripe's API that online
payment uses, strictly; it has a page where clients pay; and it sends signed events, as
tests want them: late, twice, in disorder, forged.

``python -m dev.stripe_standin FOLDER`` prints a JSON object with its ``port``.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import shell
from ..provision import python
from ..settings import ROOT, SetupError

HOST = "127.0.0.1"
#: keys of the account that ``make run`` uses; each key that begins like these has an
#: account of its own
SECRET_KEY = "sk_test_standin"
PUBLISHABLE_KEY = "pk_test_standin"
WEBHOOK_SECRET = "whsec_standin"


@dataclass(frozen=True)
class Standin:
    """A running stand-in.

    :param folder: where it logs requests, events and deliveries
    """

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The base of its API and pages."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def running(folder: Path, *more: str) -> Iterator[Standin]:
    """Have a stand-in running as a process of its own.

    :param more: its arguments, such as ``--keep``
    :raises SetupError: if it does not start
    """
    command = [str(python.executable()), "-m", __name__, str(folder), *more]
    process = shell.spawn(command, cwd=ROOT, out=subprocess.PIPE)
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise SetupError(
                "The stand-in for Stripe did not start; its error stands above."
            )
        yield Standin(folder, **json.loads(line))
    finally:
        shell.stop(process)
