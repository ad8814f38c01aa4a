"""What Odoo does not clean up by itself when the add-on is uninstalled."""

from __future__ import annotations

from odoo import api

from .models.ticket import SEQUENCE


def uninstall_hook(env: api.Environment) -> None:
    """Delete the sequences of tickets: each company's was made when it was needed."""
    sequences = env["ir.sequence"].with_context(active_test=False)
    sequences.search([("code", "=", SEQUENCE)]).unlink()
