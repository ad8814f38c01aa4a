"""Form-encoded parameters with brackets, as Stripe's API takes them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import ParamError

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_DEPTH = 12


def parse(text: str) -> dict[str, Any]:
    """Return the nested parameters of ``a[b][0]=c``; arrays are lists.

    :raises ParamError: for a malformed name, or one used in two ways
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, _path(name), value, name)
    return {key: _with_lists(value) for key, value in tree.items()}


def _path(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])] if match else []
    if not path or len(path) > _DEPTH:
        raise ParamError(f"Invalid parameter name: {name[:100]}", param=name[:100])
    return path


def _put(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    *folders, last = path
    for part in folders:
        tree = tree.setdefault(part or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise ParamError(f"Invalid parameter: {name}", param=name)
    key = last or str(len(tree))
    if isinstance(tree.get(key), dict):
        raise ParamError(f"Invalid parameter: {name}", param=name)
    tree[key] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(child) for key, child in value.items()}
    if sorted(inner) == sorted(str(number) for number in range(len(inner))):
        return [inner[str(number)] for number in range(len(inner))]
    return inner
