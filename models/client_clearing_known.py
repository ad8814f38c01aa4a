from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .client_clearing import DEPENDS

#: what the names of prepared statements begin with
PREPARED = "client_hub_"


class Known(NamedTuple):
    """What there is in the data of all companies.

    :param clears: payments without a journal entry
    :param frees: documents that were reset to draft and are still matched
    :param prepared: names of our statements that this connection has prepared
    """

    clears: bool = True
    frees: bool = True
    prepared: Collection[str] = ()


class ClientHubClearing(models.AbstractModel):
    """What the data holds, so that queries leave out what would find nothing."""

    _inherit = "client.hub.clearing"

    @property
    def _known(self) -> Known:
        """What the data holds; everything, as long as nobody has looked."""
        known = self.env.context.get("client_hub_known")
        # A context that came by RPC holds no such object.
        return known if isinstance(known, Known) else Known()

    @api.model
    def _with_known(self) -> ClientHubClearing:
        """Return this model, knowing what the data does not hold.

        With Community no payment is without journal entry, and hardly ever is a
        document in draft matched: queries leave out what would find nothing.
        """
        if isinstance(self.env.context.get("client_hub_known"), Known):
            return self
        return self.with_context(client_hub_known=self._look())

    @api.model
    def _look(self) -> Known:
        """Return what the data and the connection hold now, with one query."""
        for model in ("account.payment", "account.move.line"):
            self.env[model].flush_model(DEPENDS[model])
        query = SQL(
            "SELECT EXISTS (SELECT FROM account_payment payment WHERE %s),"
            " EXISTS (SELECT FROM account_move_line draft WHERE %s),"
            " ARRAY(SELECT name FROM pg_prepared_statements WHERE name ^@ %s)",
            self._has_no_entry(),
            self.env["client.hub.bank.receipt"]._is_matched_draft(),
            PREPARED,
        )
        [found] = self.env.execute_query(query)
        return Known(*found)
