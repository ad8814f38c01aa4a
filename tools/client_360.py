"""What each figure of a client sums, without a database."""

from __future__ import annotations

from typing import NamedTuple

INVOICES = "account.move"
MONEY = "client.hub.money.received"
OPEN_ITEMS = "client.hub.open.item"


class Figure(NamedTuple):
    """A sum over the rows of one source.

    :param source: model whose rows are summed
    :param column: summed column of the source
    :param first_day: only rows that are so many days past due, or more
    :param last_day: only rows that are so many days past due, or less
    """

    source: str
    column: str = "amount"
    first_day: int | None = None
    last_day: int | None = None

    def due_bounds(self) -> list[tuple[str, int]]:
        """Return what the due date of the rows is compared with, by which operator.

        :return: days before today; empty if every row counts
        """
        bounds = ((">=", self.last_day), ("<=", self.first_day))
        return [(operator, days) for operator, days in bounds if days is not None]


# A document is overdue from the day after its due date.
AGEING = {
    "client_not_due": Figure(OPEN_ITEMS, last_day=0),
    "client_overdue_1_30": Figure(OPEN_ITEMS, first_day=1, last_day=30),
    "client_overdue_31_60": Figure(OPEN_ITEMS, first_day=31, last_day=60),
    "client_overdue_61_90": Figure(OPEN_ITEMS, first_day=61, last_day=90),
    "client_overdue_90": Figure(OPEN_ITEMS, first_day=91),
}
FIGURES = {
    "client_total_invoiced": Figure(INVOICES),
    "client_total_paid": Figure(MONEY),
    "client_unapplied": Figure(MONEY, "unapplied"),
    "client_outstanding": Figure(OPEN_ITEMS),
    "client_overdue": Figure(OPEN_ITEMS, first_day=1),
    **AGEING,
}
SOURCES = (INVOICES, MONEY, OPEN_ITEMS)
# What clients are grouped by, and the sources it is made of.
BANDS = {
    "client_standing": SOURCES,
    "client_value_band": (MONEY,),
    "client_ageing_band": (OPEN_ITEMS,),
}
NAMES = (*FIGURES, *BANDS)
# Bands of lifetime value with their lower bounds in company currency, highest first.
VALUE_BANDS = (
    ("top", 1_000_000),
    ("high", 100_000),
    ("middle", 10_000),
    ("low", 1_000),
    ("small", 0.01),
)


def sources_of(name: str) -> tuple[str, ...]:
    """Return the models whose rows a figure or band is made of."""
    return BANDS[name] if name in BANDS else (FIGURES[name].source,)
