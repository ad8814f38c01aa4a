from __future__ import annotations

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..tools.ticket import (
    MAX_BYTES,
    MAX_FILE_BYTES,
    MAX_FILES,
    MEGABYTE,
    TicketError,
)

_lt = LazyTranslate(__name__)
_FIELDS = {
    "subject": _lt("Subject"),
    "text": _lt("Message"),
    "comment": _lt("Comment"),
}
# Each names the field and the remedy.
_WORDS = {
    "no_subject": _lt("Subject: say in a few words what it is about."),
    "no_text": _lt("Message: write something."),
    "long": _lt(
        "%(field)s: it has %(number)s characters, and at most %(most)s can be sent."
        " Shorten it, or attach it as a file."
    ),
    "many_files": _lt(
        "Attachments: at most %(most)s files can be sent with one message. Send the"
        " others with another one."
    ),
    "empty_file": _lt("Attachments: “%(name)s” is empty. Choose the file again."),
    "large_file": _lt(
        "Attachments: “%(name)s” is larger than %(most)s MB. Send a smaller file."
    ),
    "large_files": _lt(
        "Attachments: together they are larger than %(most)s MB. Send some of them with"
        " another message."
    ),
    "flood": _lt(
        "You have sent us a lot within the last hour. Please wait a while, then send"
        " this again; your text is still here."
    ),
    "not_closed": _lt("Rating: close the ticket first, then rate the answer."),
    "no_rating": _lt("Rating: choose one to five stars."),
}


class ClientHubTicket(models.Model):
    """What clients are told when something they send cannot be taken."""

    _inherit = "client.hub.ticket"

    @api.model
    def _get_client_hint(self) -> str:
        """Return what files can be sent."""
        return self.env._(
            "Up to %(files)s files, each at most %(each)s MB, together %(all)s MB.",
            files=MAX_FILES,
            each=MAX_FILE_BYTES // MEGABYTE,
            all=MAX_BYTES // MEGABYTE,
        )

    @api.model
    def _get_client_error(self, error: TicketError) -> str:
        """Return what is wrong and what to do, in the user's language."""
        values = dict(error.values)
        if name := values.get("field"):
            values["field"] = self.env._(_FIELDS[name])
        words = self.env._(_WORDS[error.reason])
        return words % values
