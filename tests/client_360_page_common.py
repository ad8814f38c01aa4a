"""Users and the form of a client, as the web client reads it."""

from __future__ import annotations

from typing import Any

from odoo.tests import new_test_user

from .client_360_common import Client360Common
from .common import ClientHubCommon

PAGE_FIELDS = {
    "client_total_invoiced",
    "client_total_paid",
    "client_outstanding",
    "client_overdue",
    "client_chart",
    "client_ageing",
    "client_verdict",
}


class Client360PageCommon(Client360Common):
    """The page of a client, opened by users with few rights."""

    page_fields = PAGE_FIELDS
    _as = ClientHubCommon._as

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.accountant = cls._user(
            "page_accountant",
            "account.group_account_invoice,base.group_partner_manager",
        )
        cls.hub_user = cls._user("page_hub", "client_hub.group_user")
        cls.salesman = cls._user("page_sales", "sales_team.group_sale_salesman")
        cls.plain_user = cls._user("page_plain", "base.group_user")

    @classmethod
    def _user(cls, login: str, groups: str, **vals: Any) -> Any:
        company = cls.env.company
        vals = {"company_id": company.id, "company_ids": company.ids, **vals}
        return new_test_user(cls.env, login=login, groups=groups, **vals)

    def _as_user(self, records: Any) -> Any:
        return self._as(self.accountant, records)

    @classmethod
    def _euro(cls) -> Any:
        return cls.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])

    @classmethod
    def _read_page(cls, client: Any) -> dict[str, Any]:
        """Return what the web client reads to show the form of a client."""
        views = client.get_views([(False, "form")])
        names = views["models"]["res.partner"]["fields"]
        arch = views["views"]["form"]["arch"]
        spec = {name: {} for name in names if f'name="{name}"' in arch}
        [values] = client.web_read(spec)
        return values
