from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.invoice_archive_sending import close_all, forget_places, take_places

#: downloads that one user, and all users together, may have under way on one machine
MAX_DOWNLOADS_OF_USER = 3
MAX_DOWNLOADS = 50


class ClientHubInvoiceArchiveSending(models.Model):
    """How many downloads may be under way: each takes a process and temporary space."""

    _inherit = "client.hub.invoice.archive"

    @api.model
    @contextmanager
    def _take_places(self) -> Iterator[Sequence[BinaryIO]]:
        """Take the user's place among the downloads under way, and free it on errors.

        :raise UserError: if there is none left
        """
        own = {f"user_{self.env.user.id}": MAX_DOWNLOADS_OF_USER}
        places = take_places(self._get_places_folder(), own | {"all": MAX_DOWNLOADS})
        if places is None:
            raise UserError(
                self.env._(
                    "Other downloads are still under way. Try again when they have"
                    " ended."
                )
            )
        try:
            yield places
        except BaseException:
            close_all(places)
            raise

    @api.model
    def _get_places_folder(self) -> Path:
        """Return where the locked files of the downloads under way stand."""
        return Path(config["data_dir"], "client_hub_downloads", self.env.cr.dbname)

    @api.autovacuum
    def _gc_places(self) -> None:
        """Delete the files of the downloads that have ended."""
        forget_places(self._get_places_folder())
