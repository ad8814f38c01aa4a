from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from odoo import api, models

from ..tools.access_mail import mask_message


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # Whether mails about records of this model lead clients into their portal.
    _client_access_links = False

    def _get_access_link_client(self) -> models.BaseModel:
        """Return the client whose contacts get magic links in mails about this record.

        Extend it, and set ``_client_access_links``, for models whose records clients
        see in the portal.

        :return: a commercial partner, empty if nobody gets a link
        """
        return self.env["res.partner"]

    @api.model
    def message_parse(self, message: Any, save_original: bool = False) -> dict:
        """EXTENDS mail: nothing that is received brings a working link along."""
        if isinstance(message, EmailMessage):
            mask_message(message)
        return super().message_parse(message, save_original=save_original)
