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

    def _get_client_template(self, document_type: str) -> models.BaseModel:
        """Return the own template of a contact, else that of its company, else none.

        Archived contacts keep theirs. Reading it of many contacts costs one query, as
        long as they were browsed together.

        :param document_type: a key of ``DOCUMENT_TYPES``
        :return: a ``mail.template`` in the caller's environment
        """
        self.ensure_one()
        # sudo: whoever sends a document needs no right to edit texts.
        self_sudo = self.sudo()
        for partner_sudo in (self_sudo, self_sudo.commercial_partner_id):
            for template_sudo in partner_sudo.client_template_ids:
                if template_sudo.client_document_type == document_type:
                    return template_sudo.with_env(self.env)
        return self.env["mail.template"]
