from __future__ import annotations

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    client_template_ids = fields.One2many(
        "mail.template",
        "client_partner_id",
        string="Email Templates",
        context={"active_test": False},
        groups="base.group_user",
    )

    client_receipt_opt_out = fields.Boolean(
        string="No Payment Receipts by E-mail",
        groups="base.group_user",
        help="Payments of this client and its contacts are not acknowledged by mail.",
    )

    def _get_client_templates(self) -> dict[str, models.BaseModel]:
        """Return by document type the text of a contact, else that of its company.

        Archived contacts keep theirs. Reading it of many contacts costs one query, as
        long as they were browsed together.
        """
        self.ensure_one()
        # sudo: whoever sends a document needs no right to edit texts.
        self_sudo = self.sudo()
        return {
            template_sudo.client_document_type: template_sudo.with_env(self.env)
            for partner_sudo in (self_sudo.commercial_partner_id, self_sudo)
            for template_sudo in partner_sudo.client_template_ids
        }
