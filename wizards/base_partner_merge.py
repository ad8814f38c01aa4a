from __future__ import annotations

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(
        self, src_partners: models.BaseModel, dst_partner: models.BaseModel
    ) -> None:
        """EXTENDS base: let no identifier be lost when clients are merged.

        Core deletes all lines of the merged clients as soon as moving one of them
        breaks a unique index; so equal ones become one before.
        """
        # sudo: a merge keeps the lines of clients of every company.
        lines_sudo = self.env["client.hub.identifier"].sudo()
        lines_sudo = lines_sudo.search(
            [("partner_id", "in", (src_partners | dst_partner).ids)]
        ).sorted(lambda line: line.partner_id != dst_partner)
        seen: set[tuple[str, str]] = set()
        for line_sudo in lines_sudo:
            key = (line_sudo.scheme, line_sudo.number_key)
            if key in seen:
                line_sudo.unlink()
            seen.add(key)
        return super()._update_foreign_keys(src_partners, dst_partner)
