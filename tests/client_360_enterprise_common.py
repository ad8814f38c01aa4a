"""Payments without a journal entry, as Enterprise makes them."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from .client_360_common import Client360Common


class Client360EnterpriseCommon(Client360Common):
    """Payments without a journal entry, as Enterprise makes them.

    There a payment is only attached to its invoice, which is then *in payment*; the
    residual changes when the bank line is matched with the invoice.
    """

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["account.move"],
                "_get_invoice_in_payment_state",
                lambda _self: "in_payment",
            )
        )
        cls.inbound_payment_method_line.payment_account_id = False
        cls.outbound_payment_method_line.payment_account_id = False

    @classmethod
    def _pay(cls, documents: Any, amount: float | None = None, **vals: Any) -> Any:
        payment = super()._pay(documents, amount, **vals)
        assert not payment.move_id
        assert payment.state == "in_process"
        return payment
