from __future__ import annotations

from typing import Any

from odoo import api, models
from odoo.tools import plaintext2html

ACTIVITY = "client_hub.mail_activity_type_stripe_secret"
_DECISIVE = {"state", "code", "stripe_webhook_secret"}


class PaymentProvider(models.Model):
    """Administrators are told while every event of Stripe is refused."""

    _inherit = "payment.provider"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> PaymentProvider:
        """EXTENDS payment: a new provider may have no secret."""
        providers = super().create(vals_list)
        self._client_warn_without_secret()
        return providers

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS payment: the provider is put to use, or its secret is changed."""
        result = super().write(vals)
        if _DECISIVE & vals.keys():
            self._client_warn_without_secret()
        return result

    @api.model
    def _client_warn_without_secret(self) -> None:
        """Give each administrator an activity while a provider in use has no webhook
        secret, and take it away when all have one. Also called on installation."""
        # sudo: secrets are looked at, and activities of others made.
        providers_sudo = self.sudo().search(
            [
                ("code", "=", "stripe"),
                ("state", "!=", "disabled"),
                ("stripe_webhook_secret", "in", [False, ""]),
            ]
        )
        kind = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not kind:
            return  # it is being installed
        activities_sudo = self.env["mail.activity"].sudo()
        known_sudo = activities_sudo.search([("activity_type_id", "=", kind.id)])
        if not providers_sudo:
            known_sudo.unlink()
            return
        administrators_sudo = self._get_administrators(providers_sudo.company_id)
        activities_sudo.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "user_id": user_sudo.id,
                    "note": self._get_no_secret_note(user_sudo.lang, providers_sudo),
                }
                for user_sudo in administrators_sudo - known_sudo.user_id
            ]
        )

    @api.model
    def _get_administrators(self, companies: models.BaseModel) -> models.BaseModel:
        # sudo: whoever changes a provider, all who can mend it are told.
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref("base.group_system").ids),
                    ("company_ids", "in", companies.ids),
                ]
            )
        )

    @api.model
    def _get_no_secret_note(self, lang: str, providers: models.BaseModel) -> str:
        told = self.with_context(lang=lang)
        text = told.env._(
            "Every event of Stripe is refused, as these payment providers have no"
            " Webhook Signing Secret: %(providers)s. Payments are booked late. Open"
            " each of them and generate its webhook.",
            providers=", ".join(providers.with_env(told.env).mapped("name")),
        )
        return plaintext2html(text)
