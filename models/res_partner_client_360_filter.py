from __future__ import annotations

from collections.abc import Set
from math import isfinite
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.client_360 import NAMES

EQUAL = ("=", "!=", "in", "not in")
ORDERED = ("<", ">", "<=", ">=")


class ResPartner(models.Model):
    """Finding clients by their figures and bands.

    A search finds clients only, never their contacts. ``filtered_domain`` compares
    what each record shows, and a contact shows the figures of its company.
    """

    _inherit = "res.partner"

    @api.model
    def _search(self, domain: Any, *args: Any, **kwargs: Any) -> Query:
        """EXTENDS base: refuse nonsense before core takes it for an empty value."""
        domain = Domain(domain)
        for condition in domain.iter_conditions():
            if condition.field_expr in NAMES:
                field = self._fields[condition.field_expr]
                self._check_field_access(field, "read")
                self._check_client_filter(field, condition.operator, condition.value)
        return super()._search(domain, *args, **kwargs)

    def _search_client_figure(self, name: str, operator: str, value: Any) -> Domain:
        """Search clients by a figure, or by its band.

        :raise AccessError: for users who may not read the figure; core does not check
            that for fields with a search method
        :raise UserError: for a value that is no amount, or no band
        """
        field = self._fields[name]
        self._check_field_access(field, "read")
        self._check_client_filter(field, operator, value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s = %s AND %s)",
                SQL.identifier(alias, "id"),
                SQL.identifier(alias, "commercial_partner_id"),
                field._condition_to_sql(name, operator, value, model, alias, query),
            )
        )

    def _check_client_filter(
        self, field: fields.Field, operator: str, value: Any
    ) -> None:
        is_list = operator in EQUAL and isinstance(value, (list, tuple, Set))
        for part in value if is_list else [value]:
            if not self._is_client_value(field, operator, part):
                raise UserError(
                    self.env._(
                        "%(figure)s cannot be compared by %(operator)s %(value)s. Use"
                        " an amount, or one of its bands.",
                        figure=field._description_string(self.env),
                        operator=operator,
                        value=str(value),
                    )
                )

    def _is_client_value(self, field: fields.Field, operator: str, value: Any) -> bool:
        if value is None or value is False:
            return operator in EQUAL
        if field.type == "selection":
            bands = field.get_values(self.env)
            return operator in EQUAL and isinstance(value, str) and value in bands
        is_amount = type(value) in (int, float) and isfinite(value)
        return operator in (*EQUAL, *ORDERED) and is_amount
