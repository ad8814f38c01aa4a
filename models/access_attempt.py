from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.http import request
from odoo.sql_db import BaseCursor
from odoo.tools import SQL

HOUR = 3600
GC_BATCH = 10_000


class Limit(NamedTuple):
    """At most ``number`` attempts of one ``scope`` and ``value`` within ``seconds``."""

    scope: str
    value: object
    number: int
    seconds: int


class ClientHubAccessAttempt(models.Model):
    """Attempts counted in the database, because several workers share the limits.

    An attempt is committed at once, so that no failure undoes it, and only then
    counted: attempts at the same time cannot pass together.
    """

    _name = "client.hub.access.attempt"
    _description = "Portal Access Attempt"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    counts_until = fields.Datetime(required=True, readonly=True)

    _key_idx = models.Index("(key, counts_until)")
    _counts_until_idx = models.Index("(counts_until)")

    @api.model
    def _exceeds(self, limits: Iterable[Limit]) -> bool:
        """Count one attempt, and tell whether it is one too many by any limit."""
        keys = {self._get_key(limit): limit for limit in limits}
        # Cursors of its own: an attempt counts even if what it wanted to do fails.
        with self.env.registry.cursor() as cr:
            if any(self._count(cr, key) >= keys[key].number for key in keys):
                return True
            for key, limit in keys.items():
                self._insert(cr, key, limit)
        with self.env.registry.cursor() as cr:
            return any(self._count(cr, key) > keys[key].number for key in keys)

    @api.model
    def _forget(self, limits: Iterable[Limit]) -> None:
        """Start counting again, after a success."""
        keys = tuple(self._get_key(limit) for limit in limits)
        with self.env.registry.cursor() as cr:
            cr.execute("DELETE FROM client_hub_access_attempt WHERE key IN %s", [keys])

    @api.model
    def _limit_by_address(self, scope: str, number: int, seconds: int = HOUR) -> Limit:
        """Return the limit for the network address of the current request."""
        address = request.httprequest.remote_addr if request else ""
        return Limit(f"ip:{scope}", address, number, seconds)

    @api.model
    def _get_key(self, limit: Limit) -> str:
        # Hashed: neither addresses of mail nor of networks are kept here.
        return self.env["client.hub.access.link"]._hash(limit.scope, str(limit.value))

    @api.model
    def _count(self, cr: BaseCursor, key: str) -> int:
        cr.execute(
            SQL(
                "SELECT count(*) FROM client_hub_access_attempt"
                " WHERE key = %s AND counts_until > %s",
                key,
                fields.Datetime.now(),
            )
        )
        return cr.fetchone()[0]

    @api.model
    def _insert(self, cr: BaseCursor, key: str, limit: Limit) -> None:
        cr.execute(
            SQL(
                "INSERT INTO client_hub_access_attempt (key, counts_until)"
                " VALUES (%s, %s)",
                key,
                fields.Datetime.now() + timedelta(seconds=limit.seconds),
            )
        )

    @api.autovacuum
    def _gc(self) -> tuple[int, int]:
        """Forget attempts that count no more."""
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM client_hub_access_attempt WHERE id IN ("
                "SELECT id FROM client_hub_access_attempt WHERE counts_until < %s"
                " LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
                fields.Datetime.now(),
                GC_BATCH,
            )
        )
        self.env.invalidate_all(flush=False)
        return len(rows), int(len(rows) == GC_BATCH)
