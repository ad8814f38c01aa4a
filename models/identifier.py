from __future__ import annotations

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import identifier as identifier_tools
from ..tools.identifier import IdentifierError
from ..tools.identifier_remedies import REMEDIES
from ..tools.identifier_schemes import SCHEMES

OTHER = "OTHER"


class ClientHubIdentifier(models.Model):
    """A number by which an authority or registry knows a client.

    The VAT number and the company registry of ``res.partner`` stay core's fields;
    lines hold whatever else must be on the client's documents. Schemes come from
    the table in ``tools/identifier_schemes.py``.
    """

    _name = "client.hub.identifier"
    _description = "Client Identifier"
    _order = "partner_id, sequence, id"
    _rec_name = "number"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, ondelete="cascade", index=True
    )
    country_id = fields.Many2one(
        "res.country",
        help="The country that issued the number; empty means the client's country.",
    )
    scheme = fields.Selection(selection="_selection_scheme", required=True)
    label = fields.Char(help="Printed before a number of the scheme Other.")
    number = fields.Char(required=True)
    number_key = fields.Char(
        compute="_compute_number_key",
        store=True,
        help="The number without formatting, by which equal ones are found.",
    )
    print_on_documents = fields.Boolean(
        string="Print",
        default=True,
        help="Print this number in the address block of the client's documents.",
    )
    sequence = fields.Integer(default=10)
    available_schemes = fields.Char(compute="_compute_available_schemes")

    _unique_number = models.UniqueIndex(
        "(partner_id, scheme, number_key)",
        "Number: this client already has this number in this scheme.",
    )

    @api.model
    def _selection_scheme(self) -> list[tuple[str, str]]:
        """Return every scheme with its label, national ones led by the country code."""
        return [
            (
                key,
                f"{scheme.country} · {self.env._(scheme.label)}"
                if scheme.country
                else self.env._(scheme.label),
            )
            for key, scheme in SCHEMES.items()
        ]

    @api.depends("number")
    def _compute_number_key(self) -> None:
        for line in self:
            line.number_key = identifier_tools.comparable(line.number or "")

    @api.depends("country_id", "partner_id.country_id")
    def _compute_available_schemes(self) -> None:
        for line in self:
            country = line.country_id or line.partner_id.country_id
            schemes = identifier_tools.schemes_for(country.code)
            line.available_schemes = ",".join(scheme.key for scheme in schemes)

    @api.depends("scheme", "number", "label")
    @api.depends_context("lang")
    def _compute_display_name(self) -> None:
        for line in self:
            if line.scheme and line.number:
                line.display_name = f"{line._get_label()}: {line._get_printed_number()}"
            else:
                line.display_name = self.env._("New identifier")

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> ClientHubIdentifier:
        lines = super().create(vals_list)
        lines._normalise()
        return lines

    def write(self, vals: dict[str, Any]) -> bool:
        result = super().write(vals)
        if vals.keys() & {"partner_id", "country_id", "scheme", "label", "number"}:
            self._normalise()
        return result

    def _normalise(self) -> None:
        """Bring lines to the stored form, or refuse them.

        A line belongs to the commercial partner, a national scheme remembers its
        country (a later move of the client must not make old lines wrong), and the
        number is stored as the scheme writes it.

        :raise ValidationError: naming the field and the remedy
        """
        for line in self:
            vals = line._prepare_normalised_vals()
            changed = {
                name: value for name, value in vals.items() if value != line[name]
            }
            if changed:
                # Not line.write(): it would come back here, one query a line.
                models.Model.write(line, line._convert_to_write(changed))
        self._check_duplicates()
        self.flush_recordset(["partner_id", "scheme", "number_key"])

    def _prepare_normalised_vals(self) -> dict[str, Any]:
        self.ensure_one()
        if self.scheme not in SCHEMES:
            raise ValidationError(self._get_error_message("unknown_scheme"))
        label = self._validate_label()
        client = self.partner_id.commercial_partner_id
        country = self.country_id or client.country_id
        scheme = SCHEMES[self.scheme]
        number = self._validate_number(country.code)
        return {
            "partner_id": client,
            "country_id": country if scheme.country else self.country_id,
            "label": label,
            "number": number,
        }

    def _validate_label(self) -> str | bool:
        self.ensure_one()
        label = " ".join((self.label or "").split())
        if self.scheme != OTHER:
            return False
        if not label:
            raise ValidationError(
                self.env._(
                    "Label: a number of the scheme Other needs a label of its own, "
                    "which is printed before it."
                )
            )
        if len(label) > identifier_tools.MAX_LENGTH:
            raise ValidationError(
                self.env._("Label: it is longer than 64 characters. Shorten it.")
            )
        return label

    def _validate_number(self, country_code: str | None) -> str:
        self.ensure_one()
        scheme = SCHEMES[self.scheme]
        if scheme.country and not country_code:
            raise ValidationError(
                self.env._(
                    "Country: %(scheme)s is a national number. Set the country on the "
                    "line or on the client %(client)s.",
                    scheme=self.env._(scheme.label),
                    client=self.partner_id.display_name,
                )
            )
        try:
            return identifier_tools.validate(self.scheme, self.number, country_code)
        except IdentifierError as error:
            raise ValidationError(self._get_error_message(error.reason)) from error

    def _get_error_message(self, reason: str) -> str:
        """Return what is wrong with the number and what to do, for a person."""
        self.ensure_one()
        field = "scheme" if reason in ("country", "unknown_scheme") else "number"
        return self.env._(
            "%(field)s: %(remedy)s (%(scheme)s “%(number)s”)",
            field=self._fields[field]._description_string(self.env),
            remedy=self.env._(REMEDIES[reason]),
            scheme=self._get_label(),
            number=(self.number or "")[:64],
        )

    def _check_duplicates(self) -> None:
        """Refuse a second line of one client with the same scheme and number.

        The unique index closes the race between two requests; this check exists to
        say in words which client and number it is.
        """
        # Not a search: it would first store the lines, and stumble over the index.
        query = SQL(
            "SELECT partner_id, scheme, number_key FROM %s "
            "WHERE partner_id = ANY(%s) AND id != ALL(%s)",
            SQL.identifier(self._table),
            self.partner_id.ids,
            self.ids,
        )
        seen = set(self.env.execute_query(query))
        for line in self:
            key = (line.partner_id.id, line.scheme, line.number_key)
            if key in seen:
                raise ValidationError(
                    self.env._(
                        "Number: %(client)s already has %(identifier)s. Change that "
                        "line instead of adding a second one.",
                        client=line.partner_id.display_name,
                        identifier=line.display_name,
                    )
                )
            seen.add(key)

    def _repeats_vat(self, vat: str) -> bool:
        """Tell whether this is the VAT number, which core prints itself.

        Core also takes that number without the letters of its country.
        """
        self.ensure_one()
        if self.number_key == identifier_tools.comparable(vat):
            return True
        try:
            same = identifier_tools.normalise(self.scheme, vat) == self.number
        except IdentifierError:
            return False
        return same and SCHEMES[self.scheme].category == "vat"

    def _get_label(self) -> str:
        """Return the term printed before the number, in the language of ``env``."""
        self.ensure_one()
        return self._translate_label(self.scheme, self.label)

    @api.model
    def _translate_label(self, scheme_key: str, own_label: str | None) -> str:
        if scheme_key == OTHER and own_label:
            return own_label
        scheme = SCHEMES.get(scheme_key)
        return self.env._(scheme.label) if scheme else scheme_key

    def _get_printed_number(self) -> str:
        self.ensure_one()
        return identifier_tools.display(self.scheme, self.number)

    def _to_snapshot(self) -> list[dict[str, str]]:
        """Return the lines as plain data, fit to be frozen on a document."""
        return [
            {
                "scheme": line.scheme,
                "label": line.label or "",
                "number": line._get_printed_number(),
            }
            for line in self
        ]

    @api.model
    def _get_vat_row(self, vat: str, company: models.BaseModel) -> dict[str, str]:
        """Return the row of a VAT number that core does not print itself.

        The label is the one core prints: that of the country the company files in.
        """
        country = company.account_fiscal_country_id
        generic = self.env["res.partner"]._fields["vat"]._description_string(self.env)
        return {"label": country.vat_label or generic, "number": vat}

    @api.model
    def _from_snapshot(self, lines: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return frozen lines as ``{"label", "number"}`` in the language of ``env``.

        A scheme that a later version no longer knows still prints, under its key:
        a posted document must never lose a number.
        """
        return [
            {
                "label": self._translate_label(line["scheme"], line["label"]),
                "number": line["number"],
            }
            for line in lines
        ]
