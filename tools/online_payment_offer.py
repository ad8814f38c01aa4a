"""What a client is offered to pay online; without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from .online_payment_amounts import ALL, Item, Option, from_units, sort

if TYPE_CHECKING:
    from odoo import models


@dataclass(frozen=True)
class Offer:
    """What one payment can settle: one company, currency and receivable account.

    :param partner: who pays
    :param lines: the open items as the ledger has them, credits included
    :param items: the same as they are computed with
    :param options: the ways to pay, everything last; never empty
    :param today: the day of the company for which all of this holds
    """

    company: models.BaseModel
    partner: models.BaseModel
    currency: models.BaseModel
    account: models.BaseModel
    lines: models.BaseModel
    items: list[Item]
    options: list[Option]
    today: date

    @property
    def key(self) -> str:
        """What tells this payment from the others of a client, for a form."""
        return f"{self.company.id}-{self.currency.id}-{self.account.id}"

    @property
    def moves(self) -> models.BaseModel:
        """The documents, credits included."""
        return self.lines.move_id

    @property
    def total(self) -> float:
        """What is to be paid for everything, in the currency."""
        return self.amount_of(self.options[-1])

    @property
    def preferred(self) -> str:
        """The choice that is offered first: what is due, or else comes next."""
        return self.options[0].choice

    @property
    def has_choice(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.options) > 1 or self.company.client_hub_pay_partial

    def amount_of(self, option: Option) -> float:
        """Return what is to be paid with an option, in the currency."""
        return from_units(option.total, self.currency.decimal_places)

    def discount_of(self, option: Option) -> float:
        """Return which discount an option contains, in the currency."""
        return from_units(option.discount, self.currency.decimal_places)

    def get_option(self, choice: str) -> Option:
        """Return the option of a choice; all choices that are the same are one."""
        found = {option.choice: option for option in self.options}
        return found.get(choice) or found[ALL]

    def get_labels(self) -> list[str]:
        """Return the numbers of the documents, what is due first first."""
        return [*dict.fromkeys(item.label for item in sort(self.items))]

    def units_by_document(self) -> dict[int, int]:
        """Return what each document adds to a payment, in units; credits negative."""
        units: dict[int, int] = {}
        for item in self.items:
            amount = item.amount - (item.discount if item.amount > 0 else 0)
            units[item.document] = units.get(item.document, 0) + amount
        return units


@dataclass
class Offers:
    """What can be paid of what was chosen, and why some of it cannot.

    :param refused: key of the reason by id of the document, see
        ``client.hub.online.payment._get_reasons``
    """

    offers: list[Offer] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    def get_documents(self) -> list[int]:
        """Return the documents that can be paid or set off."""
        found = (item.document for offer in self.offers for item in offer.items)
        return [*dict.fromkeys(found)]
