from __future__ import annotations

from typing import Any

from odoo import api, fields, models

from ..tools import identifier as identifier_tools

# Modules of some countries fill these with the VAT number, or with its digits.
VAT_COPIES = ("company_registry", "peppol_endpoint")


class ResPartner(models.Model):
    _inherit = "res.partner"

    client_identifier_ids = fields.One2many(
        "client.hub.identifier",
        "partner_id",
        string="Tax and Legal Identifiers",
        groups="base.group_user",
    )
    client_core_identifiers = fields.Char(
        string="Core Numbers",
        compute="_compute_client_core_identifiers",
        groups="base.group_user",
        help="The VAT number and company registry, shown with the further identifiers.",
    )
    client_profile_missing = fields.Char(
        string="Missing for Invoicing",
        compute="_compute_client_profile_missing",
        groups="base.group_user",
        help="What must still be filled in before this client can be invoiced with "
        "one click.",
    )

    @api.depends("vat", "vat_label", "company_registry", "company_registry_label")
    def _compute_client_core_identifiers(self) -> None:
        for partner in self:
            rows = [
                (partner.vat_label or self.env._("Tax ID"), partner.vat),
                (partner.company_registry_label, partner.company_registry),
            ]
            partner.client_core_identifiers = (
                " · ".join(f"{label}: {number}" for label, number in rows if number)
                or False
            )

    @api.depends(
        "email",
        "street",
        "city",
        "zip",
        "state_id",
        "country_id",
        "is_company",
        "vat",
        "company_registry",
        "property_payment_term_id",
        "client_identifier_ids.scheme",
        "child_ids.type",
        "child_ids.email",
        "child_ids.street",
    )
    @api.depends_context("company", "lang")
    def _compute_client_profile_missing(self) -> None:
        clients = self.commercial_partner_id | self
        billing_by_client = clients._get_client_billing_contacts()
        for partner in self:
            client = partner._get_client()
            gaps = client._get_client_profile_gaps(billing_by_client[client])
            partner.client_profile_missing = ", ".join(gaps) or False

    def _get_client(self) -> ResPartner:
        """Return the commercial partner, in a form as it is being filled in."""
        self.ensure_one()
        client = self.commercial_partner_id
        return self if client in (self._origin, self.browse()) else client

    def _get_client_profile_gaps(self, billing: ResPartner) -> list[str]:
        """Return the names of what a client still lacks to be invoiced.

        Extend it to ask for more: add translated names to the list.

        :param billing: the contact that invoices are addressed to
        """
        self.ensure_one()
        # Core mails an invoice to that contact alone, never to its company.
        gaps = [] if billing.email else ["email"]
        gaps += billing._get_client_address_gaps()
        gaps += [] if self.property_payment_term_id else ["property_payment_term_id"]
        names = [self._fields[name]._description_string(self.env) for name in gaps]
        return names + self._get_client_identifier_gaps()

    def _get_client_billing_contacts(self) -> dict[ResPartner, ResPartner]:
        """Map each client to the contact that its invoices are addressed to.

        That is the first contact of the type Invoice, else the client itself; one
        query for all, because lists of clients show what is missing.
        """
        contacts = self.search(
            [("parent_id", "in", self._origin.ids), ("type", "=", "invoice")]
        ).grouped("parent_id")
        return {client: contacts.get(client._origin, client)[:1] for client in self}

    def _get_client_address_gaps(self) -> list[str]:
        self.ensure_one()
        required = ["street", "city", "country_id"]
        if self.country_id.zip_required:
            required.append("zip")
        if self.country_id.state_required:
            required.append("state_id")
        return [name for name in required if not self[name]]

    def _get_client_identifier_gaps(self) -> list[str]:
        """Return the identifiers a company of this country usually has, but not here.

        One of each category is enough, and core's own fields count: the VAT number
        as every tax number, the company registry as every register number.
        """
        self.ensure_one()
        if not self.is_company or not self.country_id:
            return []
        keys = set(self.client_identifier_ids.mapped("scheme"))
        schemes = identifier_tools.schemes_for(self.country_id.code)
        national = [scheme for scheme in schemes if scheme.country]
        held = {scheme.category for scheme in national if scheme.key in keys}
        held |= {"vat", "tax"} if self.vat else set()
        held |= {"register"} if self.company_registry else set()
        gaps: dict[str, str] = {}
        for scheme in national:
            if scheme.usual and scheme.category not in held:
                gaps.setdefault(scheme.category, self.env._(scheme.label))
        return list(gaps.values())

    def create_company(self) -> bool:
        """EXTENDS base: the company made of a contact takes the identifiers along."""
        # sudo: who may make a company of a contact need not manage identifiers.
        lines_sudo = self.sudo().client_identifier_ids
        result = super().create_company()
        lines_sudo.partner_id = self.commercial_partner_id
        return result

    def action_client_new_invoice(self) -> dict[str, Any]:
        """Open a new customer invoice with this client filled in."""
        self.ensure_one()
        client = self.commercial_partner_id
        billing = client._get_client_billing_contacts()[client]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Invoice"),
            "res_model": "account.move",
            "views": [(False, "form")],
            "context": {
                "default_move_type": "out_invoice",
                "default_partner_id": billing.id,
            },
        }

    def _get_client_identifier_snapshot(self) -> dict[str, Any]:
        """Return what a document of this client prints today.

        :return: ``{"vat": str, "lines": [{"scheme", "label", "number"}, ...]}``;
            lines equal to the VAT number are left out, because core prints it
        """
        self.ensure_one()
        vat = self.vat or ""
        # sudo: whoever may print a document of the client prints all of it, also a
        # user without access to the record of the parent company.
        lines_sudo = self.commercial_partner_id.sudo().client_identifier_ids
        printed_sudo = lines_sudo.filtered(
            lambda line: line.print_on_documents and not line._repeats_vat(vat)
        )
        return {"vat": vat, "lines": printed_sudo._to_snapshot()}

    def _get_client_vat_values(self, vat: str) -> dict[str, str | bool]:
        """Return the fields that would read differently if this were the VAT number.

        :param vat: the other number; empty for none
        """
        self.ensure_one()
        today = identifier_tools.comparable(self.vat or "")
        other = identifier_tools.comparable(vat)
        values = {"vat": vat or False}
        for name in VAT_COPIES:
            copied = identifier_tools.comparable(self._fields.get(name) and self[name])
            if copied and copied == today:
                values[name] = other or False
            elif copied and copied == today[2:]:
                values[name] = other.removeprefix(today[:2]) or False
        return values

    def _forget_client_vat_values(self) -> None:
        """Make the fields around the VAT number be read from the database again."""
        names = [
            name
            for name, field in self._fields.items()
            if name == "vat"
            or name in VAT_COPIES
            or not (field.store or field.relational)
        ]
        self.invalidate_recordset(names, flush=False)
