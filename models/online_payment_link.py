from __future__ import annotations

import base64

from odoo import api, models
from odoo.tools import consteq
from odoo.tools.misc import hmac as sign

from .access_attempt import HOUR, Limit

#: Bytes of a token: it is printed, and a short one makes a QR code that scans well.
_TOKEN_BYTES = 16
# Within an hour: wrong links of one address, and payment pages opened by one address
# or for one document.
_WRONG_LINKS = 60
_CHECKOUTS_BY_ADDRESS = 60
_CHECKOUTS_BY_DOCUMENT = 20


class ClientHubOnlinePaymentLink(models.AbstractModel):
    """Links with which one document can be paid without an account.

    Each kind of link has a scope of its own, and is bound to this database. A link
    holds no amount and does not expire, as it is printed on the invoice.
    """

    _inherit = "client.hub.online.payment"

    @api.model
    def _sign(self, scope: str, *values: object) -> str:
        """Return the token for these values, in base64url without padding."""
        # sudo: nobody reads the secret of the database.
        env_sudo = self.env(su=True)
        uuid = env_sudo["ir.config_parameter"].get_param("database.uuid")
        text = repr((uuid, *map(str, values)))
        digest = bytes.fromhex(sign(env_sudo, f"client_hub.pay.{scope}", text))
        token = base64.urlsafe_b64encode(digest[:_TOKEN_BYTES])
        return token.rstrip(b"=").decode()

    @api.model
    def _is_signed(self, token: str, scope: str, *values: object) -> bool:
        """Tell whether the token is that of these values, in constant time."""
        right = self._sign(scope, *values)
        return token.isascii() and consteq(token, right)

    @api.model
    def _find_by_link(self, invoice_id: int, token: str) -> models.BaseModel:
        """Return the invoice of a link in sudo, or none.

        A wrong token and an invoice that does not exist look alike.
        """
        right = self._is_signed(token, "invoice", invoice_id)
        # sudo: the token proves that its holder may see and pay this invoice.
        move_sudo = self.env["account.move"].sudo().browse(invoice_id).exists()
        if not right or move_sudo.move_type != "out_invoice":
            return move_sudo.browse()
        return move_sudo

    @api.model
    def _find_landing(
        self, transaction_id: int, token: str, back: str
    ) -> models.BaseModel:
        """Return the transaction of a landing page in sudo, or none."""
        right = self._is_signed(token, "landing", transaction_id, back)
        # sudo: the token proves that its holder began this payment.
        transactions_sudo = self.env["payment.transaction"].sudo()
        return transactions_sudo.browse(transaction_id if right else None).exists()

    # --------------------------------------------------------------------- limits

    @api.model
    def _is_guessing(self) -> bool:
        """Count a wrong link, and tell whether this address sent too many of them."""
        attempts = self.env["client.hub.access.attempt"]
        return attempts._exceeds([attempts._limit_by_address("pay_link", _WRONG_LINKS)])

    @api.model
    def _is_flooding(self, move: models.BaseModel) -> bool:
        """Count a payment page, and tell whether that is one too many."""
        attempts = self.env["client.hub.access.attempt"]
        return attempts._exceeds(
            [
                attempts._limit_by_address("pay_open", _CHECKOUTS_BY_ADDRESS),
                Limit("pay_document", move.id, _CHECKOUTS_BY_DOCUMENT, HOUR),
            ]
        )
