from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.statement import AGEING_DAYS, Block, OpenDocument, Period, Row, Statement


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
        """Return the statement of a client, by three queries.

        It asks for no rights: the caller has to.

        :param client: the commercial partner
        :param period: if it ends today, all that is booked counts
        :param companies: whose accounts, with their branches; by default the current
        :param rows: which rows of the accounts, counted over all of them
        :param documents: which open documents, counted over all of them
        :param visible: condition on ``line``, ``move`` and ``partner`` that narrows
            what is shown; never made of what a browser sends
        """
        self._flush()
        is_past = period.last < self.env["client.hub.figure"]._get_today()
        scope = self._get_scope(client, companies or self.env.company, visible)
        scope["until"] = period.last if is_past else None
        blocks = self._read_blocks(self._summary_sql(scope, period))
        if rows.stop != 0:
            query = self._rows_sql(scope, period, *_window(rows))
            self._fill(blocks, "rows", Row, query)
            _number(blocks.values(), rows.start or 0)
        if documents.stop != 0:
            query = self._documents_sql(scope, period.last, *_window(documents))
            self._fill(blocks, "documents", OpenDocument, query)
        return Statement(client, period, is_past, list(blocks.values()))

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
    def _read_blocks(self, query: SQL) -> dict[tuple[int, int], Block]:
        # sudo: portal users know the companies that bill them.
        companies_sudo = self.env["res.company"].sudo()
        currencies = self.env["res.currency"]
        blocks = {}
        for values in self._read_dicts(query):
            key = values.pop("company_id"), values.pop("currency_id")
            company_sudo = companies_sudo.browse(key[0])
            currency = currencies.browse(key[1])
            values["ageing"] = values["ageing"] or [0.0] * len(AGEING_DAYS)
            values["document_count"] = values["document_count"] or 0
            blocks[key] = Block(company_sudo, currency, **values)
        return blocks

    @api.model
    def _read_dicts(self, query: SQL) -> list[dict[str, Any]]:
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    @api.model
    def _fill(self, blocks: dict, name: str, kind: type, query: SQL) -> None:
        for values in self.env.execute_query(query):
            found = kind._make(values)
            getattr(blocks[found.company_id, found.currency_id], name).append(found)


def _number(blocks: Iterable[Block], start: int) -> None:
    """Say how many rows of each account come before the first row that is read."""
    for block in blocks:
        block.row_offset = min(start, block.row_count)
        start -= block.row_offset


def _window(part: slice) -> tuple[int | None, int]:
    """Return LIMIT and OFFSET."""
    start = part.start or 0
    return None if part.stop is None else part.stop - start, start
