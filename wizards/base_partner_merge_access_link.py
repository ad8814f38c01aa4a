from __future__ import annotations

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(
        self, src_partners: models.BaseModel, dst_partner: models.BaseModel
    ) -> None:
        """EXTENDS base: links of merged contacts die, and rights are computed anew."""
        partners = src_partners | dst_partner
        self.env["client.hub.access.link"]._revoke_where(
            [
                "|",
                ("partner_id", "in", partners.ids),
                ("client_id", "in", src_partners.ids),
            ]
        )
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.registry.clear_cache()
        return result
