from __future__ import annotations

from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

PREFIX = "client_placeholder_"
# The neutral address of a document: it names no secret, and asks who comes.
PORTAL_PATH = "/my/access/document/%s/%s"


class _Placeholder:
    """A field that reads its value out of ``client_placeholders``.

    Were each of them computed, then at every change of a document Odoo would look
    whether it has to be computed anew: that made posting and paying slower.
    """

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None or len(record) != 1:
            return super().__get__(record, owner)
        record._check_field_access(self, "read")
        # sudo: the document is read as whoever sends it; its client and salesperson
        # need not be readable to be named.
        values = record.sudo().client_placeholders or {}
        value = values.get(self.name.removeprefix(PREFIX))
        return self.convert_to_record(value, record)


class PlaceholderChar(_Placeholder, fields.Char):
    """A placeholder that is a text."""


class PlaceholderHtml(_Placeholder, fields.Html):
    """A placeholder that is put out as it is."""


def placeholder(
    label: str, field: type[fields.Field] = PlaceholderChar, **options: Any
) -> fields.Field:
    """Return one value of a document, as text that an e-mail can hold."""
    return field(
        string=label,
        store=False,
        readonly=True,
        groups="base.group_user",
        exportable=False,
        **options,
    )


class ClientHubPlaceholder(models.AbstractModel):
    """What an e-mail about a document may name: texts in the language of the e-mail.

    A model inherits this, names in :meth:`_get_client_placeholders` those that it has,
    and gives their values in :meth:`_get_client_placeholder_values`.
    """

    _name = "client.hub.placeholder"
    _description = "Placeholders of E-mails"

    client_placeholder_client = placeholder("Name of Client")
    client_placeholder_contact = placeholder("Name of Contact")
    client_placeholder_number = placeholder("Document Number")
    client_placeholder_date = placeholder("Document Date")
    client_placeholder_due_date = placeholder("Due On")
    client_placeholder_expiry_date = placeholder("Valid Until")
    client_placeholder_amount = placeholder("Total Amount")
    client_placeholder_open_amount = placeholder("Amount Still Open")
    client_placeholder_overdue_amount = placeholder("Amount Overdue")
    client_placeholder_invoices = placeholder("Invoices It Pays")
    client_placeholder_reference = placeholder("Client's Reference")
    client_placeholder_salesperson = placeholder("Name of Salesperson")
    client_placeholder_company = placeholder("Our Company")
    client_placeholder_link = placeholder(
        "Link to the Portal", PlaceholderHtml, sanitize=False
    )
    client_placeholders = fields.Json(
        compute="_compute_client_placeholders",
        compute_sudo=True,
        groups=fields.NO_ACCESS,
        exportable=False,
    )

    # ---------------------------------------------------------------- which

    @api.model
    def _get_client_placeholders(self) -> tuple[str, ...]:
        """Return the short names of the placeholders of this model, in their order.

        Extend it with a ``client_placeholder_<name>`` field of your own, made by
        :func:`placeholder`.
        """
        return ("client", "contact", "salesperson", "company", "link")

    @api.model
    def _get_client_placeholder_labels(self) -> dict[str, str]:
        """Map the fields of the placeholders to their names in the user's language."""
        names = [PREFIX + key for key in self._get_client_placeholders()]
        return {
            name: self._fields[name]._description_string(self.env) for name in names
        }

    @api.model
    def mail_allowed_qweb_expressions(self) -> tuple[str, ...]:
        """EXTENDS mail: let every author of e-mails use the placeholders."""
        names = self._get_client_placeholders()
        return (
            *super().mail_allowed_qweb_expressions(),
            *(f"object.{PREFIX}{name}" for name in names),
        )

    # ---------------------------------------------------------------- values

    @api.depends_context("lang", "company")
    def _compute_client_placeholders(self) -> None:
        for record in self:
            values = record._get_client_placeholder_values()
            record.client_placeholders = {
                name: value for name, value in values.items() if value
            }

    def _get_client_placeholder_values(self) -> dict[str, str | Markup]:
        """Return what each placeholder says of this record, by its short name.

        Dates and amounts are texts in the language of the environment; what is missing
        is left out. Everything but the link is escaped where it is put out.
        """
        self.ensure_one()
        partner = self._get_client_placeholder_partner()
        client = partner.commercial_partner_id
        return {
            "client": client.name,
            "contact": partner.name or client.name,
            "company": self._get_client_placeholder_company().name,
            "link": self._get_client_portal_link(),
        }

    def _get_client_placeholder_partner(self) -> models.BaseModel:
        """Return the client, or the contact of the client, that is written to."""
        return self.partner_id

    def _get_client_placeholder_company(self) -> models.BaseModel:
        """Return the company of ours that writes."""
        return self.company_id or self.env.company

    def _format_client_date(self, value: date | datetime | None) -> str:
        """Return a day, of a moment that of the company, in the e-mail's language."""
        if isinstance(value, datetime):
            company = self._get_client_placeholder_company()
            zoned = self.with_context(tz=company.partner_id.tz or "UTC")
            value = fields.Datetime.context_timestamp(zoned, value).date()
        return format_date(self.env, value) if value else ""

    def _format_client_amount(self, amount: float, currency: Any) -> str:
        return format_amount(self.env, amount, currency)

    # ---------------------------------------------------------------- link

    def _get_client_portal_url(self) -> str:
        """Return the address of this record for its client, without any secret."""
        self.ensure_one()
        return f"{self.get_base_url()}{PORTAL_PATH % (self._name, self.id)}"

    def _get_client_portal_link(self) -> Markup:
        return Markup('<a href="%s">%s</a>') % (
            self._get_client_portal_url(),
            self.env._("View online"),
        )
