"""The life of a Checkout Session: paid, settled later, or expired.

Everything here expects the account's lock to be held.
"""

from __future__ import annotations

from . import customers, flows, methods, setup_intents, things
from .errors import ApiError
from .state import Account, Object


def current(account: Account, number: str) -> Object:
    """Return the session ``number``, expired if its time is over.

    :raises ApiError: if there is none
    """
    session = account.get("checkout.session", number)
    if session["status"] == "open" and session["expires_at"] <= account.now():
        expire(account, session)
    return session


def pay(account: Account, session: Object, name: str, email: str = "") -> str:
    """Have the client pay an open ``session`` with the method ``name``.

    :param name: a key of :data:`methods.METHODS`
    :return: the code of the refusal, if it is refused
    :raises ApiError: if the session is not open
    """
    if session["status"] != "open":
        raise ApiError(f"The session is {session['status']}.")
    session["customer_details"] = {
        "email": email or session["customer_email"] or "client@example.com",
        "name": "Client",
    }
    if session["mode"] == "setup":
        setup_intents.succeed(account, account.find(session["setup_intent"]), name)
        _complete(account, session, "no_payment_required")
        return ""
    intent = prepare(account, session)
    refusal = flows.attempt(
        account, intent, methods.make(account, name, session["customer"])
    )
    waits = intent["status"] == "requires_action"
    if not refusal and (not waits or flows.is_voucher(account, intent)):
        paid = intent["status"] == "succeeded"
        _complete(account, session, "paid" if paid else "unpaid")
    return refusal


def follow(account: Account, intent: Object) -> None:
    """Bring the session of ``intent`` up to date after its money came or failed."""
    session = account.find(intent["_session"] or "")
    if not session or session["payment_status"] == "paid":
        return
    late = session["status"] == "complete"
    if intent["status"] == "succeeded":
        if not late:
            _complete(account, session, "paid")
            return
        session["payment_status"] = "paid"
        if intent["capture_method"] != "manual":
            account.emit("checkout.session.async_payment_succeeded", session)
    elif intent["status"] == "requires_payment_method" and late:
        account.emit("checkout.session.async_payment_failed", session)


def return_url(session: Object) -> str:
    """Return where the client goes after paying."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _complete(account: Account, session: Object, payment_status: str) -> None:
    session.update(status="complete", payment_status=payment_status, url=None)
    account.emit("checkout.session.completed", session)


def expire(account: Account, session: Object) -> None:
    """End an open session, and its intent."""
    session.update(status="expired", url=None)
    intent = account.find(session["payment_intent"] or "")
    if intent and intent["status"] not in ("canceled", "succeeded"):
        flows.cancel(account, intent, "automatic")
    account.emit("checkout.session.expired", session)


def prepare_setup(account: Account, session: Object, data: Object) -> None:
    """Give a ``session`` in setup mode its SetupIntent."""
    more = data.get("setup_intent_data", {})
    asked = {key: more[key] for key in ("description", "metadata") if key in more}
    made = setup_intents.make(account, customer=session["customer"], **asked)
    session["setup_intent"] = made["id"]


def prepare(account: Account, session: Object, always_customer: bool = False) -> Object:
    """Return the session's intent, made if it has none."""
    if session["payment_intent"]:
        return account.get("payment_intent", session["payment_intent"])
    wanted = always_customer or session["customer_creation"] == "always"
    if wanted and not session["customer"] and session["mode"] == "payment":
        made = customers.make(account, email=session["customer_email"])
        session["customer"] = made["id"]
    intent = things.make_intent(
        account,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        payment_method_types=session["payment_method_types"],
        _session=session["id"],
        **session["_intent_data"],
    )
    session["payment_intent"] = intent["id"]
    return intent
