"""Entry point: ``python3 -m dev COMMAND``; the Makefile calls nothing else."""

from __future__ import annotations

import argparse
import importlib.util
import signal
import sys
from types import ModuleType

from . import shell
from .settings import SetupError

# Imported when called: some need packages that provisioning brings first.
_COMMANDS = {
    "run": "start a seeded Odoo with this add-on",
    "test": "run everything that has to pass",
    "lint": "check style and static rules",
    "i18n": "bring the translations up to date",
    "fuzz": "run the unit tests with many random inputs",
    "bench": "measure speed",
    "dist": "build the installable ZIP",
    "clean": "stop the private database and remove what was made",
}


def main() -> int:
    """Run the command named on the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m dev")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in _COMMANDS.items():
        commands.add_parser(name, help=text, add_help=name != "lint")
    options, arguments = parser.parse_known_args()
    command = options.command
    if arguments and command != "lint":
        parser.error(f"{command} takes no arguments")
    # SIGINT too: a shell script starts its background jobs with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return _module(command).main(*[arguments] if arguments else [])
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 0 if command == "run" else 130
    finally:
        shell.stop_all()


def _module(command: str) -> ModuleType:
    name = f"{__package__}.{command}"
    if not importlib.util.find_spec(name):
        raise SetupError(f"make {command}: there is nothing to do it with yet.")
    return importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
