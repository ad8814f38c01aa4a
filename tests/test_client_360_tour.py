from __future__ import annotations

from typing import Any

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .client_360_page_common import Client360PageCommon

INVOICES = 25


@tagged("post_install", "-at_install")
class TestClient360Tour(Client360PageCommon, HttpCase):
    """The page of a client in a real browser."""

    freeze_time = None

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.client = cls._create_client("AA Tour Workshop", customer_rank=1)
        cls._user(
            "tour",
            "client_hub.group_user,account.group_account_invoice,"
            "sales_team.group_sale_salesman_all_leads",
        )
        first = cls._bill(100.0, due=-3)
        cls._pay(first, 40.0)
        drafts = [
            cls._bill(100.0, due=9, post=False, ref=f"TOUR-{number}-")
            for number in range(INVOICES - 1)
        ]
        cls.env["account.move"].union(*drafts).action_post()
        cls._create_estimate(signed_by="Anne", signed_on=fields.Datetime.now())
        rejected = cls._create_estimate(client_rejected_on=fields.Datetime.now())
        rejected._action_cancel()

    @classmethod
    def _create_estimate(cls, **vals: Any) -> Any:
        line = Command.create({"product_id": cls.product_a.id})
        order = cls.env["sale.order"].create(
            {"partner_id": cls.client.id, "order_line": [line], **vals}
        )
        if order.signed_on:
            order.action_confirm()
        return order

    def test_staff_find_their_way_round_the_page(self) -> None:
        self.start_tour("/odoo/clients", "client_360_tour", login="tour")
