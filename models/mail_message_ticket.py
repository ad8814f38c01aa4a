from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_forbidden_access(self, operation: str) -> api.Self:
        """EXTENDS mail: clients only read the threads of tickets.

        Core lets authors change their messages, and followers create some, past all
        that is checked of what clients send.
        """
        forbidden = super()._get_forbidden_access(operation)
        if operation == "read" or not self.env.user.share:
            return forbidden
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM mail_message"
                " WHERE id IN %s AND model = 'client.hub.ticket'",
                tuple(self.ids) or (None,),
            )
        )
        return forbidden | self.browse([row[0] for row in rows])
