from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import access_link as link_tools
from .access_attempt import Limit

if TYPE_CHECKING:
    from .access_link import ClientHubAccessLink

MINUTES = 10
TRIES = 5
# Wrong codes of a link count for that long, however many codes are asked for.
TRIES_SECONDS = 365 * 24 * 3600
PURPOSES = [("entry", "Entry"), ("change", "Change")]


class ClientHubAccessCode(models.Model):
    """The one-time code of a link: to enter without its secret, or to change data.

    The code itself exists only in the mail, and is made when that is handed over.
    """

    _name = "client.hub.access.code"
    _description = "One-Time Code"

    link_id = fields.Many2one(
        "client.hub.access.link", required=True, readonly=True, ondelete="cascade"
    )
    purpose = fields.Selection(PURPOSES, required=True, readonly=True)
    code_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    valid_until = fields.Datetime(readonly=True)

    _link_unique = models.UniqueIndex("(link_id, purpose)")

    @api.model
    def _of(self, link: ClientHubAccessLink, purpose: str) -> ClientHubAccessCode:
        """Return the row of a link in sudo; it holds no code before one is mailed."""
        # sudo: visitors have no rights; the code that was mailed decides.
        self_sudo = self.sudo()
        vals = {"link_id": link.id, "purpose": purpose}
        found_sudo = self_sudo.search(
            [(name, "=", value) for name, value in vals.items()]
        )
        return found_sudo or self_sudo.create(vals)

    def _renew(self) -> str:
        """Return a new code, of which the hash is kept; the old one is void.

        It is written on a cursor of its own: the code works when the mail arrives.
        """
        self.ensure_one()
        code = link_tools.new_code()
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE client_hub_access_code SET code_hash = %s, valid_until = %s"
                    " WHERE id = %s",
                    self._hash(code),
                    fields.Datetime.now() + timedelta(minutes=MINUTES),
                    self.id,
                )
            )
        self.invalidate_recordset(["code_hash", "valid_until"], flush=False)
        return code

    def _check(self, typed: str) -> bool:
        """Tell whether this is the code, which then is void; five tries in all."""
        self.ensure_one()
        if self.env["client.hub.access.attempt"]._exceeds([self._get_limit()]):
            return False
        code = link_tools.clean_code(typed)
        right = link_tools.equal(self._hash(code), self.code_hash)
        if not (right and code and self.valid_until > fields.Datetime.now()):
            return False
        self.code_hash = False
        self.env["client.hub.access.attempt"]._forget([self._get_limit()])
        return True

    def _get_limit(self) -> Limit:
        return Limit(f"code:{self.purpose}", self.link_id.id, TRIES, TRIES_SECONDS)

    def _hash(self, code: str) -> str:
        owner = f"{self.purpose}:{self.link_id.selector}"
        return self.env["client.hub.access.link"]._hash(owner, code)
