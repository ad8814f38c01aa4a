from __future__ import annotations

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(
        self, src_partners: models.BaseModel, dst_partner: models.BaseModel
    ) -> None:
        """EXTENDS base: let no identifier or text be lost when clients are merged.

        Core lets the merge fail, or deletes all lines of the merged clients, as soon
        as moving one breaks a unique index; so equal ones become one before. A contact
        that others are merged into holds no lines: its company does.
        """
        client = dst_partner.commercial_partner_id
        # sudo: a merge keeps the lines of clients of every company.
        lines_sudo = self.env["client.hub.identifier"].sudo()
        lines_sudo = lines_sudo.search(
            [("partner_id", "in", (src_partners | client).ids)]
        ).sorted(lambda line: line.partner_id != client)
        first_sudo: dict[tuple[str, str], models.BaseModel] = {}
        for line_sudo in lines_sudo:
            key = (line_sudo.scheme, line_sudo.number_key)
            first_sudo.setdefault(key, line_sudo)
        kept_sudo = lines_sudo.browse().union(*first_sudo.values())
        (lines_sudo - kept_sudo).unlink()
        kept_sudo.partner_id = client
        self.env["mail.template"]._merge_client_templates(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
