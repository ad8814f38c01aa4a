"""Webhook endpoints, events and accounts, as the API shows them."""

from __future__ import annotations

from urllib.parse import urlsplit

import stripe.params as sdk

from . import shapes
from .api import Call, route
from .errors import ApiError, ParamError
from .state import Account, Object, random_text

_MAX_ENDPOINTS = 16


@route("POST", "webhook_endpoints", sdk.WebhookEndpointCreateParams)
def create(call: Call) -> Object:
    """Register an endpoint; its secret is shown this once."""
    values = call.params
    if len(call.account.all("webhook_endpoint")) >= _MAX_ENDPOINTS:
        raise ApiError(f"You have reached the maximum of {_MAX_ENDPOINTS} endpoints.")
    made = register(
        call.account,
        values["url"],
        f"whsec_{random_text(32)}",
        values["enabled_events"],
        values.get("api_version"),
        connect=values.get("connect", False),
    )
    made["description"] = values.get("description")
    made["metadata"] = values.get("metadata") or {}
    return made | {"secret": made["_secret"]}


def register(
    account: Account,
    url: str,
    secret: str,
    events: list[str],
    version: str | None = None,
    connect: bool = False,
) -> Object:
    """Return a new endpoint which gets ``events``.

    :param version: of the API, whose shape its events have; else the account's
    :param connect: it gets the events of connected accounts instead
    :raises ParamError: if ``url`` is not one
    """
    _check_url(url)
    if version:
        shapes.check_version(version)
    return account.add(
        "webhook_endpoint",
        "we",
        api_version=version,
        application=None,
        description=None,
        enabled_events=list(events),
        metadata={},
        status="enabled",
        url=url,
        _connect=connect,
        _secret=secret,
    )


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ParamError("Invalid URL: an absolute URL is needed.", param="url")


@route("GET", "webhook_endpoints/*", sdk.WebhookEndpointRetrieveParams)
def retrieve(call: Call) -> Object:
    """Return an endpoint without its secret."""
    return call.account.get("webhook_endpoint", call.ids[0])


@route("POST", "webhook_endpoints/*", sdk.WebhookEndpointUpdateParams)
def update(call: Call) -> Object:
    """Change an endpoint: its events are replaced, not added to."""
    endpoint = call.account.get("webhook_endpoint", call.ids[0])
    values = dict(call.params)
    if "url" in values:
        _check_url(values["url"])
    if "disabled" in values:
        values["status"] = "disabled" if values.pop("disabled") else "enabled"
    keys = ("description", "enabled_events", "metadata", "status", "url")
    endpoint.update({key: values[key] for key in keys if key in values})
    return endpoint


@route("GET", "webhook_endpoints", sdk.WebhookEndpointListParams)
def find(call: Call) -> list[Object]:
    """Return all endpoints."""
    return call.account.all("webhook_endpoint")


@route("DELETE", "webhook_endpoints/*")
def delete(call: Call) -> Object:
    """Remove an endpoint, with what was on its way there."""
    endpoint = call.account.get("webhook_endpoint", call.ids[0])
    del call.account.objects["webhook_endpoint"][endpoint["id"]]
    queue = call.account.queue
    queue[:] = [one for one in queue if one.endpoint is not endpoint]
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


@route("GET", "events/*", sdk.EventRetrieveParams)
def retrieve_event(call: Call) -> Object:
    """Return an event, in the shape of the account's version."""
    account = call.account
    return account.rendered(account.event(call.ids[0]), account.api_version)


@route("GET", "events", sdk.EventListParams)
def find_events(call: Call) -> list[Object]:
    """Return events of the last 30 days, newest first."""
    account, values = call.account, call.params
    if "type" in values and "types" in values:
        raise ParamError("You may only specify one of: type, types.", param="types")
    wanted = values.get("types") or [values.get("type", "*")]
    begin = account.now() - 30 * 24 * 3600
    found = [
        account.rendered(event, account.api_version)
        for event in reversed(account.events)
        if event["created"] >= begin and any(_fits(event, one) for one in wanted)
    ]
    success = values.get("delivery_success")
    return [
        event
        for event in found
        if success is None or bool(event["pending_webhooks"]) != success
    ]


def _fits(event: Object, pattern: str) -> bool:
    kind = event["type"]
    if pattern.endswith("*"):
        return kind.startswith(pattern[:-1])
    return kind == pattern


@route("GET", "account", sdk.AccountRetrieveCurrentParams)
def own(call: Call) -> Object:
    """Return the account of the key."""
    return _account(call.account)


@route("GET", "accounts/*", sdk.AccountRetrieveParams)
def retrieve_account(call: Call) -> Object:
    """Return an account, the own one only."""
    if call.ids[0] != call.account.number:
        raise ApiError("The key has no access to that account.", status=403)
    return _account(call.account)


def _account(account: Account) -> Object:
    return {
        "id": account.number,
        "object": "account",
        "business_profile": {"name": "Stand-in, not Stripe"},
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": "seller@example.com",
        "payouts_enabled": True,
        "type": "standard",
    }
