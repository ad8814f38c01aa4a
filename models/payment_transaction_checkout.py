from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment.const import CURRENCY_MINOR_UNITS
from odoo.addons.payment_stripe import const as stripe_const

from ..const import CHECKOUT_MINUTES, STRIPE_RETRIES
from ..tools import online_payment as tools

if TYPE_CHECKING:
    from ..tools.online_payment import Payable


class PaymentTransaction(models.Model):
    """Pays documents on the page that Stripe hosts."""

    _inherit = "payment.transaction"

    client_checkout_session = fields.Char(
        string="Stripe Checkout Session",
        copy=False,
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    client_checkout_url = fields.Char(
        string="Stripe Checkout Page",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
    client_discounted_invoice_ids = fields.Many2many(
        "account.move",
        "client_hub_transaction_discount_rel",
        string="Paid with Early Payment Discount",
        copy=False,
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    _client_checkout_session_unique = models.UniqueIndex(
        "(client_checkout_session) WHERE client_checkout_session IS NOT NULL"
    )

    # ------------------------------------------------------------ opening

    @api.model
    def _create_checkout(
        self, payable: Payable, *, landing_route: str
    ) -> PaymentTransaction:
        """Return a new transaction with a page of Stripe on which to pay it.

        Older pages for the same documents are closed first, so that nobody pays twice.

        :param payable: computed by the server under a lock of the documents; amounts
            from a browser are never trusted
        :param landing_route: path on this server to come back to; it is told the
            outcome in the parameter ``payment``
        :return: in sudo; redirect to its ``_get_checkout_url()``
        :raises UserError: if Stripe cannot be reached or refuses, or if an older page
            has just been paid
        """
        _check(payable, landing_route)
        # sudo: clients have no access to providers and transactions.
        transactions_sudo = self.sudo().with_company(payable.company)
        provider_sudo = transactions_sudo._get_checkout_provider(payable)
        if transactions_sudo._close_open_checkouts(payable.invoices):
            raise UserError(
                self.env._(
                    "A payment for these documents has just been made. Please look at"
                    " them again before you pay."
                )
            )
        transaction_sudo = transactions_sudo.create(
            transactions_sudo._prepare_checkout_values(
                payable, provider_sudo, landing_route
            )
        )
        transaction_sudo._open_checkout(payable)
        return transaction_sudo

    def _get_checkout_url(self) -> str:
        """Return the address of Stripe's page for this transaction."""
        self.ensure_one()
        # sudo: whoever may pay gets to the page; nobody else asks for it.
        return self.sudo().client_checkout_url or ""

    @api.model
    def _get_checkout_provider(self, payable: Payable) -> models.BaseModel:
        """Return the Stripe provider that takes a payment, in sudo.

        :raises UserError: if there is none
        """
        provider_sudo = self.env["payment.provider"]._get_compatible_providers(
            payable.company.id,
            payable.partner.id,
            payable.amount,
            currency_id=payable.currency.id,
        )
        provider_sudo = provider_sudo.filtered(lambda one: one.code == "stripe")[:1]
        if not provider_sudo:
            raise UserError(
                self.env._(
                    "Online payment is not available for this amount and currency."
                    " Please pay by bank transfer, or ask us."
                )
            )
        return provider_sudo

    @api.model
    def _prepare_checkout_values(
        self, payable: Payable, provider_sudo: models.BaseModel, landing_route: str
    ) -> dict[str, Any]:
        names = [name for name in payable.invoices.mapped("name") if name]
        more = f"+{len(names) - 1}" if len(names) > 1 else ""
        method = self.env.ref("payment.payment_method_unknown")
        discounted = payable.discounted or payable.invoices.browse()
        return {
            "provider_id": provider_sudo.id,
            "payment_method_id": method.id,
            "reference": self._compute_reference("stripe", f"{names[0]}{more}"),
            "amount": payable.amount,
            "currency_id": payable.currency.id,
            "partner_id": payable.partner.id,
            "operation": "online_redirect",
            "landing_route": landing_route,
            "invoice_ids": [Command.set(payable.invoices.ids)],
            "client_discounted_invoice_ids": [Command.set(discounted.ids)],
        }

    def _open_checkout(self, payable: Payable) -> None:
        """Have Stripe make the page.

        :raises UserError: if it does not
        """
        params = self._prepare_checkout_params(payable)
        with self.provider_id._stripe_errors(self._get_not_opened_error()) as client:
            session = client.v1.checkout.sessions.create(
                params, self._stripe_options("checkout/sessions", params)
            )
        self.write(
            {"client_checkout_session": session.id, "client_checkout_url": session.url}
        )

    def _get_not_opened_error(self) -> str:
        return self.env._(
            "The payment page could not be opened. Nothing was charged. Please try"
            " again in a minute, or pay by bank transfer."
        )

    def _prepare_checkout_params(self, payable: Payable) -> dict[str, Any]:
        """Return what Stripe's page is made from; extend it to add parameters.

        :raises UserError: if Stripe does not take the amount
        """
        capture = "manual" if self.provider_id.capture_manually else "automatic"
        url, metadata = self._get_return_url(), self._get_stripe_metadata()
        params = {
            "mode": "payment",
            "submit_type": "pay",
            "client_reference_id": str(self.id),
            "line_items": self._prepare_line_items(payable),
            "metadata": metadata,
            # Odoo finds the transaction of an intent by its description.
            "payment_intent_data": {
                "description": self.reference,
                "metadata": metadata,
                "capture_method": capture,
            },
            "success_url": url,
            "cancel_url": url,
            "locale": tools.stripe_locale(self.env.lang or self.partner_lang),
            "expires_at": int(time.time()) + CHECKOUT_MINUTES * 60,
            # What is charged is what was computed.
            "allow_promotion_codes": False,
            "automatic_tax": {"enabled": False},
            "adaptive_pricing": {"enabled": False},
        }
        email = email_normalize(self.partner_email or "")
        # Stripe's page shows it: whoever only holds a link does not learn it.
        knows = self.env["client.hub.online.payment"]._knows_client(self.partner_id)
        return params | ({"customer_email": email} if email and knows else {})

    def _prepare_line_items(self, payable: Payable) -> list[dict[str, Any]]:
        currency, decimals = self.currency_id.name, self._get_stripe_decimals()
        try:
            return [tools.line_item(line, currency, decimals) for line in payable.lines]
        except tools.AmountError as error:
            raise UserError(
                self.env._(
                    "Amount: %(amount)s cannot be paid online. Please pay by bank"
                    " transfer, or ask us.",
                    amount=self.currency_id.format(self.amount),
                )
            ) from error

    def _get_stripe_decimals(self) -> int:
        """Return how many decimals Stripe counts for the currency."""
        currency = self.currency_id
        iso = CURRENCY_MINOR_UNITS.get(currency.name, currency.decimal_places)
        return stripe_const.CURRENCY_DECIMALS.get(currency.name, iso)

    def _get_stripe_metadata(self) -> dict[str, str]:
        """Return what tells a payment in Stripe's books: ids, nothing personal."""
        # sudo: which database this is, so that a copy of it is not taken for it.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return {
            "client_hub_transaction": str(self.id),
            "client_hub_database": parameters_sudo.get_param("database.uuid"),
        }

    def _stripe_options(self, endpoint: str, params: Any = None) -> dict[str, Any]:
        """Return the options for a POST: sent again, it has no second effect.

        The key differs with what is sent, as Stripe refuses one key for two requests.
        """
        scope = f"{endpoint}:{tools.digest(params)}"
        return {
            "idempotency_key": payment_utils.generate_idempotency_key(self, scope),
            "max_network_retries": STRIPE_RETRIES,
        }


def _check(payable: Payable, landing_route: str) -> None:
    """Refuse what only a mistake in a program can make."""
    total = sum(line.amount for line in payable.lines)
    if payable.currency.compare_amounts(total, payable.amount):
        raise ValueError("The lines do not sum up to the amount.")
    if any(line.amount <= 0 for line in payable.lines):
        raise ValueError("Each line must be positive.")
    if not tools.is_local_path(landing_route):
        raise ValueError("The landing route must be a path of this server.")
