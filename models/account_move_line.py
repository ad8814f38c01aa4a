from __future__ import annotations

from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # What is open of documents, instalment by instalment.
    _client_hub_open_idx = models.Index(
        "(move_id) INCLUDE (id, date_maturity, amount_residual)"
        " WHERE display_type = 'payment_term' AND amount_residual != 0"
    )
    # What came by the bank without a payment.
    _client_hub_bank_idx = models.Index(
        "(partner_id) WHERE statement_line_id IS NOT NULL"
    )
    # Documents that were reset to draft and stay matched: hardly ever any.
    _client_hub_draft_idx = models.Index(
        "(id) WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )
