from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_forbidden_access(self, operation: str) -> api.Self:
        """EXTENDS mail: clients only read the threads of tickets, and no notes.

        Core lets authors change their messages, and followers create some, past all
        that is checked of what clients send. It hides notes from clients only if they
        were typed in, not those that came by mail or were logged.
        """
        forbidden = super()._get_forbidden_access(operation)
        if not self.env.user.share:
            return forbidden
        self.flush_recordset(["model", "subtype_id", "is_internal"])
        rows = self.env.execute_query(
            SQL(
                "SELECT message.id FROM mail_message message"
                " LEFT JOIN mail_message_subtype subtype"
                " ON subtype.id = message.subtype_id"
                " WHERE message.id IN %s AND message.model = 'client.hub.ticket'"
                " AND (%s OR message.is_internal OR subtype.id IS NULL"
                " OR subtype.internal)",
                tuple(self.ids) or (None,),
                operation != "read",
            )
        )
        return forbidden | self.browse([row[0] for row in rows])
