from __future__ import annotations

from odoo import api, models
from odoo.tools import str2bool


class ClientHubOnlinePaymentProvider(models.AbstractModel):
    """Who pays, and who takes the money."""

    _inherit = "client.hub.online.payment"

    @api.model
    def _get_payer(
        self, moves_sudo: models.BaseModel, company: models.BaseModel
    ) -> models.BaseModel:
        """Return who pays: the user if it is the client, else who was billed.

        Staff, and whoever only holds a link, pay in the name of the client.
        """
        client = moves_sudo.commercial_partner_id
        # sudo: visitors may not read contacts.
        partner_sudo = self.env.user.partner_id.sudo()
        if not self.env.user._is_public() and (
            partner_sudo.commercial_partner_id == client
        ):
            return partner_sudo
        billed_sudo = moves_sudo.filtered(lambda move: move.company_id == company)
        return billed_sudo[:1].partner_id

    @api.model
    def _knows_client(self, client: models.BaseModel) -> bool:
        """Tell whether the user is of this client, or of staff; else holds a link."""
        # sudo: visitors may not read contacts.
        partner_sudo, client_sudo = self.env.user.partner_id.sudo(), client.sudo()
        return self.env.user._is_internal() or bool(
            not self.env.user._is_public()
            and partner_sudo.commercial_partner_id == client_sudo.commercial_partner_id
        )

    @api.model
    def _get_provider(
        self,
        company: models.BaseModel,
        currency: models.BaseModel,
        payer: models.BaseModel,
        amount: float = 0.0,
    ) -> models.BaseModel:
        """Return the Stripe provider that takes the payer's money, or none, in sudo.

        :param amount: in ``currency``; providers may have an upper limit
        """
        # sudo: clients read neither providers nor settings.
        providers_sudo = self.env["payment.provider"].sudo()
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        if not str2bool(
            parameters_sudo.get_param("account_payment.enable_portal_payment", "")
        ):
            return providers_sudo.browse()
        if payer.company_id and payer.company_id != company:
            return providers_sudo.browse()
        return providers_sudo._get_compatible_providers(
            company.id, payer.id, amount, currency_id=currency.id
        ).filtered(lambda provider: provider.code == "stripe")[:1]

    @api.model
    def _is_offered(self, companies: models.BaseModel) -> bool:
        """Tell whether any company takes money through Stripe; cheap, to ask first."""
        # sudo: clients do not read providers.
        providers_sudo = self.env["payment.provider"].sudo()
        return bool(
            providers_sudo.search_count(
                [
                    *providers_sudo._check_company_domain(companies),
                    ("code", "=", "stripe"),
                    ("state", "!=", "disabled"),
                    ("is_published", "=", True),
                ],
                limit=1,
            )
        )
