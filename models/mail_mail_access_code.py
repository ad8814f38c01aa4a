from __future__ import annotations

import re
from typing import Any

from odoo import models

# Stands for the code in the body that is stored.
CODE_MARK = "client-hub-code"
_MARK = re.compile(rf"{CODE_MARK}-(\d+)")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _personalize_outgoing_body(
        self, body: str, partner: Any = False, doc_to_followers: Any = None
    ) -> str:
        """EXTENDS mail: make the one-time code when the mail leaves."""
        body = super()._personalize_outgoing_body(body, partner, doc_to_followers)
        # Only in mails of the system: whoever writes the mark elsewhere gets no code.
        if self.model != "client.hub.access.code" or CODE_MARK not in body:
            return body
        # sudo: the queue may be run by a user without rights to codes.
        code_sudo = self.env["client.hub.access.code"].sudo().browse(self.res_id)
        if partner != code_sudo.link_id.partner_id:
            return _MARK.sub("", body)
        code = code_sudo._renew()
        return _MARK.sub(f"{code[:4]} {code[4:]}", body)
