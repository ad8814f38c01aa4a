"""Searching by fields that are computed, yet have an expression in SQL."""

from __future__ import annotations

from typing import Any

from odoo.fields import Domain
from odoo.models import BaseModel


def search_in_sql(model: BaseModel, name: str, operator: str, value: Any) -> Domain:
    """Return the domain of a field which ``_field_to_sql`` of its model knows.

    :raise AccessError: for users who may not read the field; core does not check that
        for fields with a search method
    """
    field = model._fields[name]
    model._check_field_access(field, "read")
    return Domain.custom(
        to_sql=lambda searched, alias, query: field._condition_to_sql(
            name, operator, value, searched, alias, query
        )
    )
