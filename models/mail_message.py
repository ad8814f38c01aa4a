from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, models

from ..tools.access_link import mask_links

if TYPE_CHECKING:
    from typing import Self


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS mail: no stored message lets anybody in."""
        access = self.env["client.hub.access.mail"]
        return super().create(
            [
                vals | access._clean(vals, ("body", "subject"), vals.get("model"))
                for vals in vals_list
            ]
        )

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS mail: neither does a message that is edited."""
        if isinstance(vals.get("body"), str):
            vals = vals | {"body": type(vals["body"])(mask_links(vals["body"]))}
        return super().write(vals)
