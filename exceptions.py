"""Errors that callers tell apart."""

from __future__ import annotations

from odoo.exceptions import UserError


class ClientTemplateError(UserError):
    """The own text of a client cannot be rendered for some documents.

    Whoever sends catches it to let the other documents go out, and to let the
    transaction commit that the mail only reports. The global text is no way out.

    :param reasons: what to tell staff, by id of the document that failed; each names
        client, type and placeholder
    """

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__("\n\n".join(dict.fromkeys(reasons.values())))
        self.reasons = reasons
