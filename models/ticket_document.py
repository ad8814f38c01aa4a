from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClientHubTicket(models.Model):
    """The documents that a ticket is about: always those of its own client."""

    _inherit = "client.hub.ticket"

    invoice_id = fields.Many2one(
        "account.move",
        domain="[('commercial_partner_id', '=', commercial_partner_id),"
        " ('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt'))]",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    invoice_line_id = fields.Many2one(
        "account.move.line",
        domain="[('move_id', '=', invoice_id), ('display_type', '=', 'product')]",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Estimate or Order",
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )

    @api.constrains("partner_id", "invoice_id", "invoice_line_id", "sale_order_id")
    def _check_documents(self) -> None:
        for ticket in self:
            # sudo: whoever answers tickets may not read every document.
            ticket_sudo = ticket.sudo()
            line_sudo = ticket_sudo.invoice_line_id
            if line_sudo and line_sudo.move_id != ticket_sudo.invoice_id:
                raise ValidationError(
                    self.env._("Invoice Line: choose a line of the linked invoice.")
                )
            owners_sudo = (
                ticket_sudo.invoice_id.commercial_partner_id
                | ticket_sudo.sale_order_id.partner_id.commercial_partner_id
            )
            if owners_sudo - ticket_sudo.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Invoice, Estimate or Order: choose documents of the client"
                        " that the ticket belongs to."
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_id(self) -> None:
        # sudo: whoever answers tickets may not read every document.
        ticket_sudo = self.sudo()
        client_sudo = ticket_sudo.commercial_partner_id
        if ticket_sudo.invoice_id.commercial_partner_id != client_sudo:
            self.invoice_id = self.invoice_line_id = False
        owner_sudo = ticket_sudo.sale_order_id.partner_id.commercial_partner_id
        if owner_sudo != client_sudo:
            self.sale_order_id = False

    @api.onchange("invoice_id")
    def _onchange_invoice_id(self) -> None:
        # sudo: see above.
        if self.sudo().invoice_line_id.move_id != self.sudo().invoice_id:
            self.invoice_line_id = False
