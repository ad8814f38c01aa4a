"""The tests' client of the stand-in, for programs that run without Odoo."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

from ..settings import ROOT

_FILE = ROOT / "tests" / "stripe_standin.py"


def connect(url: str, **values: Any) -> Any:
    """Return a ``StripeStandin`` of ``tests/stripe_standin.py``."""
    return _load().StripeStandin(url, **values)


def _load() -> ModuleType:
    # The package of the tests imports Odoo, which is not needed for this one file.
    spec = importlib.util.spec_from_file_location("stripe_standin_client", _FILE)
    if not spec or not spec.loader:
        raise ImportError(f"{_FILE} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
