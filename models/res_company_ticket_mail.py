from __future__ import annotations

from odoo import fields, models


class ResCompany(models.Model):
    """The address to which clients of a company write."""

    _inherit = "res.company"

    client_hub_ticket_alias_id = fields.Many2one(
        "mail.alias",
        string="Support Address",
        ondelete="set null",
        copy=False,
        groups="base.group_user",
    )
    client_hub_ticket_alias_name = fields.Char(
        string="Support Address (Name)",
        compute="_compute_client_hub_ticket_alias_name",
        inverse="_inverse_client_hub_ticket_alias_name",
        groups="base.group_user",
        help="What stands before the @; mails to this address open tickets.",
    )

    def _compute_client_hub_ticket_alias_name(self) -> None:
        for company in self:
            alias_sudo = company.sudo().client_hub_ticket_alias_id
            company.client_hub_ticket_alias_name = alias_sudo.alias_name

    def _inverse_client_hub_ticket_alias_name(self) -> None:
        # sudo: managers of the add-on set the address, and may not edit all aliases.
        aliases_sudo = self.env["mail.alias"].sudo()
        for company in self:
            alias_sudo = company.sudo().client_hub_ticket_alias_id
            name = company.client_hub_ticket_alias_name
            if not name:
                alias_sudo.unlink()
            elif alias_sudo:
                alias_sudo.alias_name = name
            else:
                vals = company._prepare_client_hub_ticket_alias(name)
                company.client_hub_ticket_alias_id = aliases_sudo.create(vals)

    def _prepare_client_hub_ticket_alias(self, name: str) -> dict:
        return {
            "alias_name": name,
            "alias_model_id": self.env["ir.model"]._get_id("client.hub.ticket"),
            "alias_defaults": str({"company_id": self.id}),
            "alias_contact": "everyone",
            "alias_domain_id": self.alias_domain_id.id,
        }
