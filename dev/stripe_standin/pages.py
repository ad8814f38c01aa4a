"""The hosted page where a client pays, and the list of what is there.

It says in large letters that it is not Stripe.
"""

from __future__ import annotations

from html import escape

from . import checkout, money
from .state import Account, Book, Object

_STYLE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stripe stand-in, not Stripe</title><style>
* { box-sizing: border-box }
body { background: #f6f7f9; color: #1a1f36; font: 16px/1.5 sans-serif; margin: 0 }
.banner { background: #b42318; color: #fff; font-weight: bold; padding: .7em 1em;
  text-align: center }
main { background: #fff; border: 1px solid #e3e8ee; border-radius: 8px;
  margin: 1em auto; max-width: 32em; padding: 1.2em }
h1 { font-size: 1.7em; margin: 0 0 .2em }
table { border-collapse: collapse; margin: 1em 0; width: 100% }
td { border-top: 1px solid #e3e8ee; padding: .5em 0; vertical-align: top }
td:last-child { text-align: right; white-space: nowrap }
button { background: #0f766e; border: 0; border-radius: 6px; color: #fff;
  cursor: pointer; font: inherit; margin: .3em 0; padding: .8em; width: 100% }
button.second { background: #fff; border: 1px solid #8792a2; color: #1a1f36 }
button.small { font-size: .85em; padding: .3em .6em; width: auto }
.error { background: #fef3f2; border: 1px solid #b42318; border-radius: 6px;
  padding: .6em }
.muted { color: #697386; font-size: .9em; overflow-wrap: anywhere }
input { border: 1px solid #8792a2; border-radius: 6px; font: inherit;
  padding: .6em; width: 100% }
</style><div class="banner">This is not Stripe. It is a stand-in for tests: no card is
charged, no money moves.</div><main>"""
#: what can be played from the list, by the status of the intent
PLAYS = {
    "processing": {"settle": "Let it settle", "fail": "Let it fail"},
    "requires_action": {"authenticate": "Let the bank agree"},
    "requires_capture": {"capture": "Capture", "cancel": "Give back"},
    "succeeded": {"refund": "Refund all", "dispute": "Dispute"},
}
_WAYS = (
    ("pm_card_visa", "Pay with a good card", ""),
    ("pm_card_chargeDeclined", "Try a card that is declined", "second"),
    ("pm_sepa_debit", "Pay by bank debit (settles later)", "second"),
    ("pm_boleto", "Take a voucher (paid later)", "second"),
)


def checkout_page(session: Object, error: str = "") -> str:
    """Return the page of ``session``; ``error`` tells why a try failed."""
    if session["status"] != "open":
        return _closed_page(session)
    rows = "".join(_row(line) for line in session["_lines"])
    email = escape(session["customer_email"] or "")
    amount = _amount(session) if session["currency"] else "Save a payment method"
    notice = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    return f"""{_STYLE}<p class="muted">Pay</p><h1>{amount}</h1>
<table>{rows}</table>{notice}
<form method="post"><p><label>E-mail<br><input name="email" type="email"
 value="{email}" autocomplete="off"></label></p>{_buttons(session)}</form>
{_cancel(session)}<p class="muted">{session["id"]}</p></main>"""


def _closed_page(session: Object) -> str:
    words = {
        "complete": "This payment is done. You can close this page.",
        "expired": "This page has expired. Please go back and start again.",
    }
    back = session["cancel_url"] or session["success_url"]
    if session["status"] == "complete":
        back = checkout.return_url(session)
    return f"""{_STYLE}<h1>{words[session["status"]]}</h1>
<p><a href="{escape(back)}">Back to the seller</a></p></main>"""


def _row(line: Object) -> str:
    count = f" &times; {line['quantity']}" if line["quantity"] > 1 else ""
    amount = money.shown(line["amount_total"], line["currency"])
    return f"<tr><td>{escape(line['description'])}{count}</td><td>{amount}</td></tr>"


def _amount(session: Object) -> str:
    return money.shown(session["amount_total"], session["currency"])


def _buttons(session: Object) -> str:
    held = session["_intent_data"].get("capture_method") == "manual"
    return "".join(
        f'<button name="method" value="{value}" class="{look}">'
        f"{label}{' (held until captured)' if held and not look else ''}</button>"
        for value, label, look in _WAYS
        if not (held and "debit" in value)
    )


def _cancel(session: Object) -> str:
    if not session["cancel_url"]:
        return ""
    return f'<p><a href="{escape(session["cancel_url"])}">Cancel and go back</a></p>'


def lost_page() -> str:
    """Return the page for a session that does not exist."""
    return f"{_STYLE}<h1>There is no such payment.</h1></main>"


def overview(book: Book) -> str:
    """Return the page that lists accounts, sessions, and events that wait."""
    parts = "".join(_account(account) for account in book.all())
    empty = "<p>Nothing yet. Pay an invoice, and it appears here.</p>"
    return f"{_STYLE}<h1>Stripe stand-in</h1>{parts or empty}</main>"


def _account(account: Account) -> str:
    with account.lock:
        rows = "".join(
            f'<tr><td><a href="/c/pay/{one["id"]}">{one["id"][:22]}...</a>'
            f"{_play(account, one)}</td><td>{_words(one)}</td></tr>"
            for one in account.all("checkout.session")[:20]
        )
        waiting = len(account.queue)
    return (
        f'<p class="muted">{account.number}: {len(account.events)} events, '
        f"{waiting} on their way</p><table>{rows}</table>"
    )


def _words(session: Object) -> str:
    amount = f"{_amount(session)}<br>" if session["currency"] else ""
    return f"{amount}{session['status']}, {session['payment_status']}"


def _play(account: Account, session: Object) -> str:
    """Return the buttons that play the banks for ``session``."""
    intent = account.find(session["payment_intent"] or "")
    actions = PLAYS.get(intent["status"], {}) if intent else {}
    if not actions:
        return ""
    buttons = "".join(
        f'<button class="small" name="action" value="{name}">{label}</button> '
        for name, label in actions.items()
    )
    return (
        '<form method="post" action="/play">'
        f'<input type="hidden" name="session" value="{session["id"]}">{buttons}</form>'
    )
