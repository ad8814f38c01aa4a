"""Run the stand-in until it is stopped."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from . import server
from .state import Book


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dev.stripe_standin")
    parser.add_argument("folder", type=Path, help="where its logs are written")
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    keep = "keep its accounts there from run to run"
    parser.add_argument("--keep", action="store_true", help=keep)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit())
    book = Book(options.folder)
    if options.keep:
        book.load()
    standin = server.make(book, options.port)
    print(json.dumps({"port": standin.server_port}), flush=True)
    try:
        standin.serve_forever()
    finally:
        if options.keep:
            book.save()


if __name__ == "__main__":
    _main()
