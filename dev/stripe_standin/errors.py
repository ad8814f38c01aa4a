"""Errors as Stripe's API words them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer that is an error object.

    :param message: for the developer
    :param status: HTTP code
    :param kind: Stripe's ``type``
    :param code: Stripe's ``code``, such as ``parameter_missing``
    :param param: the parameter at fault, such as ``line_items[0][quantity]``
    :param more: further keys of the error object
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        values = {"code": code, "param": param}
        self.error = {
            "type": kind,
            "message": message,
            **{key: value for key, value in values.items() if value},
            **more,
        }


class ParamError(ApiError):
    """A parameter that is refused before the request is begun.

    Such an answer is not kept for its idempotency key.
    """


def missing(kind: str, number: str, param: str = "id") -> ApiError:
    """Return the error for an object that does not exist."""
    return ApiError(
        f"No such {kind}: '{number}'",
        status=404 if param == "id" else 400,
        code="resource_missing",
        param=param,
    )


def unexpected_state(message: str, code: str, **more: Any) -> ApiError:
    """Return the error for an object whose state does not allow what was asked."""
    return ApiError(message, code=code, **more)
