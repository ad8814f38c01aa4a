"""The text that a client's own e-mail starts from, before somebody changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)


class Starter(NamedTuple):
    """A subject and the paragraphs of a body.

    ``%(name)s`` stands for the placeholder ``client_placeholder_<name>``.
    """

    subject: LazyGettext
    lines: tuple[LazyGettext | str, ...]

    def get_subject(self, translate: Callable[[LazyGettext], str]) -> str:
        """Return the subject, with placeholders as a subject has them."""
        return translate(self.subject) % _Placeholders("{{ object.%s }}")

    def get_body(self, translate: Callable[[LazyGettext], str]) -> Markup:
        """Return the body as HTML, with placeholders; our company signs it."""
        out = _Placeholders(Markup('<t t-out="object.%s"></t>'))
        texts = [
            line if isinstance(line, str) else translate(line) for line in self.lines
        ]
        lines = [Markup.escape(text) % out for text in texts]
        return Markup("").join(
            Markup("<p>%s</p>") % line for line in (*lines, out["company"])
        )


class _Placeholders(dict):
    def __init__(self, pattern: str) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, name: str) -> str:
        return self._pattern % f"client_placeholder_{name}"


_DEAR = _lt("Dear %(contact)s,")
_ONLINE = _lt("You can see it in our portal: %(link)s")
_REGARDS = _lt("Kind regards,")

STARTERS = {
    "invoice": Starter(
        _lt("Invoice %(number)s from %(company)s"),
        (
            _DEAR,
            _lt(
                "Attached is invoice %(number)s of %(date)s for %(amount)s. It is due"
                " on %(due_date)s."
            ),
            _ONLINE,
            _REGARDS,
        ),
    ),
    "credit_note": Starter(
        _lt("Credit note %(number)s from %(company)s"),
        (
            _DEAR,
            _lt("Attached is credit note %(number)s of %(date)s for %(amount)s."),
            _ONLINE,
            _REGARDS,
        ),
    ),
    "estimate": Starter(
        _lt("Estimate %(number)s from %(company)s"),
        (
            _DEAR,
            _lt("Attached is estimate %(number)s of %(date)s for %(amount)s."),
            _ONLINE,
            _REGARDS,
        ),
    ),
    "order_confirmation": Starter(
        _lt("Your order %(number)s is confirmed"),
        (
            _DEAR,
            _lt("Thank you. We have confirmed your order %(number)s for %(amount)s."),
            _ONLINE,
            _REGARDS,
        ),
    ),
    "payment_receipt": Starter(
        _lt("Receipt for your payment of %(amount)s"),
        (
            _DEAR,
            _lt(
                "Thank you for your payment of %(amount)s, received on %(date)s. The"
                " receipt is attached."
            ),
            _REGARDS,
        ),
    ),
    "statement": Starter(
        _lt("Your statement of %(date)s from %(company)s"),
        (
            _DEAR,
            _lt(
                "Attached is your statement. On %(date)s, %(open_amount)s is open, of"
                " which %(overdue_amount)s is overdue."
            ),
            _ONLINE,
            _REGARDS,
        ),
    ),
    "ticket": Starter(
        _lt("Your request %(number)s: %(subject)s"),
        (
            _DEAR,
            _lt("About your request %(number)s, “%(subject)s”:"),
            "%(answer)s",
            _ONLINE,
            _REGARDS,
        ),
    ),
}
