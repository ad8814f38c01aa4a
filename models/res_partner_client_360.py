from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.client_360 import FIGURES, NAMES

GROUPS = (
    "account.group_account_invoice,account.group_account_readonly,client_hub.group_user"
)

# In the context where fields are described only, and their SQL is not run.
_DESCRIBED = object()
# The values of NAMES of a client that is not saved yet.
_NOTHING = (*[0.0] * len(FIGURES), "new", "none", "none")


def _searches(name: str) -> Callable[[models.BaseModel, str, Any], Domain]:
    """Return the search method of the figure ``name``."""

    def search(self: models.BaseModel, operator: str, value: Any) -> Domain:
        return self._search_client_figure(name, operator, value)

    return search


def _figure(name: str, string: str, description: str | None = None) -> fields.Monetary:
    """Return a figure: computed, yet searched, sorted and summed by the database."""
    return fields.Monetary(
        string=string,
        compute="_compute_client_figures",
        search=_searches(name),
        currency_field="client_currency_id",
        aggregator="sum",
        groups=GROUPS,
        help=description,
    )


class ResPartner(models.Model):
    """What a client is worth and owes, in the current company and its branches.

    The figures are those of the commercial partner, which a contact shows as well;
    for the database only the commercial partner has them, so that no total, group or
    ranking counts a contact. Nothing is stored: posting an invoice writes no client.
    """

    _inherit = "res.partner"

    client_currency_id = fields.Many2one(
        "res.currency", compute="_compute_client_currency_id", groups=GROUPS
    )
    client_total_invoiced = _figure(
        "client_total_invoiced",
        "Invoiced in Total",
        "Invoices and receipts less credit notes, taxes included.",
    )
    client_total_paid = _figure(
        "client_total_paid",
        "Total Paid",
        "Lifetime value: money really received, less what was paid back.",
    )
    client_outstanding = _figure(
        "client_outstanding",
        "Outstanding",
        "Open on posted documents; open credit notes are deducted.",
    )
    client_overdue = _figure(
        "client_overdue", "Overdue", "The outstanding instalments that are past due."
    )
    client_unapplied = _figure(
        "client_unapplied",
        "Unapplied Credit",
        "Money received that is not yet matched with an invoice.",
    )
    client_not_due = _figure("client_not_due", "Not Due")
    client_overdue_1_30 = _figure("client_overdue_1_30", "1-30 Days")
    client_overdue_31_60 = _figure("client_overdue_31_60", "31-60 Days")
    client_overdue_61_90 = _figure("client_overdue_61_90", "61-90 Days")
    client_overdue_90 = _figure("client_overdue_90", "Over 90 Days")
    client_standing = fields.Selection(
        [
            ("new", "New"),
            ("settled", "Settled"),
            ("credit", "In Credit"),
            ("open", "Open"),
            ("overdue", "Overdue"),
        ],
        string="Standing",
        compute="_compute_client_figures",
        search=_searches("client_standing"),
        groups=GROUPS,
    )

    client_value_band = fields.Selection(
        [
            ("top", "1,000,000 and more"),
            ("high", "100,000 to 1,000,000"),
            ("middle", "10,000 to 100,000"),
            ("low", "1,000 to 10,000"),
            ("small", "Below 1,000"),
            ("none", "Nothing"),
        ],
        string="Lifetime Value",
        compute="_compute_client_figures",
        search=_searches("client_value_band"),
        groups=GROUPS,
    )
    client_ageing_band = fields.Selection(
        [
            ("client_not_due", "Not Due"),
            ("client_overdue_1_30", "1-30 Days"),
            ("client_overdue_31_60", "31-60 Days"),
            ("client_overdue_61_90", "61-90 Days"),
            ("client_overdue_90", "Over 90 Days"),
            ("none", "Nothing Open"),
        ],
        string="Oldest Open",
        compute="_compute_client_figures",
        search=_searches("client_ageing_band"),
        groups=GROUPS,
        help="How long the oldest open instalment is past due.",
    )

    @api.depends_context("company")
    def _compute_client_currency_id(self) -> None:
        self.client_currency_id = self.env.company.currency_id

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_client_figures(self) -> None:
        clients = [partner.commercial_partner_id._origin.id for partner in self]
        figures = self.env["client.hub.figure"]
        found = figures._read(list(dict.fromkeys(filter(None, clients))))
        rows = (found.get(client, _NOTHING) for client in clients)
        for name, values in zip(NAMES, zip(*rows, strict=True), strict=True):
            # As core fills the cache with what it has read: all rows at once.
            self._fields[name]._insert_cache(self, values)

    def _read_format(
        self, fnames: Sequence[str], load: str = "_classic_read"
    ) -> list[dict[str, Any]]:
        """EXTENDS base: hand out the figures of a list all at once.

        Core asks for the groups of the user at each of them, which takes longer than
        to add them up.
        """
        figures = [name for name in fnames if name in NAMES]
        if len(self) < 2 or not figures:
            return super()._read_format(fnames, load)
        try:
            values = {name: self._read_client_figure(name) for name in figures}
        except MissingError:  # core leaves out what was deleted meanwhile
            return super()._read_format(fnames, load)
        others = [name for name in fnames if name not in values]
        rows = super()._read_format(others, load)
        for name, by_id in values.items():
            for row in rows:
                row[name] = by_id[row["id"]]
        return rows

    def _read_client_figure(self, name: str) -> dict[Any, float | str]:
        """Return a figure or band of each record, by its id, with one check of rights.

        :raise AccessError: for users who may not read it
        :raise MissingError: if a record was deleted
        """
        field = self._fields[name]
        self._check_field_access(field, "read")
        cache = field._get_cache(self.env)
        unread = self.browse(id_ for id_ in self._ids if id_ not in cache)
        if unread:
            field.compute_value(unread)
        return {id_: cache[id_] for id_ in self._ids}

    # ----------------------------------------------------------- sorting, grouping

    @api.model
    def fields_get(
        self,
        allfields: Collection[str] | None = None,
        attributes: Collection[str] | None = None,
    ) -> dict[str, dict[str, Any]]:
        """EXTENDS base: describe the figures without a query for each of them.

        Whether a field sorts, groups and sums is found out by making its SQL.
        """
        described = self.with_context(client_hub_figures=_DESCRIBED)
        return super(ResPartner, described).fields_get(allfields, attributes)

    def _field_to_sql(
        self, alias: str, field_expr: str, query: Query | None = None
    ) -> SQL:
        """EXTENDS base: let the database sort, sum and group by the figures."""
        if field_expr not in (*NAMES, "client_currency_id"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # A context that came by RPC holds no such object.
        if self.env.context.get("client_hub_figures") is _DESCRIBED:
            return SQL("NULL")
        figures = self.env["client.hub.figure"]
        if field_expr in NAMES:
            value = figures._field_sql(field_expr, alias, query)
        else:
            value = SQL("%s", self.env.company.currency_id.id)
        return SQL(
            "CASE WHEN %s = %s THEN %s END",
            SQL.identifier(alias, "id"),
            SQL.identifier(alias, "commercial_partner_id"),
            value,
        )
