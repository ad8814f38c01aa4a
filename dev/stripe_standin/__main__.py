"""Run the stand-in until it is stopped."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import server


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dev.stripe_standin")
    parser.add_argument("folder", type=Path, help="where its logs are written")
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    options = parser.parse_args()
    standin = server.make(options.folder, options.port)
    print(json.dumps({"port": standin.server_port}), flush=True)
    standin.serve_forever()


if __name__ == "__main__":
    _main()
