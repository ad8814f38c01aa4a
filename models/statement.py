from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.statement import Block, Period, Statement


class ClientHubStatement(models.AbstractModel):
    """The account of a client: the one source of page, PDF, spreadsheet and mail."""

    _name = "client.hub.statement"
    _description = "Account Statement"

    @api.model
    def _get(
        self,
        client: Any,
        period: Period,
        companies: Any = None,
        *,
        rows: slice = slice(None),
        documents: slice = slice(None),
        visible: SQL | None = None,
    ) -> Statement:
        """Return the statement of a client, by one query.

        It asks for no rights: the caller has to.

        :param client: the commercial partner
        :param period: if it ends today, all that is booked counts
        :param companies: whose accounts, with their branches; by default the current
        :param rows: which rows of the accounts, counted over all of them
        :param documents: which open documents, counted over all of them
        :param visible: condition on ``line`` and ``move`` that narrows what is shown;
            never made of what a browser sends
        """
        self._flush()
        is_past = period.last < self.env["client.hub.figure"]._get_today()
        scope = self._get_scope(client, companies or self.env.company, visible)
        scope["until"] = period.last if is_past else None
        blocks = self._read_blocks(self._accounts_sql(scope, period, rows, documents))
        _number(blocks, rows.start or 0)
        return Statement(client, period, is_past, blocks)

    @api.model
    def _get_scope(
        self, client: Any, companies: Any, visible: SQL | None
    ) -> dict[str, Any]:
        """Return whose entries are read; see :meth:`_entries_sql`."""
        return {
            "client_id": client.id,
            "ledgers": self._get_ledgers(companies),
            "visible": visible,
        }

    @api.model
    def _get_ledgers(self, companies: Any) -> dict[int, int]:
        """Map companies with their branches to the topmost company among ``companies``.

        That is the company whose account it is.
        """
        figures = self.env["client.hub.figure"]
        # sudo: a company and its branches are one ledger, whoever looks.
        companies_sudo = companies.sudo()
        tops = companies_sudo.filtered(
            lambda company: not company.parent_ids[:-1] & companies_sudo
        )
        return {
            branch_id: top.id
            for top in tops
            for branch_id in figures._get_branch_ids(top.id)
        }

    @api.model
    def _read_blocks(self, query: SQL) -> list[Block]:
        # sudo: portal users know the companies that bill them.
        companies_sudo = self.env["res.company"].sudo()
        currencies = self.env["res.currency"]
        self.env.cr.execute(query)
        return [
            Block.from_values(
                companies_sudo.browse(values.pop("company_id")),
                currencies.browse(values.pop("currency_id")),
                values,
            )
            for values in self.env.cr.dictfetchall()
        ]


def _number(blocks: Iterable[Block], start: int) -> None:
    """Say how many rows of each account come before the first row that is read."""
    for block in blocks:
        block.row_offset = min(start, block.row_count)
        start -= block.row_offset
