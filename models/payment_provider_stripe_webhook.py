from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.payment_stripe import const as stripe_const

from ..const import STRIPE_EVENTS

SYSTEM = "base.group_system"


class PaymentProvider(models.Model):
    """Whether Stripe tells us all that it should, and a button that has it do so."""

    _inherit = "payment.provider"

    client_stripe_account = fields.Char(
        string="Stripe Account", copy=False, readonly=True, groups=SYSTEM
    )
    client_events_until = fields.Datetime(
        string="Events Looked Through Until", copy=False, readonly=True, groups=SYSTEM
    )
    client_webhook_checked_at = fields.Datetime(
        string="Webhook Checked", copy=False, readonly=True, groups=SYSTEM
    )
    client_webhook_health = fields.Selection(
        [
            ("complete", "Stripe tells of every event"),
            ("incomplete", "Stripe does not tell of some events"),
            ("disabled", "The webhook is switched off at Stripe"),
            ("version", "The webhook speaks another version of Stripe's API"),
            ("missing", "Stripe has no webhook for this Odoo"),
        ],
        copy=False,
        readonly=True,
        groups=SYSTEM,
    )
    client_webhook_missing = fields.Text(
        string="Events Not Told", copy=False, readonly=True, groups=SYSTEM
    )

    def action_client_check_webhook(self) -> dict[str, Any]:
        """Look at Stripe which events it tells us of, and show it on the form."""
        endpoint = self._find_webhook_endpoint()
        self._note_webhook_health(endpoint)
        return self._reload_form()

    def action_client_complete_webhook(self) -> dict[str, Any]:
        """Subscribe the missing events on the webhook that is there, not on a second.

        :raises UserError: if Stripe has none, or refuses
        """
        endpoint = self._find_webhook_endpoint()
        if not endpoint:
            self._note_webhook_health(endpoint)
            return self._reload_form()
        self._note_webhook_health(self._complete_endpoint(endpoint))
        return self._reload_form()

    def action_stripe_create_webhook(self) -> dict[str, Any]:
        """EXTENDS payment_stripe: a new webhook is complete from the start."""
        action = super().action_stripe_create_webhook()
        try:
            endpoint = self._find_webhook_endpoint()
            if endpoint:
                self._note_webhook_health(self._complete_endpoint(endpoint))
        except UserError:
            # The webhook is made; what it lacks is shown by the check.
            self.client_webhook_health = "incomplete"
        return action

    def _get_of_same_account(self) -> models.BaseModel:
        """Return the other providers, in sudo, with the keys of this Stripe account."""
        self.ensure_one()
        # sudo: only administrators read to which account keys belong.
        provider_sudo = self.sudo()
        account = provider_sudo.client_stripe_account
        if not account:
            return provider_sudo.browse()
        domain = [("code", "=", "stripe"), ("client_stripe_account", "=", account)]
        return provider_sudo.search(domain) - provider_sudo

    # ------------------------------------------------------------ at Stripe

    def _find_webhook_endpoint(self) -> dict[str, Any] | None:
        """Return Stripe's webhook for this Odoo, the living one if there are several.

        :raises AccessError: for others than system administrators
        :raises UserError: if Stripe cannot be asked
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(SYSTEM):
            raise AccessError(
                self.env._("Only administrators may look after the webhook of Stripe.")
            )
        with self._stripe_errors(self._get_no_answer_error()) as client:
            self.client_stripe_account = client.v1.accounts.retrieve_current().id
            page = client.v1.webhook_endpoints.list({"limit": 100})
            url = self._get_stripe_webhook_url()
            found = [
                endpoint.to_dict()
                for endpoint in page.auto_paging_iter()
                if endpoint.url == url
            ]
        return min(found, key=lambda one: one["status"] != "enabled", default=None)

    def _complete_endpoint(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        """Subscribe what is missing; what else is subscribed stays."""
        if not self._get_missing_events(endpoint):
            return endpoint
        events = sorted({*endpoint["enabled_events"], *STRIPE_EVENTS})
        with self._stripe_errors(self._get_no_answer_error()) as client:
            return client.v1.webhook_endpoints.update(
                endpoint["id"], {"enabled_events": events}, self._stripe_once()
            ).to_dict()

    def _get_no_answer_error(self) -> str:
        return self.env._(
            "Stripe does not answer, or refuses the Secret Key. Check the key, and that"
            " it may read and write webhook endpoints."
        )

    # ------------------------------------------------------------ what is shown

    @api.model
    def _get_missing_events(self, endpoint: dict[str, Any]) -> list[str]:
        subscribed = set(endpoint["enabled_events"])
        return [] if "*" in subscribed else sorted(set(STRIPE_EVENTS) - subscribed)

    def _note_webhook_health(self, endpoint: dict[str, Any] | None) -> None:
        missing = self._get_missing_events(endpoint) if endpoint else []
        version = endpoint and endpoint.get("api_version")
        if not endpoint:
            health = "missing"
        elif endpoint["status"] != "enabled":
            health = "disabled"
        elif missing:
            health = "incomplete"
        elif version and version != stripe_const.API_VERSION:
            health = "version"
        else:
            health = "complete"
        self.write(
            {
                "client_webhook_checked_at": fields.Datetime.now(),
                "client_webhook_health": health,
                "client_webhook_missing": "\n".join(missing) or False,
            }
        )

    def _reload_form(self) -> dict[str, Any]:
        return {"type": "ir.actions.client", "tag": "soft_reload"}
