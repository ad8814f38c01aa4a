from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.identifier import comparable
from ..tools.identifier_schemes import SCHEMES

# Category codes of the OCA satellites, besides those equal to a scheme key.
CATEGORY_SCHEMES = {"gln_id_number": "EAN_GLN", "eori": "EORI", "duns": "DUNS"}


class ClientHubIdentifierTakeover(models.TransientModel):
    """Take over the numbers kept by OCA's ``partner_identification``."""

    _name = "client.hub.identifier.takeover"
    _description = "Take Over Identifiers"

    count = fields.Integer(string="Numbers Found", compute="_compute_count")
    report = fields.Text(readonly=True)

    @api.depends_context("uid")
    def _compute_count(self) -> None:
        self.count = len(self._get_sources())

    @api.model
    def _get_sources(self) -> models.BaseModel | list[Any]:
        """Return the OCA records to take over, nothing where it is not installed."""
        if "res.partner.id_number" not in self.env:
            return []
        return self.env["res.partner.id_number"].search([("name", "!=", False)])

    def action_take_over(self) -> dict[str, Any]:
        """Copy every number that is not here yet; nothing of OCA's is changed.

        A number that its scheme refuses is reported, not lost: it stays where it is.
        """
        self.ensure_one()
        taken, problems = 0, []
        for source in self._get_sources():
            try:
                taken += self._take_over(source)
            except ValidationError as error:
                problems.append(f"{source.partner_id.display_name}: {error.args[0]}")
        self.report = "\n".join(
            [self.env._("Numbers taken over: %s", taken), *problems]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _take_over(self, source: models.BaseModel) -> bool:
        """Create the line of one OCA record; False if the client has it already.

        :raise ValidationError: if the number is not one of its scheme, or belongs to
            a person whose company is the client
        """
        vals = self._prepare_identifier_vals(source)
        client = source.partner_id.commercial_partner_id
        if vals["scheme"] == "OTHER" and client != source.partner_id:
            raise ValidationError(
                self.env._(
                    "%(category)s is a number of a person, not of the company.",
                    category=source.category_id.display_name,
                )
            )
        lines = self.env["client.hub.identifier"]
        number = lines.new(vals)._prepare_normalised_vals()["number"]
        held = client.client_identifier_ids.filtered_domain(
            [("scheme", "=", vals["scheme"]), ("number_key", "=", comparable(number))]
        )
        if not held:
            lines.create(vals)
        return not held

    @api.model
    def _prepare_identifier_vals(self, source: models.BaseModel) -> dict[str, Any]:
        """Return the values of the line that stands for one OCA record.

        Extend it to map categories of your own to schemes.
        """
        code = (source.category_id.code or "").strip()
        scheme = CATEGORY_SCHEMES.get(code.lower(), code.upper())
        known = scheme in SCHEMES and scheme != "OTHER"
        return {
            "partner_id": source.partner_id.id,
            "scheme": scheme if known else "OTHER",
            "label": False if known else source.category_id.name,
            "number": source.name,
            # Numbers of unknown categories may be private, such as a passport's.
            "print_on_documents": known and source.status != "close",
        }
