"""Strict parameters: the names and types that Stripe's own SDK declares.

The SDK's classes of parameters are generated from Stripe's description of its API,
so that a name which is not in them is none of Stripe's.
"""

from __future__ import annotations

import re
import sys
import typing
from decimal import Decimal, InvalidOperation
from functools import cache
from types import UnionType
from typing import Any

import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from .errors import ParamError

_METADATA_KEYS, _METADATA_KEY, _METADATA_VALUE = 50, 40, 500
# Odoo sends the empty parts of addresses, and Stripe takes them.
_MAY_BE_EMPTY = re.compile(r"(shipping|address|billing_details)\b.*")
_LITERALS = (typing.Literal, typing_extensions.Literal)


def check(shape: type | None, raw: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters ``raw`` with their types.

    :param shape: one of the SDK's classes of parameters; None allows ``expand`` only
    :raises ParamError: naming the first parameter at fault
    """
    fields = _fields(shape) if shape else {"expand": list[str]}
    return _object(raw, fields, _required(shape), "")


@cache
def _fields(shape: type) -> dict[str, Any]:
    own = {
        name: hint
        for name, hint in shape.__annotations__.items()
        if name not in RequestOptions.__annotations__
    }
    holder = type(shape.__name__, (), {"__annotations__": own})
    return typing.get_type_hints(holder, globalns=vars(sys.modules[shape.__module__]))


def _required(shape: type | None) -> frozenset[str]:
    return getattr(shape, "__required_keys__", frozenset())


def _object(
    raw: Any, fields: dict[str, Any], required: frozenset[str], path: str
) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ParamError("Invalid object", param=path)
    for name in raw:
        if name not in fields:
            full = _join(path, name)
            raise ParamError(
                f"Received unknown parameter: {full}",
                code="parameter_unknown",
                param=full,
            )
    for name in sorted(required):
        if name not in raw:
            full = _join(path, name)
            raise ParamError(
                f"Missing required param: {full}.", code="parameter_missing", param=full
            )
    return {
        name: _value(value, fields[name], _join(path, name))
        for name, value in raw.items()
    }


def _join(path: str, name: object) -> str:
    return f"{path}[{name}]" if path else str(name)


def _value(raw: Any, hint: Any, path: str) -> Any:
    origin = typing.get_origin(hint)
    if hasattr(hint, "__required_keys__"):
        return _object(raw, _fields(hint), _required(hint), path)
    if origin is list:
        return _list(raw, typing.get_args(hint)[0], path)
    if origin is dict:
        return _metadata(raw, path)
    if origin in (typing.Union, UnionType):
        return _one_of(raw, typing.get_args(hint), path)
    if origin in _LITERALS:
        return _enum(raw, typing.get_args(hint), path)
    return _scalar(raw, hint, path)


def _list(raw: Any, hint: Any, path: str) -> list[Any]:
    if not isinstance(raw, list):
        raise ParamError("Invalid array", param=path)
    return [_value(item, hint, _join(path, index)) for index, item in enumerate(raw)]


def _metadata(raw: Any, path: str) -> dict[str, str]:
    if isinstance(raw, list):
        raw = {str(index): value for index, value in enumerate(raw)}
    if not isinstance(raw, dict):
        raise ParamError("Invalid hash", param=path)
    if len(raw) > _METADATA_KEYS:
        raise ParamError(f"Metadata can have up to {_METADATA_KEYS} keys.", param=path)
    for key, value in raw.items():
        if len(key) > _METADATA_KEY:
            raise ParamError(
                f"Metadata keys can be up to {_METADATA_KEY} characters.", param=path
            )
        if not isinstance(value, str) or len(value) > _METADATA_VALUE:
            raise ParamError(
                f"Metadata values can be up to {_METADATA_VALUE} characters.",
                param=_join(path, key),
            )
    return raw


def _one_of(raw: Any, hints: tuple[Any, ...], path: str) -> Any:
    hints = tuple(hint for hint in hints if not _is_untyped(hint))
    choices = [
        word
        for hint in hints
        if typing.get_origin(hint) in _LITERALS
        for word in typing.get_args(hint)
    ]
    if raw == "" and "" in choices:
        return ""
    # "or any text" stands there for values that a later version may add.
    others = [hint for hint in hints if typing.get_origin(hint) not in _LITERALS]
    words = [word for word in choices if word]
    if words and set(others) <= {str}:
        return _enum(raw, tuple(words), path)
    if raw in words:
        return raw
    nested = isinstance(raw, dict | list)
    fitting = [hint for hint in others if _is_nested(hint) == nested] or others
    for hint in fitting[:-1]:
        try:
            return _value(raw, hint, path)
        except ParamError:
            continue
    return _value(raw, fitting[-1], path)


def _is_untyped(hint: Any) -> bool:
    return UntypedStripeObject in (hint, typing.get_origin(hint))


def _is_nested(hint: Any) -> bool:
    return hasattr(hint, "__required_keys__") or typing.get_origin(hint) in (list, dict)


def _enum(raw: Any, words: tuple[str, ...], path: str) -> str:
    if raw not in words:
        shown = ", ".join(words[:40])
        raise ParamError(f"Invalid {path}: must be one of {shown}", param=path)
    return raw


def _scalar(raw: Any, hint: Any, path: str) -> Any:
    if not isinstance(raw, str):
        raise ParamError(f"Invalid string: {path}", param=path)
    if raw == "" and not _MAY_BE_EMPTY.match(path):
        raise ParamError(
            f"You passed an empty string for '{path}'. We assume empty values are an "
            f"attempt to unset a parameter; however '{path}' cannot be unset.",
            code="parameter_invalid_empty",
            param=path,
        )
    if hint is int:
        return _integer(raw, path)
    if hint is bool:
        return _boolean(raw, path)
    if hint in (float, Decimal):
        return _decimal(raw, path)
    return raw


def _integer(raw: str, path: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", raw, re.ASCII):
        raise ParamError(
            f"Invalid integer: {raw[:100]}",
            code="parameter_invalid_integer",
            param=path,
        )
    return int(raw)


def _boolean(raw: str, path: str) -> bool:
    if raw.lower() not in ("true", "false"):
        raise ParamError(f"Invalid boolean: {raw[:100]}", param=path)
    return raw.lower() == "true"


def _decimal(raw: str, path: str) -> Decimal:
    try:
        return Decimal(raw)
    except InvalidOperation:
        raise ParamError(f"Invalid decimal: {raw[:100]}", param=path) from None
