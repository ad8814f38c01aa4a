from __future__ import annotations

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(
        self, src_partners: models.BaseModel, dst_partner: models.BaseModel
    ) -> None:
        """EXTENDS base: tickets of a merged contact stay with their client."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # Core has written past the cache.
        self.env.invalidate_all()
        dst_partner._leave_client_tickets()
        return result
